#pragma once

#include <vector>

#include "daemon/pages/templates.hpp"
#include "daemon/pages/views.hpp"

namespace tidemark::daemon::pages {

// The rows of the calendar: years with their weeks. Made without a template, for there may be a
// thousand cells every two seconds; only numbers and words of ours get into it.
[[nodiscard]] Html heat_map_rows(const MemberView& view);

// The weeks that GitHub did not give in full, newest first, at most `most`: {{week}}, {{reason}}.
[[nodiscard]] std::vector<Values> incomplete_weeks(const MemberView& view, std::size_t most);

}  // namespace tidemark::daemon::pages
