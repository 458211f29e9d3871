#pragma once

#include <cstddef>
#include <cstdint>

#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// A shorter way to an account shortens the ways to all behind it. Whoever was read has neighbours:
// they are looked at one after the other, in the order of a durable worklist, and not all at once.

// Of somebody known: the shorter way, the place, and a note for those behind. Changes `user`, and
// stores nothing of it.
void shorten(storage::Writer& writer, const Taking& taking, storage::graph::User& user,
             std::uint32_t depth);
// Goes on with the worklist, through about `most` neighbours. True: nothing is left to do.
bool lower_depths(storage::Writer& writer, Taking& taking, std::size_t most);
// Whoever is forgotten stands in no worklist.
void leave_out_depths(storage::Writer& writer, UserId id);
// Where an account that was never read stands in the frontier; nothing: it is not to be read.
[[nodiscard]] std::optional<storage::graph::Place> first_place(const storage::graph::User& user,
                                                               const Taking& taking);

}  // namespace tidemark::jobs::discovery
