#pragma once

#include <string>
#include <string_view>

#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// GitHub answered, by name, with the account that a seed names: alive, whatever was known of it,
// and read next. The account's number, or 0 with the reason in the seed's row; 0 also when the seed
// was taken back meanwhile, or leads to somebody who is not to be known: then it goes, and the name
// is denied as well.
UserId resolve_seed(storage::Writer& writer, Taking& taking, const std::string& login,
                    const Entry& account);
// Why a seed cannot be crawled. It is looked up again with those of `look_again_at_seeds`, or when
// somebody names it again.
void note_seed_problem(storage::Writer& writer, const std::string& login, std::string problem);
inline constexpr std::string_view unknown_seed = "GitHub knows no such account";
[[nodiscard]] std::string untold_seed(std::string_view words);

inline constexpr std::int64_t seeds_again_ms = 86'400'000;
// Once a day seeds with a problem are looked up again, at most `most`: who was hidden, renamed or
// without room may be there now. If there are more, each day others, until all had their turn.
struct SeedsLooked {
  std::int64_t at_ms = 0;                 // 0: never yet
  std::uint64_t problems = 0, again = 0;  // seeds with a problem then; looked up again
};
[[nodiscard]] SeedsLooked seeds_looked(const storage::Reader& reader);
[[nodiscard]] bool may_look_again_at_seeds(const storage::Reader& reader, std::int64_t now_ms);
void look_again_at_seeds(storage::Writer& writer, std::int64_t now_ms, std::size_t most);

}  // namespace tidemark::jobs::discovery
