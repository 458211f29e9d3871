#pragma once

#include <optional>
#include <string>

namespace tidemark::daemon {

// What a file's name means in the end.
struct LinkTarget {
  std::string name;               // no link, whether or not something is there
  std::optional<int> descriptor;  // it is an open file of this process, as /dev/stdout is
};
// Nothing: the links lead in a circle.
[[nodiscard]] std::optional<LinkTarget> behind_links(const std::string& name);

}  // namespace tidemark::daemon
