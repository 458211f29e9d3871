#pragma once

#include <string_view>

namespace tidemark::daemon::pages {

// What a redirect tells the next page, in words.
struct Flash {
  std::string_view name;
  bool good = true;
  std::string_view sentence;
};
// Null for a name that is not ours.
[[nodiscard]] const Flash* find_flash(std::string_view name);

}  // namespace tidemark::daemon::pages
