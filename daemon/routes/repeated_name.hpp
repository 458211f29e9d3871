#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidemark::daemon {

// The first name that the object in this valid JSON text has twice. Boost.JSON keeps the last value
// of such a name and says nothing.
[[nodiscard]] std::optional<std::string> repeated_name(std::string_view object_text);

}  // namespace tidemark::daemon
