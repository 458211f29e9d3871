#include <fmt/format.h>

#include <algorithm>

#include "tests/simulators/numbers.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

namespace {

struct Active {
  std::string login;
  std::vector<std::string> repositories;
  std::int64_t first_s = 0, last_s = 0;
  std::size_t commits = 0;
};

void add_items(World& world, Numbers& numbers, const Active& active, ItemKind kind,
               std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t span_s = std::max<std::int64_t>(active.last_s - active.first_s, 1);
    std::int64_t at_s = active.first_s + static_cast<std::int64_t>(
                                             numbers.below(static_cast<std::uint64_t>(span_s)));
    const std::string& where = active.repositories[numbers.below(active.repositories.size())];
    Item& item = world.add_item(kind, where, active.login, at_s, fmt::format("extra {}", i));
    if (kind == ItemKind::review) continue;
    if (numbers.below(3) == 0) item.state = "CLOSED";
    if (kind == ItemKind::pull_request && numbers.below(2) == 0) {
      item.state = "MERGED";
      item.merged_s = at_s + static_cast<std::int64_t>(numbers.below(1'000'000));
    }
  }
}

}  // namespace

void World::add_extras(std::uint64_t seed) {
  Numbers numbers(seed);
  std::vector<Active> all;
  for (const Account& each : accounts_) {
    Active active;
    active.login = each.login;
    for (const AuthoredIn& in : authored_by(each)) {
      active.repositories.push_back(in.repository->full_name());
      for (std::size_t position : in.positions) {
        std::int64_t at_s = in.repository->commits[position].authored_s;
        active.first_s = active.commits == 0 ? at_s : std::min(active.first_s, at_s);
        active.last_s = std::max(active.last_s, at_s);
        ++active.commits;
      }
    }
    if (active.commits > 0) all.push_back(std::move(active));
  }
  for (const Active& active : all) {
    add_items(*this, numbers, active, ItemKind::issue, active.commits / 20);
    add_items(*this, numbers, active, ItemKind::pull_request, active.commits / 15);
    add_items(*this, numbers, active, ItemKind::review, active.commits / 10);
    for (std::size_t i = 0; i <= active.commits / 500; ++i) {
      Repository& made = repository(fmt::format("{}/own-{}", active.login, i));
      std::int64_t span_s = std::max<std::int64_t>(active.last_s - active.first_s, 1);
      made.created_s = active.first_s +
                       static_cast<std::int64_t>(numbers.below(static_cast<std::uint64_t>(span_s)));
    }
  }
}

}  // namespace tidemark::simulators
