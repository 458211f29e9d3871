#include "jobs/discovery/resolve_seed.hpp"

#include <algorithm>
#include <charconv>

#include "jobs/discovery/crawl.hpp"
#include "storage/cursors.hpp"
#include "storage/graph/frontier.hpp"

namespace tidemark::jobs::discovery {

namespace graph = storage::graph;

namespace {

// A cursor that is one number: when seeds with a problem were last looked up again.
constexpr std::string_view looked_name = "seeds_looked";
constexpr std::size_t seeds_at_once = 1'000;

std::int64_t last_look_ms(const storage::Reader& reader) {
  const auto text = storage::find_cursor(reader, cursor_owner, looked_name);
  std::int64_t looked_ms = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), looked_ms);
  return looked_ms;
}

}  // namespace

UserId resolve_seed(storage::Writer& writer, Taking& taking, const std::string& login,
                    const Entry& account) {
  auto seed = graph::find_seed(writer, login);
  if (!seed) return 0;
  // A seed with a limit of its own stands as deep as leaves just that many steps.
  const std::uint32_t most = taking.settings.depth_most;
  const std::uint32_t own = seed->depth_most == 0 ? most : std::min(most, seed->depth_most);
  const bool taken = take_entry(writer, taking, account, most - own);
  auto user = taken ? graph::find_user(writer, account.id) : std::nullopt;
  if (!user) {
    const bool denied = taking.denied.denies(account.id, account.login);
    seed->problem = denied ? "the account is not to be known: allow it first (tidemark graph allow)"
                           : "no more accounts are taken in (discovery.users_max)";
    put_seed(writer, *seed);
    return 0;
  }
  if (user->presence == graph::Presence::gone) user->fruitless = 0;
  user->presence = graph::Presence::here;
  user->gone_ms = 0;
  user->place = graph::Place{graph::rank_asked, user->depth, taking.now_ms};
  put_user(writer, *user);
  seed->id = account.id;
  seed->problem.clear();
  put_seed(writer, *seed);
  return account.id;
}

void note_seed_problem(storage::Writer& writer, const std::string& login, std::string problem) {
  auto seed = graph::find_seed(writer, login);
  if (!seed) return;  // taken back meanwhile
  seed->problem = std::move(problem);
  put_seed(writer, *seed);
}

std::string untold_seed(std::string_view words) {
  std::string text = "GitHub does not tell";
  if (!words.empty()) text.append(": ").append(words);
  return text;
}

bool may_look_again_at_seeds(const storage::Reader& reader, std::int64_t now_ms) {
  return now_ms - last_look_ms(reader) >= seeds_again_ms;
}

void look_again_at_seeds(storage::Writer& writer, std::int64_t now_ms, std::size_t most) {
  storage::put_cursor(writer, cursor_owner, looked_name, std::to_string(now_ms));
  std::string after;
  std::size_t again = 0;
  while (true) {
    const auto seeds = graph::list_seeds(writer, after, seeds_at_once);
    for (graph::Seed seed : seeds) {
      if (seed.id != 0 || seed.problem.empty()) continue;
      seed.problem.clear();
      put_seed(writer, seed);
      if (++again == most) return;
    }
    if (seeds.size() < seeds_at_once) return;
    after = seeds.back().login;
  }
}

}  // namespace tidemark::jobs::discovery
