#pragma once

#include <string>
#include <string_view>

#include "daemon/pages/templates.hpp"
#include "daemon/pages/views.hpp"

namespace tidemark::daemon::pages {

struct Sheet {
  std::string_view title;
  std::string_view name;  // "landing", "member", …: marks where one is in the navigation
  Html body;
  bool has_script = false;
  bool refreshes = false;  // by itself every 10 s where there is no script
};
// A whole document: head, navigation, flash, body, foot.
[[nodiscard]] std::string in_layout(const Frame& frame, Sheet sheet);

// Of who runs this, as far as it can be a link: {{contact}} and {{contact_url}}.
void add_contact(Values& values, const Frame& frame);
// Empty unless it is an http(s) address: nothing else may become a link.
[[nodiscard]] std::string_view web_address(std::string_view text);

}  // namespace tidemark::daemon::pages
