#pragma once

#include <string>
#include <vector>

#include "daemon/cli/command_line.hpp"

namespace tidemark::daemon {

// The logins that a command was given, as words and in a file. Throws CommandFailed (wrong
// arguments) when there are none, the file cannot be read, or something in it is no login.
[[nodiscard]] std::vector<std::string> given_logins(const CommandLine& line);

}  // namespace tidemark::daemon
