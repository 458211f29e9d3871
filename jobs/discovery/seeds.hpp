#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"
#include "storage/jobs.hpp"

namespace tidemark::jobs::discovery {

// GitHub's rules: 1 to 39 of A-Z, a-z, 0-9 and hyphens inside; accounts that an enterprise manages
// end in "_" and its short name.
[[nodiscard]] bool is_login(std::string_view text);

struct SeedOptions {
  std::uint32_t depth_most = 0;  // steps from this seed; 0: as the settings say
  bool again = true;             // one that is known already is looked up and read once more
};
struct NamedSeeds {
  std::vector<std::string> named;   // now to be looked up
  std::vector<std::string> known;   // seeds already, left alone
  std::vector<std::string> denied;  // on the deny-list: not taken
  storage::Enqueued crawl;          // when some were named; a person waits for it
};
// Logins must have passed is_login. The crawl finds out who they are and reads them first
// (storage/graph/frontier.hpp, rank_asked).
NamedSeeds name_seeds(storage::Writer& writer, std::span<const std::string> logins,
                      const SeedOptions& options, std::int64_t now_ms);
NamedSeeds name_seed(storage::Writer& writer, std::string_view login, std::int64_t now_ms,
                     const SeedOptions& options = {});
// A crawl that waits, and not for quota, is tried now: what it waits for may be mended.
void end_wait(storage::Writer& writer, std::int64_t now_ms);
// The crawl as a person asks for it; joins the one that there is, and ends such a wait.
storage::Enqueued start_crawl(storage::Writer& writer, std::int64_t now_ms);

// What a file names: one login a line, "#" begins a comment; or CSV whose first line has a column
// `login` or `name`. A login that is there twice counts once.
struct SeedFile {
  std::vector<std::string> logins;
  std::vector<std::string> problems;  // "line 7: …"; at most ten
};
inline constexpr std::size_t seed_file_bytes_most = 64 * 1024 * 1024;
inline constexpr std::size_t seeds_most = 1'000'000;
[[nodiscard]] SeedFile read_seeds(std::string_view text);

}  // namespace tidemark::jobs::discovery
