#include "tests/simulators/graph/expected.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace tidemark::simulators {

namespace {

constexpr std::uint32_t unreached = std::numeric_limits<std::uint32_t>::max();

bool shown(const Account& account, const ExpectedQuestion& question) {
  return account.visible() && (account.person() || question.organizations);
}

// Steps from the nearest seed; `unreached` where none leads.
std::vector<std::uint32_t> depths(const World& world, const ExpectedQuestion& question) {
  const auto& accounts = world.accounts();
  std::vector<std::uint32_t> depth(accounts.size(), unreached);
  std::vector<std::uint32_t> now;
  for (const std::string& each : question.seeds) {
    const Account* seed = world.find_login(each);
    if (seed == nullptr) throw WorldError("no account \"" + each + "\" in this world");
    if (depth[seed->index] == 0) continue;
    depth[seed->index] = 0;
    now.push_back(seed->index);
  }
  if (question.seeds.empty()) {
    for (const Account& each : accounts) {
      if (each.generated && shown(each, question)) depth[each.index] = 0;
    }
  }
  for (std::uint32_t steps = 0; !now.empty() && steps <= question.depth; ++steps) {
    std::vector<std::uint32_t> next;
    auto reach = [&](std::span<const std::uint32_t> neighbours) {
      for (std::uint32_t each : neighbours) {
        if (depth[each] != unreached || !shown(accounts[each], question)) continue;
        depth[each] = steps + 1;
        next.push_back(each);
      }
    };
    for (std::uint32_t each : now) {
      if (!accounts[each].person()) continue;  // these follow nobody, and nobody asks who follows
      if (question.followers) reach(world.graph().followers(each));
      if (question.following) reach(world.graph().following(each));
    }
    now = std::move(next);
  }
  return depth;
}

std::uint64_t pages_after_first(std::uint64_t entries) {
  return entries == 0 ? 0 : (entries - 1) / 100;
}

template <class Pairs>
std::string lines(const Pairs& pairs) {
  std::string text;
  for (const auto& [one, other] : pairs) {
    fmt::format_to(std::back_inserter(text), "{},{}\n", one, other);
  }
  return text;
}

using Pairs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

Pairs by_number(const World& world, const std::vector<Follow>& follows) {
  Pairs pairs;
  pairs.reserve(follows.size());
  for (const Follow& each : follows) {
    pairs.emplace_back(world.accounts()[each.from].database_id,
                       world.accounts()[each.to].database_id);
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

struct Owned {
  Pairs repositories, stars;
  std::uint64_t further_pages = 0;
};

Owned owned(const World& world, const ExpectedGraph& graph) {
  Owned all;
  for (const ExpectedGraph::User& each : graph.users) {
    if (!each.read) continue;
    std::uint64_t user = each.account->database_id;
    std::vector<std::uint64_t> own = world.public_repositories(*each.account);
    for (std::uint64_t id : own) all.repositories.emplace_back(user, id);
    all.further_pages += pages_after_first(own.size());
    for (std::uint64_t id : world.starred_by(*each.account)) all.stars.emplace_back(user, id);
  }
  std::sort(all.repositories.begin(), all.repositories.end());
  std::sort(all.stars.begin(), all.stars.end());
  return all;
}

}  // namespace

ExpectedGraph expected_graph(const World& world, const ExpectedQuestion& question) {
  std::vector<std::uint32_t> depth = depths(world, question);
  ExpectedGraph found;
  auto read = [&](std::uint32_t index) {
    return depth[index] != unreached && depth[index] <= question.depth;
  };
  for (const Account& each : world.accounts()) {
    if (depth[each.index] == unreached) continue;
    found.users.push_back({&each, depth[each.index], read(each.index)});
    for (std::uint32_t other : world.graph().following(each.index)) {
      if (depth[other] == unreached || !shown(world.accounts()[other], question)) continue;
      bool told = (read(each.index) && question.following) ||
                  (read(other) && question.followers && world.accounts()[other].person());
      if (told) found.follows.push_back({each.index, other});
    }
  }
  std::sort(found.users.begin(), found.users.end(), [](const auto& left, const auto& right) {
    return left.account->database_id < right.account->database_id;
  });
  return found;
}

boost::json::object summary_of(const World& world, const ExpectedGraph& graph) {
  std::string users;
  std::uint64_t read = 0, further = 0;
  for (const ExpectedGraph::User& each : graph.users) {
    fmt::format_to(std::back_inserter(users), "{}\n", each.account->database_id);
    if (!each.read) continue;
    ++read;
    further += pages_after_first(world.graph().followers(each.account->index).size());
    further += pages_after_first(world.graph().following(each.account->index).size());
  }
  Owned of_them = owned(world, graph);
  further += of_them.further_pages;
  return {{"users", graph.users.size()},
          {"users_read", read},
          {"follows", graph.follows.size()},
          {"repositories", of_them.repositories.size()},
          {"stars", of_them.stars.size()},
          {"further_pages", further},
          {"ideal_points", (read + 39) / 40 + (further + 99) / 100},
          {"users_digest", hex_digest("SHA256", users)},
          {"follows_digest", hex_digest("SHA256", lines(by_number(world, graph.follows)))},
          {"repositories_digest", hex_digest("SHA256", lines(of_them.repositories))},
          {"stars_digest", hex_digest("SHA256", lines(of_them.stars))}};
}

std::string lines_of(const World& world, const ExpectedGraph& graph) {
  std::string text;
  auto out = std::back_inserter(text);
  for (const ExpectedGraph::User& each : graph.users) {
    fmt::format_to(out,
                   R"({{"user":{},"login":"{}","depth":{},"read":{}}})"
                   "\n",
                   each.account->database_id, each.account->login, each.depth, each.read);
  }
  for (const auto& [from, to] : by_number(world, graph.follows)) {
    fmt::format_to(out, "{{\"from\":{},\"to\":{}}}\n", from, to);
  }
  Owned of_them = owned(world, graph);
  for (const auto& [owner, repository] : of_them.repositories) {
    fmt::format_to(out, "{{\"owner\":{},\"repository\":{}}}\n", owner, repository);
  }
  for (const auto& [user, repository] : of_them.stars) {
    fmt::format_to(out, "{{\"user\":{},\"starred\":{}}}\n", user, repository);
  }
  return text;
}

}  // namespace tidemark::simulators
