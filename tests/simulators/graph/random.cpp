#include <fmt/format.h>

#include "tests/simulators/graph/make.hpp"
#include "tests/simulators/numbers.hpp"

namespace tidemark::simulators {

namespace {

constexpr std::uint64_t accounts_most = 20'000'000;

}  // namespace

void make_graph(World& world, std::uint64_t seed, std::uint64_t accounts, std::uint64_t follows) {
  if (accounts == 0 || accounts > accounts_most || follows > accounts * (accounts - 1) / 4 ||
      follows + 1 < accounts) {
    throw WorldError(fmt::format(
        "a graph of {} accounts and {} follows: give 1 to 20,000,000 accounts, at least one follow "
        "less than accounts, and at most a quarter of all pairs",
        accounts, follows));
  }
  std::vector<std::uint32_t> places;
  for (std::uint64_t i = 0; places.size() < accounts; ++i) {
    std::string login = fmt::format("dev{:06}", i);
    if (world.find_login(login) != nullptr) continue;
    places.push_back(world.add_generated(login, world.next_id()).index);
  }
  Numbers numbers(seed);
  std::vector<Follow> all;
  all.reserve(follows + follows / 2);
  auto put = [&](std::uint64_t from, std::uint64_t to) {
    all.push_back({places[from], places[to]});
  };
  // Everybody but the first follows, or is followed by, somebody who was there before.
  for (std::uint64_t i = 1; i < accounts; ++i) {
    double u = numbers.unit();
    auto earlier = static_cast<std::uint64_t>(static_cast<double>(i) * u * u);
    if (numbers.below(4) == 0)
      put(earlier, i);
    else
      put(i, earlier);
  }
  auto size = static_cast<double>(accounts);
  const std::uint64_t wanted = world.graph().follows() + follows;
  do {  // doubles are taken once, so that some are missing
    std::uint64_t missing = wanted - world.graph().follows();
    while (all.size() < missing) {
      double u = numbers.unit(), v = numbers.unit();
      auto to = static_cast<std::uint64_t>(size * u * u * u);
      auto from = static_cast<std::uint64_t>(size * v * v);
      if (from == to) continue;
      put(from, to);
      if (numbers.below(5) == 0 && all.size() < missing) put(to, from);
    }
    world.graph().add(all);
    all.clear();
  } while (world.graph().follows() < wanted);
  world.seal_repositories();
}

}  // namespace tidemark::simulators
