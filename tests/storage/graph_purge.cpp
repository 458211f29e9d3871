#include <boost/test/unit_test.hpp>
#include <set>

#include "storage/check.hpp"
#include "storage/codec.hpp"
#include "storage/graph/edges.hpp"
#include "storage/purge.hpp"
#include "storage/rocks/open.hpp"
#include "tests/storage/folder.hpp"
#include "tests/storage/purge_whole.hpp"
#include "tests/support/traces.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint64_t person = 0x5a'5b5c'5d5e, others = 2'000, followings = 30;
const std::vector<std::string> nowhere;

// Tens of thousands of edges, and among them those of one person with a few others.
struct CrawledStore {
  CrawledStore() {
    open();
    for (std::uint64_t from = 1; from <= others; from += 50) {
      std::vector<Edge> edges;
      for (std::uint64_t left = 0; left < 50 * followings; ++left) {
        edges.push_back({from + left / followings, left * 7'919'317 % 3'000'000 + 1});
      }
      engine->write([&](Writer& writer) { put_edges(writer, EdgeKind::follows, edges); });
    }
    const std::vector<Edge> theirs = {{person, 1}, {person, 2}, {3, person}, {2, person}};
    engine->write([&](Writer& writer) {
      put_edges(writer, EdgeKind::follows, theirs);
      put_edges(writer, EdgeKind::stars, std::vector<Edge>{{person, 4}});
    });
    engine->write([](Writer& writer) { end_edge(writer, EdgeKind::follows, {2, person}, 9); });
  }
  void open() {
    engine.reset();
    RocksOptions options;
    options.write_buffer_bytes = 16 * 1024;
    engine = open_rocks(folder.store(), options);
  }
  void forget() {
    bool all = false;
    while (!all) {
      engine->write([&all](Writer& writer) {
        all = erase_edges_of(writer, person, 2);
        owe_purge(writer, {});
      });
    }
  }
  bool purge() { return test::purge_whole(*engine); }
  // Everything on its deepest level: nobody knows of what is erased where.
  void settle() {
    engine->write([](Writer& writer) { owe_purge(writer, {}); });
    open();
    BOOST_REQUIRE(purge());
  }
  [[nodiscard]] std::set<std::string> tables() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.store())) {
      if (entry.path().extension() == ".sst") names.insert(entry.path().filename());
    }
    return names;
  }
  [[nodiscard]] std::vector<std::string> traces() const {
    return tidemark::test::traces_in(folder.store(), {KeyWriter().u40(person).bytes()});
  }
  void expect_others_whole() {
    engine->read([](const Reader& reader) {
      BOOST_TEST(check_store(reader).problems.empty());
      for (std::uint64_t from = 1; from <= others; ++from) {
        BOOST_REQUIRE_EQUAL(
            count_neighbours(reader, EdgeKind::follows, Direction::outgoing, from, 1'000),
            followings);
      }
    });
  }

  test::Folder folder{test::Folder::in_memory()};
  std::unique_ptr<Engine> engine;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(graph_purge, CrawledStore)

BOOST_AUTO_TEST_CASE(erased_edges_leave_every_file_and_files_without_them_are_left_alone) {
  settle();
  BOOST_TEST(!traces().empty());
  forget();
  const auto before = tables();
  BOOST_TEST(purge());
  BOOST_TEST(traces() == nowhere, boost::test_tools::per_element());
  expect_others_whole();
  std::size_t kept = 0;
  for (const auto& name : tables()) kept += before.count(name);
  BOOST_TEST(kept * 3 > before.size(), kept << " of " << before.size() << " tables were kept");
}

BOOST_AUTO_TEST_CASE(edges_erased_before_a_restart_are_looked_for_everywhere) {
  settle();
  forget();
  open();
  BOOST_TEST(!traces().empty());
  BOOST_TEST(purge());
  BOOST_TEST(traces() == nowhere, boost::test_tools::per_element());
  expect_others_whole();
}

BOOST_AUTO_TEST_CASE(so_many_edges_that_nobody_remembers_each_leave_as_well) {
  std::vector<Edge> edges;
  for (std::uint64_t from = 1; from <= others; ++from) edges.push_back({from * 1'000'003, person});
  engine->write([&](Writer& writer) { put_edges(writer, EdgeKind::follows, edges); });
  engine->write([](Writer& writer) {
    BOOST_TEST(erase_edges_of(writer, person, 1'000'000));
    owe_purge(writer, {});
  });
  BOOST_TEST(purge());
  BOOST_TEST(traces() == nowhere, boost::test_tools::per_element());
  expect_others_whole();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage::graph
