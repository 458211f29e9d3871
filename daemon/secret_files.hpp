#pragma once

#include <string>

#include "daemon/settings.hpp"

namespace tidemark::daemon {

// The first line of the file that openhumans.client_secret_file names; empty without one. Throws
// std::runtime_error: file, what is wrong, remedy.
[[nodiscard]] std::string read_client_secret(const std::string& file);

// Before anything is made: throws SettingsError, with the place of each setting, when the client
// secret or a key file that is there cannot be used. A person must correct that; a restart would
// not.
void check_secret_files(const LoadedSettings& loaded);

}  // namespace tidemark::daemon
