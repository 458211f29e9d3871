#pragma once

#include "jobs/sync/harvest.hpp"
#include "jobs/sync/state.hpp"
#include "jobs/sync/windows.hpp"

namespace tidemark::jobs::sync {

// Each stores what the answer to one part brought and gives the parts that follow from it.
void take_calendar(storage::Writer& writer, State& state, const Part& part,
                   const Calendar& calendar);
[[nodiscard]] std::vector<Part> take_window(storage::Writer& writer, State& state, const Part& part,
                                            const Window& window);
[[nodiscard]] std::vector<Part> take_window_page(storage::Writer& writer, State& state,
                                                 const Part& part, const ConnectionPage& page);

// The cause under which the weeks of a window wait.
[[nodiscard]] std::string window_cause(std::int32_t window);

// What a window no longer lists is gone at GitHub too: once every page of the part's weeks is here,
// and none was given up.
void drop_unlisted(storage::Writer& writer, State& state, const Part& part);

// Without its calendar every window of the year has to be asked.
void give_up_calendar(State& state, const Part& part, const std::string& reason);

}  // namespace tidemark::jobs::sync
