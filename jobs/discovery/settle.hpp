#pragma once

#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// After each piece of a reading: an account of which pages are missing leaves the frontier (its
// ListReading goes on), one of which everything was asked gets its next due time, and one of which
// a list was not answered yet stays where it is. Changes `user`, and stores nothing.
void settle(const storage::Reader& reader, const Taking& taking, storage::graph::User& user);

// The reading of a list that ended or broke off leaves nothing behind.
void erase_traces(storage::Writer& writer, UserId user, List list);

// What there is of this list is all that can be had for now. Says nothing of whether GitHub gives
// such lists at all.
void cut_list(storage::Writer& writer, const Taking& taking, storage::graph::User& user, List list);

}  // namespace tidemark::jobs::discovery
