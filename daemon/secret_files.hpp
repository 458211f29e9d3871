#pragma once

#include <cstdint>
#include <string>

#include "daemon/settings.hpp"

namespace tidemark::daemon {

// The first line of the file that the setting of that name with "_file" names; empty without one.
// Throw std::runtime_error: file, what is wrong, remedy.
[[nodiscard]] std::string openhumans_client_secret(const Settings& settings);
[[nodiscard]] std::string openhumans_webhook_secret(const Settings& settings);
[[nodiscard]] std::string github_client_secret(const Settings& settings);
// The operator's own token, for the crawl; the file may be open to nobody else.
[[nodiscard]] std::string github_token(const std::string& file);

// Tells whether a file was written or replaced since; zeros when it is not there.
struct FileStamp {
  std::int64_t written_ns = 0;
  std::uint64_t bytes = 0, inode = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
[[nodiscard]] FileStamp stamp_of(const std::string& file);

// Before anything is made: throws SettingsError, with the place of each setting, when a
// secret, a key file that is there, or the certificate of the pages cannot be used. A person must
// correct that; a restart would not.
void check_secret_files(const LoadedSettings& loaded);

}  // namespace tidemark::daemon
