#pragma once

#include <cstddef>

#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// A list is called complete, and the other ends have shown more of it than GitHub counted in it: it
// came short without a word, or grew since. Nobody can tell which, so it is `cut`, once for each
// reading, and nothing is ended. What lacks no more than may have come since is read again when it
// would have been anyway: a living network costs nothing by this.

// A walk through accounts in order of their numbers, round and round, a part of it at each end of a
// crawl.
struct Sweep {
  UserId after = 0;                   // kept in the cursor
  std::optional<UserId> began_after;  // of this crawl
  bool wrapped = false;               // it went on with the first number
  std::size_t looked = 0;             // accounts, of this crawl
};
// Looks at the next `most` accounts. True: all have been looked at.
bool doubt_short_lists(storage::Writer& writer, const Taking& taking, Sweep& sweep,
                       std::size_t most);

// How many more the store knows of than the list is said to hold; beyond a multiple nobody counts.
[[nodiscard]] std::uint64_t held_beyond(const storage::Reader& reader,
                                        const storage::graph::User& user, List list);
// That list of that account is not complete: so many entries are missing, as far as we know.
// Changes `user`, and stores nothing of it.
void doubt_list(storage::Writer& writer, storage::graph::User& user, List list,
                std::uint64_t missing);

}  // namespace tidemark::jobs::discovery
