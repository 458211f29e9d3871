#pragma once

#include <string_view>

#include "storage/engine.hpp"

namespace tidemark::storage {

// Everything that was read at GitHub for a member goes: weeks, facts, repositories, windows and
// their counts. The member, tokens, cursors, files and jobs stay.
void erase_work(Writer& writer, std::string_view member);
// What the calendar said of the member's windows: all of them are to be asked again.
void erase_windows(Writer& writer, std::string_view member);

}  // namespace tidemark::storage
