#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// Which reading was looked at last.
using ReadingPlace = std::optional<std::pair<UserId, List>>;

// A reading of a list that is gone goes on when the list is back. Until then it does not hold its
// account back: whoever has no place for it gets one. `most` readings after `after`; true: that
// were all.
bool settle_readings_of_gone_lists(storage::Writer& writer, const Taking& taking,
                                   ReadingPlace& after, std::size_t most);

}  // namespace tidemark::jobs::discovery
