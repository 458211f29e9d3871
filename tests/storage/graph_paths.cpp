#include "storage/graph/neighbourhood.hpp"
#include "storage/graph/paths.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <map>
#include <set>

#include "tests/storage/memory_store.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::storage::graph {

namespace {

using Edges = std::vector<Edge>;

// The same questions, answered the plain way.
struct Plain {
  std::map<std::uint64_t, std::set<std::uint64_t>> follows, followed;

  explicit Plain(const Edges& edges) {
    for (const Edge& edge : edges) {
      follows[edge.from].insert(edge.to);
      followed[edge.to].insert(edge.from);
    }
  }
  std::map<std::uint64_t, std::uint32_t> distances(std::uint64_t from, bool both) {
    std::map<std::uint64_t, std::uint32_t> found{{from, 0}};
    std::deque<std::uint64_t> queue{from};
    for (; !queue.empty(); queue.pop_front()) {
      auto step = [&](std::uint64_t to) {
        if (found.emplace(to, found.at(queue.front()) + 1).second) queue.push_back(to);
      };
      for (const auto to : follows[queue.front()]) step(to);
      if (both) {
        for (const auto to : followed[queue.front()]) step(to);
      }
    }
    return found;
  }
};

struct World {
  Edges edges;
  test::MemoryStore store;

  World(std::uint64_t nodes, std::size_t count, test::Dice& dice) {
    for (std::size_t i = 0; i < count; ++i) {
      edges.push_back({dice.below(nodes) + 1, dice.below(nodes) + 1});
    }
    store.write([&](Writer& writer) { put_edges(writer, EdgeKind::follows, edges); });
  }
  explicit World(Edges of) : edges(std::move(of)) {
    store.write([&](Writer& writer) { put_edges(writer, EdgeKind::follows, edges); });
  }
  Path path(UserId from, UserId to, std::uint64_t edges_most = 1'000'000) {
    return store.read(
        [&](const Reader& reader) { return shortest_path(reader, from, to, edges_most); });
  }
};

constexpr std::uint64_t no_limit = 1'000'000;

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_paths)

BOOST_AUTO_TEST_CASE(paths_are_real_and_as_short_as_a_plain_search_finds) {
  test::Dice dice(tidemark::test::test_seed());
  for (int round = 0; round < 30; ++round) {
    World world(40, 30 + dice.below(120), dice);
    Plain plain(world.edges);
    for (int i = 0; i < 30; ++i) {
      const UserId from = dice.below(42) + 1, to = dice.below(42) + 1;
      const auto distances = plain.distances(from, false);
      const Path path = world.path(from, to);
      BOOST_TEST(!path.gave_up);
      BOOST_TEST(path.nodes.empty() == !distances.contains(to));
      if (path.nodes.empty()) continue;
      BOOST_TEST(path.nodes.front() == from);
      BOOST_TEST(path.nodes.back() == to);
      BOOST_TEST(path.nodes.size() == distances.at(to) + 1);
      for (std::size_t at = 1; at < path.nodes.size(); ++at) {
        BOOST_TEST(plain.follows[path.nodes[at - 1]].contains(path.nodes[at]));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_search_gives_up_after_so_many_edges_and_says_so) {
  Edges edges;
  for (std::uint64_t i = 10; i < 2'000; ++i) edges.push_back({1, i});
  for (std::uint64_t i = 10; i < 2'000; ++i) edges.push_back({i, i + 5'000});
  edges.push_back({6'999, 2});
  World world(edges);
  const Path given_up = world.path(2, 1, 10);  // ends at once: 2 follows nobody
  BOOST_TEST(given_up.nodes.empty());
  BOOST_TEST(!given_up.gave_up);
  const Path found = world.path(1, 2);
  BOOST_TEST((found.nodes == std::vector<UserId>{1, 1'999, 6'999, 2}));
  // From both ends: the crowd in the middle was not looked through.
  BOOST_TEST(found.looked_at < 2'000U);
  World star([] {
    Edges crowded;
    for (std::uint64_t i = 10; i < 500; ++i) crowded.insert(crowded.end(), {{1, i}, {i + 500, 2}});
    return crowded;
  }());
  const Path cut = star.path(1, 2, 100);
  BOOST_TEST(cut.gave_up);
  BOOST_TEST(cut.nodes.empty());
  BOOST_TEST(cut.looked_at == 100U);
}

BOOST_AUTO_TEST_CASE(lists_intersect_page_by_page_as_sets_do) {
  test::Dice dice(tidemark::test::test_seed());
  for (int round = 0; round < 20; ++round) {
    World world(2 + dice.below(60), 20 + dice.below(3'000), dice);
    Plain plain(world.edges);
    const std::uint64_t one = dice.below(5) + 1, other = dice.below(5) + 1;
    std::vector<std::uint64_t> expected, found;
    std::ranges::set_intersection(plain.follows[one], plain.followed[other],
                                  std::back_inserter(expected));
    std::optional<std::uint64_t> after;
    do {
      const auto page = world.store.read([&](const Reader& reader) {
        return intersect(reader, {one, Direction::outgoing}, {other, Direction::incoming}, after, 3,
                         no_limit);
      });
      BOOST_TEST(page.nodes.size() <= 3U);
      found.insert(found.end(), page.nodes.begin(), page.nodes.end());
      after = page.next;
    } while (after);
    BOOST_TEST(found == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_short_list_and_a_long_one_meet_in_a_few_looks) {
  Edges edges;
  for (std::uint64_t i = 1; i < 20'000; ++i) edges.push_back({1, i * 2});
  for (const std::uint64_t i : {100U, 101U, 20'000U, 30'000U, 30'001U}) edges.push_back({2, i});
  World world(edges);
  auto ask = [&](std::uint64_t edges_most, std::optional<std::uint64_t> after) {
    return world.store.read([&](const Reader& reader) {
      return intersect(reader, {1, Direction::outgoing}, {2, Direction::outgoing}, after, 100,
                       edges_most);
    });
  };
  const auto whole = ask(no_limit, std::nullopt);
  BOOST_TEST((whole.nodes == std::vector<std::uint64_t>{100, 20'000, 30'000}));
  BOOST_TEST(whole.looked_at < 4'000U);
  // With less work allowed it comes in pieces, and nothing is lost between them.
  std::vector<std::uint64_t> found;
  std::optional<std::uint64_t> after;
  int pieces = 0;
  do {
    const auto piece = ask(50, after);
    found.insert(found.end(), piece.nodes.begin(), piece.nodes.end());
    after = piece.next;
    ++pieces;
  } while (after && pieces < 100);
  BOOST_TEST(found == whole.nodes, boost::test_tools::per_element());
  BOOST_TEST(pieces > 1);
}

namespace {

NeighbourhoodAsk around_one(std::uint32_t depth, std::size_t most, std::uint64_t work_most) {
  NeighbourhoodAsk ask;
  ask.user = 1;
  ask.depth = depth;
  ask.most = most;
  ask.work_most = work_most;
  return ask;
}

// Page by page, as a client reads it.
std::vector<Neighbour> all_pages(World& world, NeighbourhoodAsk ask, std::size_t& pages) {
  std::vector<Neighbour> all;
  for (pages = 1;; ++pages) {
    const auto page =
        world.store.read([&](const Reader& reader) { return neighbourhood(reader, ask); });
    BOOST_TEST(!page.gave_up);
    all.insert(all.end(), page.neighbours.begin(), page.neighbours.end());
    if (!page.more) return all;
    BOOST_REQUIRE(page.neighbours.size() == ask.most);
    ask.after = all.back();
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(
    neighbourhoods_are_those_of_a_plain_search_nearest_first_on_pages_of_any_size) {
  test::Dice dice(tidemark::test::test_seed());
  for (int round = 0; round < 20; ++round) {
    World world(60, 90, dice);
    Plain plain(world.edges);
    for (const bool both : {false, true}) {
      std::vector<Neighbour> expected;
      for (const auto& [node, distance] : plain.distances(1, both)) {
        if (distance > 0 && distance <= 3) expected.push_back({node, distance});
      }
      std::ranges::sort(expected, {}, [](const Neighbour& neighbour) {
        return std::pair(neighbour.distance, neighbour.id);
      });
      for (const std::size_t most : {std::size_t{1}, std::size_t{7}, std::size_t{1'000}}) {
        auto ask = around_one(3, most, no_limit);
        ask.sides = both ? Sides::both : Sides::outgoing;
        std::size_t pages = 0;
        const bool same = all_pages(world, ask, pages) == expected;
        BOOST_TEST(same);
        BOOST_TEST(pages == std::max<std::size_t>(1, (expected.size() + most - 1) / most));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_celebritys_neighbours_are_paged_to_the_end_whatever_the_work_is_limited_to) {
  Edges edges;
  for (std::uint64_t i = 10; i < 1'000; ++i) edges.push_back({i, 1});
  World world(edges);
  std::size_t pages = 0;
  // A page looks at its own rows and no more.
  BOOST_TEST(all_pages(world, around_one(1, 100, 150), pages).size() == 990U);
  BOOST_TEST(pages == 10U);
}

BOOST_AUTO_TEST_CASE(a_neighbourhood_that_is_too_much_work_says_so) {
  Edges edges;
  for (std::uint64_t i = 10; i < 1'000; ++i) edges.push_back({1, i});
  World world(edges);
  const auto cut = world.store.read(
      [&](const Reader& reader) { return neighbourhood(reader, around_one(2, 1'000, 58)); });
  BOOST_TEST(cut.gave_up);
  BOOST_TEST(!cut.more);
  BOOST_TEST(cut.neighbours.size() == 50U);
  BOOST_TEST(cut.looked_at == 50U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage::graph
