#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace tidemark::daemon {

// A member's tokens from a file, or from standard input for "-"; asked for, unseen, when that is a
// terminal. Never from an argument. Throws CommandFailed; never repeats what it read.
[[nodiscard]] boost::json::object read_tokens(const std::string& file);

}  // namespace tidemark::daemon
