#include "storage/graph/edges.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <utility>

#include "storage/graph/edge_rows.hpp"
#include "storage/rocks/open.hpp"
#include "tests/storage/check_fixture.hpp"
#include "tests/storage/folder.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::storage::graph {
namespace {

using Ids = std::vector<std::uint64_t>;
using Edges = std::vector<Edge>;

// Enough to look through every edge of the store, from both ends.
struct EdgeStore : test::MemoryStore {
  void put(const Edges& edges, EdgeKind kind = EdgeKind::follows) {
    write([&](Writer& writer) { put_edges(writer, kind, edges); });
  }
  void end(Edge edge, std::int64_t now_ms) {
    write([&](Writer& writer) { end_edge(writer, EdgeKind::follows, edge, now_ms); });
  }
  bool has(Edge edge, EdgeKind kind = EdgeKind::follows) {
    return read([&](const Reader& reader) { return has_edge(reader, kind, edge); });
  }
  Ids neighbours(Direction direction, std::uint64_t node,
                 std::optional<std::uint64_t> after = std::nullopt, std::size_t most = 1'000'000,
                 EdgeKind kind = EdgeKind::follows) {
    return read([&](const Reader& reader) {
      Ids ids;
      const auto each = [&](std::uint64_t id) {
        ids.push_back(id);
        return ids.size() < most;
      };
      scan_neighbours(reader, kind, direction, node, after, each);
      return ids;
    });
  }
  Edges all(std::optional<Edge> after = std::nullopt, EdgeKind kind = EdgeKind::follows) {
    return read([&](const Reader& reader) {
      Edges edges;
      const auto each = [&](const Edge& edge) {
        edges.push_back(edge);
        return true;
      };
      scan_edges(reader, kind, after, each);
      return edges;
    });
  }
  std::map<Edge, std::int64_t> ended(std::uint64_t from) {
    return read([&](const Reader& reader) {
      std::map<Edge, std::int64_t> edges;
      const auto each = [&](const EndedEdge& one) {
        edges[one.edge] = one.ended_ms;
        return true;
      };
      scan_ended_edges(reader, from, each);
      return edges;
    });
  }
  std::size_t count(Direction direction, std::uint64_t node, std::uint64_t most) {
    return read([&](const Reader& reader) {
      return count_neighbours(reader, EdgeKind::follows, direction, node, most);
    });
  }
  // Pieces until nothing is left.
  int erase_all(std::uint64_t node, std::size_t most) {
    int pieces = 1;
    auto piece = [&](Writer& writer) { return erase_edges_of(writer, node, most); };
    while (!write(piece)) ++pieces;
    return pieces;
  }
  std::size_t rows(Table table) {
    return read([&](const Reader& reader) {
      std::size_t count = 0;
      reader.scan(table, {}, {}, [&](std::string_view, std::string_view) { return ++count > 0; });
      return count;
    });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(graph_edges, EdgeStore)

BOOST_AUTO_TEST_CASE(an_edge_is_seen_from_both_ends) {
  put({{5, 7}, {5, 6}, {9, 7}});
  BOOST_TEST(has({5, 7}));
  BOOST_TEST(!has({7, 5}));
  BOOST_TEST(neighbours(Direction::outgoing, 5) == (Ids{6, 7}));
  BOOST_TEST(neighbours(Direction::incoming, 7) == (Ids{5, 9}));
  BOOST_TEST(neighbours(Direction::incoming, 5).empty());
  BOOST_TEST((all() == Edges{{5, 6}, {5, 7}, {9, 7}}));
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(an_edge_that_comes_again_changes_nothing) {
  put({{5, 7}, {5, 7}});
  put({{5, 7}});
  BOOST_TEST((all() == Edges{{5, 7}}));
  BOOST_TEST(rows(Table::graph_edges) == 2U);
}

BOOST_AUTO_TEST_CASE(follows_and_stars_are_apart) {
  put({{5, 7}});
  put({{5, 8}}, EdgeKind::stars);
  BOOST_TEST(!has({5, 8}));
  BOOST_TEST(has({5, 8}, EdgeKind::stars));
  BOOST_TEST((all() == Edges{{5, 7}}));
  BOOST_TEST((all(std::nullopt, EdgeKind::stars) == Edges{{5, 8}}));
}

BOOST_AUTO_TEST_CASE(who_follows_themself_is_their_own_neighbour) {
  put({{5, 5}});
  BOOST_TEST(neighbours(Direction::outgoing, 5) == (Ids{5}));
  BOOST_TEST(neighbours(Direction::incoming, 5) == (Ids{5}));
  BOOST_TEST(erase_all(5, 10) == 1);
  BOOST_TEST(rows(Table::graph_edges) == 0U);
}

BOOST_AUTO_TEST_CASE(the_highest_number_fits_and_a_higher_one_is_refused) {
  put({{user_id_most, 1}, {1, user_id_most}, {user_id_most, user_id_most}});
  BOOST_TEST(neighbours(Direction::outgoing, user_id_most) == (Ids{1, user_id_most}));
  BOOST_TEST(neighbours(Direction::incoming, user_id_most) == (Ids{1, user_id_most}));
  BOOST_TEST(all().size() == 3U);
  BOOST_TEST(all(Edge{user_id_most, user_id_most}).empty());
  BOOST_CHECK_THROW(put({{user_id_most + 1, 1}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(an_ended_edge_is_gone_and_remembered) {
  put({{5, 7}, {5, 8}});
  end({5, 7}, 99);
  end({5, 9}, 99);  // never was
  BOOST_TEST(!has({5, 7}));
  BOOST_TEST(neighbours(Direction::incoming, 7).empty());
  BOOST_TEST((ended(5) == std::map<Edge, std::int64_t>{{{5, 7}, 99}}));
  end({5, 7}, 100);  // ended already
  BOOST_TEST(ended(5).at({5, 7}) == 99);
  put({{5, 7}});
  BOOST_TEST(has({5, 7}));
  BOOST_TEST(ended(5).size() == 1U);
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(neighbours_come_in_pages) {
  Edges edges;
  for (std::uint64_t to = 1; to <= 100; ++to) edges.push_back({5, to * 3});
  put(edges);
  Ids paged;
  std::optional<std::uint64_t> after;
  for (int page = 0; page < 4; ++page) {
    const Ids ids = neighbours(Direction::outgoing, 5, after, 30);
    BOOST_TEST(ids.size() == (page < 3 ? 30U : 10U));
    paged.insert(paged.end(), ids.begin(), ids.end());
    after = ids.back();
  }
  BOOST_TEST(paged == neighbours(Direction::outgoing, 5));
  // A place at which there is no neighbour is as good.
  BOOST_TEST(neighbours(Direction::outgoing, 5, 4, 2) == (Ids{6, 9}));
}

BOOST_AUTO_TEST_CASE(old_tombstones_go_page_by_page) {
  Edges edges;
  for (std::uint64_t from = 1; from <= 10; ++from) edges.push_back({from, 50});
  put(edges);
  for (const Edge& edge : edges) end(edge, edge.from % 2 == 0 ? 10 : 20);
  std::optional<EndedEdge> after;
  int pages = 0;
  do {
    after = write([&](Writer& writer) { return erase_ended_edges(writer, 20, after, 4); });
    ++pages;
  } while (after);
  BOOST_TEST(pages == 3);
  BOOST_TEST(rows(Table::graph_ended_edges) == 10U);
  BOOST_TEST(ended(2).empty());
  BOOST_TEST(ended(3).size() == 1U);
}

BOOST_AUTO_TEST_CASE(everything_of_an_account_goes_in_pieces) {
  put({{5, 7}, {5, 8}, {7, 5}, {9, 5}, {7, 8}, {5, 9}});
  put({{5, 77}, {6, 5}}, EdgeKind::stars);  // 5 is a repository in the latter
  end({5, 8}, 99);
  end({9, 5}, 99);
  BOOST_TEST(erase_all(5, 2) == 4);
  BOOST_TEST((all() == Edges{{7, 8}}));
  BOOST_TEST((all(std::nullopt, EdgeKind::stars) == Edges{{6, 5}}));
  BOOST_TEST(rows(Table::graph_ended_edges) == 0U);
  BOOST_TEST(rows(Table::graph_edges) == 4U);
  BOOST_TEST(write([](Writer& writer) { return erase_stars_of(writer, 5, 10); }));
  BOOST_TEST(rows(Table::graph_edges) == 2U);
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(a_celebrity_has_a_hundred_thousand_followers) {
  constexpr std::uint64_t followers = 100'000, celebrity = 3;
  Edges edges;
  for (std::uint64_t from = 1; from <= followers; ++from)
    edges.push_back({from * 1'000, celebrity});
  put(edges);
  BOOST_TEST(count(Direction::incoming, celebrity, 1'000'000) == followers);
  BOOST_TEST(count(Direction::incoming, celebrity, 101) == 101U);
  BOOST_TEST(count(Direction::incoming, celebrity, 0) == 0U);
  BOOST_TEST(neighbours(Direction::incoming, celebrity, 99'998'000, 30) ==
             (Ids{99'999'000, 100'000'000}));
  put({{1'000, 4}});
  BOOST_TEST(erase_all(celebrity, 30'000) == 4);
  BOOST_TEST((all() == Edges{{1'000, 4}}));
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(random_changes_agree_with_a_set) {
  test::Dice dice(tidemark::test::test_seed());
  std::set<Edge> model;
  std::map<Edge, std::int64_t> tombstones;
  const auto any = [&] { return Edge{dice.below(12) + 1, dice.below(12) + 1}; };
  for (int step = 1; step <= 400; ++step) {
    const std::uint64_t what = dice.below(20);
    if (what < 10) {
      Edges edges;
      for (std::uint64_t left = dice.below(8); left > 0; --left) edges.push_back(any());
      put(edges);
      model.insert(edges.begin(), edges.end());
    } else if (what < 19) {
      const Edge edge = any();
      end(edge, step);
      if (model.erase(edge) > 0) tombstones[edge] = step;
    } else {
      const std::uint64_t node = dice.below(12) + 1;
      erase_all(node, 1 + dice.below(5));
      const auto touches = [&](const Edge& edge) { return edge.from == node || edge.to == node; };
      std::erase_if(model, touches);
      std::erase_if(tombstones, [&](const auto& one) { return touches(one.first); });
    }
    BOOST_REQUIRE((all() == Edges(model.begin(), model.end())));
    const Edge place = any();
    BOOST_REQUIRE((all(place) == Edges(model.upper_bound(place), model.end())));
    BOOST_REQUIRE_EQUAL(has(place), model.contains(place));
    Ids incoming;
    for (const Edge& edge : model) {
      if (edge.to == place.to) incoming.push_back(edge.from);
    }
    BOOST_REQUIRE(neighbours(Direction::incoming, place.to) == incoming);
    std::size_t known = 0;
    for (std::uint64_t from = 1; from <= 12; ++from) {
      for (const auto& [edge, ended_ms] : ended(from)) {
        BOOST_REQUIRE_EQUAL(tombstones.at(edge), ended_ms);
        ++known;
      }
    }
    BOOST_REQUIRE_EQUAL(known, tombstones.size());
    BOOST_REQUIRE_EQUAL(first_problem(), "");
  }
}

// Little memory, so that batches end lists and tables; several lives, so that the log is read too.
BOOST_AUTO_TEST_CASE(edges_in_many_lists_and_tables_agree_with_a_set_after_every_start) {
  test::Dice dice(tidemark::test::test_seed());
  const test::Folder folder;
  RocksOptions options;
  options.write_buffer_bytes = 256 * 1024;
  std::set<Edge> model;
  for (int life = 0; life < 4; ++life) {
    const auto engine = open_rocks(folder.store(), options);
    for (int batch = 0; batch < 30; ++batch) {
      Edges edges;
      while (edges.size() < 400) edges.push_back({1 + dice.below(500), 1 + dice.below(500)});
      const Edge gone = dice.pick(edges);
      engine->write([&](Writer& writer) { put_edges(writer, EdgeKind::follows, edges); });
      engine->write([&](Writer& writer) { end_edge(writer, EdgeKind::follows, gone, batch); });
      model.insert(edges.begin(), edges.end());
      model.erase(gone);
    }
    engine->read([&model](const Reader& reader) {
      BOOST_TEST(check_store(reader).problems.empty());
      std::set<Edge> from_both_ends;
      for (std::uint64_t node = 1; node <= 500; ++node) {
        for (const auto direction : {Direction::outgoing, Direction::incoming}) {
          std::uint64_t last = 0;
          const auto each = [&](std::uint64_t other) {
            BOOST_REQUIRE_LT(std::exchange(last, other), other);
            from_both_ends.insert(EdgeRow{EdgeKind::follows, direction, node, other}.edge());
            return true;
          };
          scan_neighbours(reader, EdgeKind::follows, direction, node, std::nullopt, each);
        }
      }
      BOOST_TEST((from_both_ends == model));
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(checked_edges, test::CheckFixture)

BOOST_AUTO_TEST_CASE(an_edge_known_at_one_end_only_is_found) {
  std::size_t tried = 0;
  for (const auto table : {Table::graph_edges, Table::graph_ended_edges}) {
    const auto all = rows(table);
    for (const auto& row : all) {
      erase(row);
      const auto mirror = edge_key(decode_edge_key(table, row.key).mirrored());
      BOOST_TEST(finds(readable(table, mirror),
                       "its other end " + readable(table, row.key) + " is missing"));
      put(row);
      ++tried;
    }
  }
  BOOST_TEST(tried >= 4U);
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(an_edge_with_a_value_is_found) {
  const auto row = rows(Table::graph_edges).at(0);
  put({row.table, row.key, "\1"});
  BOOST_TEST(finds(readable(row.table, row.key), "an edge has no value"));
}

BOOST_AUTO_TEST_CASE(an_edge_of_an_unknown_kind_is_found) {
  auto row = rows(Table::graph_edges).at(0);
  row.key[0] = 9;
  put(row);
  BOOST_TEST(finds("graph_edges[9, ", "the number 9"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage::graph
