#pragma once

#include <cstddef>

#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// A list that was gone since `gone_ms` is given again: whoever was read without it is to be read.
void note_list_back(storage::Writer& writer, List list, std::int64_t gone_ms);
// Walks through the accounts for that, at most `most` of them after `after`, which it moves on.
// True: that is done, or there is nothing to do. A walk that is broken off begins anew.
bool ask_for_lists_back(storage::Writer& writer, const Taking& taking, UserId& after,
                        std::size_t most);

}  // namespace tidemark::jobs::discovery
