#include "jobs/discovery/resolve_seed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <sstream>

#include "http/digest.hpp"
#include "jobs/discovery/crawl.hpp"
#include "jobs/discovery/deny.hpp"
#include "storage/cursors.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"

namespace tidemark::jobs::discovery {

namespace graph = storage::graph;

namespace {

// A cursor of numbers: when seeds with a problem were last looked up again, how many there were,
// and how many of them were.
constexpr std::string_view looked_name = "seeds_looked";
constexpr std::size_t seeds_at_once = 1'000;

void each_problem(const storage::Reader& reader,
                  const std::function<bool(const graph::Seed&)>& body) {
  std::string after;
  while (true) {
    const auto seeds = graph::list_seeds(reader, after, seeds_at_once);
    for (const graph::Seed& seed : seeds) {
      if (seed.id == 0 && !seed.problem.empty() && !body(seed)) return;
    }
    if (seeds.size() < seeds_at_once) return;
    after = seeds.back().login;
  }
}

// Which of `days` days is a seed's. The shares are others in each round, so that nobody is always
// one too many.
std::uint64_t day_of(const std::string& login, std::uint64_t round, std::uint64_t days) {
  const std::string digest =
      http::sha256_hex(std::to_string(round) + " " + graph::lower_case(login));
  std::uint64_t number = 0;
  std::from_chars(digest.data(), digest.data() + 15, number, 16);
  return number % days;
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
    if (taking.denied.denies(account.id, account.login)) {
      // Somebody whose number is denied has a new name: that may not stay here either.
      graph::User nobody;
      nobody.id = account.id;
      nobody.login = account.login;
      deny_and_forget(writer, nobody, taking.now_ms);
      graph::deny_user(writer, account.id, login, taking.now_ms);
      graph::erase_seed(writer, login);
      return 0;
    }
    seed->problem = "no more accounts are taken in (discovery.users_max)";
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

SeedsLooked seeds_looked(const storage::Reader& reader) {
  const auto text = storage::find_cursor(reader, cursor_owner, looked_name);
  SeedsLooked looked;
  if (text) std::istringstream(*text) >> looked.at_ms >> looked.problems >> looked.again;
  return looked;
}

bool may_look_again_at_seeds(const storage::Reader& reader, std::int64_t now_ms) {
  return now_ms - seeds_looked(reader).at_ms >= seeds_again_ms;
}

void look_again_at_seeds(storage::Writer& writer, std::int64_t now_ms, std::size_t most) {
  SeedsLooked looked{.at_ms = now_ms};
  each_problem(writer, [&](const graph::Seed&) { return ++looked.problems > 0; });
  const std::uint64_t days = most == 0 ? 0 : (looked.problems + most - 1) / most;
  const std::uint64_t today = static_cast<std::uint64_t>(now_ms / seeds_again_ms);
  std::vector<graph::Seed> again;
  const auto choose = [&](const graph::Seed& seed) {
    const bool its_turn = days <= 1 || day_of(seed.login, today / days, days) == today % days;
    if (its_turn) again.push_back(seed);
    return again.size() < most;
  };
  if (days > 0) each_problem(writer, choose);
  for (graph::Seed& seed : again) {
    seed.problem.clear();
    put_seed(writer, seed);
  }
  looked.again = again.size();
  storage::put_cursor(writer, cursor_owner, looked_name,
                      fmt::format("{} {} {}", looked.at_ms, looked.problems, looked.again));
}

}  // namespace tidemark::jobs::discovery
