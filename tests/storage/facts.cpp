#include "storage/facts.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <tuple>
#include <vector>

#include "tests/storage/memory_store.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::storage {
namespace {

std::vector<Fact> stored(test::MemoryStore& store, const std::string& member, Week from,
                         Week until) {
  return store.read([&](const Reader& reader) {
    std::vector<Fact> facts;
    const auto visit = [&](const Fact& fact) {
      facts.push_back(fact);
      return true;
    };
    scan_facts(reader, member, from, until, visit);
    return facts;
  });
}

auto rank(const Fact& fact) { return std::tuple(fact.week, fact.kind, fact.time_s, fact.id); }

Fact random_fact(test::Dice& dice) {
  Fact fact;
  fact.week = Week{static_cast<std::int32_t>(dice.below(6)) - 3};
  fact.kind = static_cast<FactKind>(1 + dice.below(6));
  // Commits are dated before 1970 and after 2106, too.
  fact.time_s = dice.pick(std::vector<std::int64_t>{-5'000'000'000, -1, 0, 7, 5'000'000'000});
  fact.id = dice.pick(std::vector<std::string>{"R_1 abc", "R_1 abcd", "R_2 0", "2026-01-05"});
  fact.generation = static_cast<std::uint32_t>(dice.below(4));
  fact.json = "{\"n\":" + std::to_string(dice.below(1'000)) + "}";
  return fact;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(facts)

BOOST_FIXTURE_TEST_CASE(facts_come_back_in_order_of_week_kind_time_and_id, test::MemoryStore) {
  const auto seed = tidemark::test::test_seed();
  BOOST_TEST_CONTEXT("TIDEMARK_SEED=" << seed) {
    test::Dice dice(seed);
    std::map<decltype(rank(Fact{})), Fact> model;
    for (int step = 0; step < 600; ++step) {
      const auto fact = random_fact(dice);
      if (dice.below(4) == 0) {
        write([&](Writer& writer) { erase_fact(writer, "1", fact); });
        model.erase(rank(fact));
      } else {
        write([&](Writer& writer) { put_fact(writer, "1", fact); });
        model[rank(fact)] = fact;
      }
    }
    write([&](Writer& writer) { put_fact(writer, "10", random_fact(dice)); });
    const auto all = stored(*this, "1", Week{-9}, Week{9});
    BOOST_REQUIRE_EQUAL(all.size(), model.size());
    auto expected = model.begin();
    for (const auto& fact : all) {
      BOOST_REQUIRE(rank(fact) == expected->first);
      BOOST_REQUIRE_EQUAL(fact.generation, expected->second.generation);
      BOOST_REQUIRE_EQUAL(fact.json, expected->second.json);
      ++expected;
    }
    for (const auto& fact : stored(*this, "1", Week{-1}, Week{2}))
      BOOST_REQUIRE(fact.week >= Week{-1} && fact.week < Week{2});
  }
}

BOOST_FIXTURE_TEST_CASE(a_stored_fact_is_found_by_week_kind_time_and_id, test::MemoryStore) {
  const Fact fact{Week{7}, FactKind::review, 99, "https://example.test/1", 3, "{\"a\":1}"};
  write([&](Writer& writer) { put_fact(writer, "1", fact); });
  auto like = fact;
  like.json = "";
  const auto find = [&](const Reader& reader) { return find_fact(reader, "1", like); };
  BOOST_TEST(read(find).value().json == "{\"a\":1}");
  BOOST_TEST(read(find).value().generation == 3U);
  like.time_s = 98;
  BOOST_TEST(!read(find));
}

BOOST_FIXTURE_TEST_CASE(a_scan_of_facts_ends_when_its_visitor_says_so, test::MemoryStore) {
  write([](Writer& writer) {
    for (int n = 0; n < 9; ++n) put_fact(writer, "1", {Week{n}, FactKind::issue, n, "I", 0, "{}"});
  });
  int seen = 0;
  const auto scan = [&](const Reader& reader) {
    const auto visit = [&](const Fact&) { return ++seen < 4; };
    scan_facts(reader, "1", Week{0}, Week{9}, visit);
    return seen;
  };
  BOOST_TEST(read(scan) == 4);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
