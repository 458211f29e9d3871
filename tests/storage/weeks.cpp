#include "storage/weeks.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

#include "storage/members.hpp"
#include "storage/week_counts.hpp"
#include "tests/storage/memory_store.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::storage {
namespace {

using Weeks = std::map<Week, WeekRecord>;

Weeks stored(test::MemoryStore& store, const std::string& member, Week from, Week until) {
  return store.read([&](const Reader& reader) {
    Weeks weeks;
    const auto visit = [&](Week week, const WeekRecord& record) {
      BOOST_REQUIRE(weeks.empty() || weeks.rbegin()->first < week);
      weeks[week] = record;
      return true;
    };
    scan_weeks(reader, member, from, until, visit);
    return weeks;
  });
}

WeekRecord random_record(test::Dice& dice) {
  WeekRecord record;
  record.state = static_cast<WeekState>(1 + dice.below(3));
  if (record.state == WeekState::partial) record.reason = "the answer was cut short";
  record.commits = dice.below(3);
  record.additions = dice.below(5'000'000'000);
  record.deletions = dice.below(300);
  record.others = dice.below(3);
  if (record.state == WeekState::uploaded) record.file = "github-2026.json";
  return record;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(weeks)

BOOST_FIXTURE_TEST_CASE(a_week_without_a_row_is_unknown, test::MemoryStore) {
  const auto find = [](const Reader& reader) { return find_week(reader, "1", Week{5}); };
  BOOST_TEST(!read(find));
  write([](Writer& writer) { erase_week(writer, "1", Week{5}); });
  BOOST_TEST((read([](const Reader& reader) { return week_counts(reader, "1"); }) == WeekCounts{}));
}

BOOST_FIXTURE_TEST_CASE(a_scan_ends_when_its_visitor_says_so, test::MemoryStore) {
  write([](Writer& writer) {
    for (int n = -2; n < 8; ++n) put_week(writer, "1", Week{n}, WeekRecord{});
  });
  int seen = 0;
  const auto scan = [&](const Reader& reader) {
    const auto visit = [&](Week, const WeekRecord&) { return ++seen < 3; };
    scan_weeks(reader, "1", Week{-9}, Week{99}, visit);
    return seen;
  };
  BOOST_TEST(read(scan) == 3);
  BOOST_TEST(stored(*this, "1", Week{7}, Week{2}).empty());
}

BOOST_FIXTURE_TEST_CASE(the_counts_equal_a_recount_after_any_sequence_of_changes,
                        test::MemoryStore) {
  const auto seed = tidemark::test::test_seed();
  BOOST_TEST_CONTEXT("TIDEMARK_SEED=" << seed) {
    test::Dice dice(seed);
    const std::vector<std::string> members = {"1", "10", "01"};
    std::map<std::string, Weeks> model;
    for (int step = 0; step < 1'500; ++step) {
      const auto member = dice.pick(members);
      const Week week{static_cast<std::int32_t>(dice.below(24)) - 12};
      if (dice.below(3) == 0) {
        write([&](Writer& writer) { erase_week(writer, member, week); });
        model[member].erase(week);
      } else {
        const auto record = random_record(dice);
        write([&](Writer& writer) { put_week(writer, member, week, record); });
        model[member][week] = record;
      }
      WeekCounts recount;
      for (const auto& [at, record] : model[member]) add_to(recount, record);
      const auto counts = [&](const Reader& reader) { return week_counts(reader, member); };
      BOOST_REQUIRE(read(counts) == recount);
      BOOST_REQUIRE(stored(*this, member, Week{-99}, Week{99}) == model[member]);
      const Week from{static_cast<std::int32_t>(dice.below(30)) - 15};
      const Week until = from + static_cast<std::int32_t>(dice.below(20));
      const Weeks range(model[member].lower_bound(from), model[member].lower_bound(until));
      BOOST_REQUIRE(stored(*this, member, from, until) == range);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_failed_transaction_keeps_neither_the_week_nor_its_count,
                        test::MemoryStore) {
  const auto body = [](Writer& writer) {
    put_week(writer, "1", Week{1}, WeekRecord{});
    throw std::runtime_error("the answer was absurd");
  };
  BOOST_CHECK_THROW(write(body), std::runtime_error);
  BOOST_TEST((read([](const Reader& reader) { return week_counts(reader, "1"); }) == WeekCounts{}));
  BOOST_TEST(stored(*this, "1", Week{0}, Week{9}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
