#include <boost/test/unit_test.hpp>

#include "storage/jobs.hpp"
#include "storage/members.hpp"
#include "storage/rows.hpp"
#include "tests/storage/example_store.hpp"
#include "tests/storage/memory_store.hpp"

namespace tidemark::storage {
namespace {

std::vector<std::string> rows_that_hold(test::MemoryStore& store, const std::string& text) {
  return store.read([&](const Reader& reader) {
    std::vector<std::string> rows;
    for (int number = 0; number < 256; ++number) {
      const auto table = static_cast<Table>(number);
      const auto visit = [&](std::string_view key, std::string_view value) {
        if (key.find(text) != key.npos || value.find(text) != value.npos)
          rows.push_back(readable(table, key));
        return true;
      };
      reader.scan(table, "", "", visit);
    }
    return rows;
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(erasing_a_member)

BOOST_FIXTURE_TEST_CASE(nothing_of_the_member_is_left_in_any_table, test::MemoryStore) {
  write([](Writer& writer) { test::fill_example(writer); });
  BOOST_TEST(rows_that_hold(*this, test::example_member).size() > 30U);
  write([](Writer& writer) { erase_member(writer, test::example_member); });
  const auto left = rows_that_hold(*this, test::example_member);
  BOOST_TEST(left == std::vector<std::string>{}, boost::test_tools::per_element());
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(other_members_keep_everything, test::MemoryStore) {
  write([](Writer& writer) { test::fill_example(writer); });
  const auto before = rows_that_hold(*this, "0777");
  write([](Writer& writer) { erase_member(writer, test::example_member); });
  BOOST_TEST(rows_that_hold(*this, "0777") == before, boost::test_tools::per_element());
  // An id that another one begins with.
  write([](Writer& writer) { erase_member(writer, "077"); });
  BOOST_TEST(rows_that_hold(*this, "0777") == before, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_run_of_the_member_loses_its_lease, test::MemoryStore) {
  write([](Writer& writer) { test::fill_example(writer); });
  const auto running = [](const Reader& reader) {
    return list_jobs(reader, {.state = JobState::running, .key = test::example_member}, 0, 9);
  };
  const auto jobs = read(running);
  BOOST_REQUIRE_EQUAL(jobs.size(), 1U);
  write([](Writer& writer) { erase_member(writer, test::example_member); });
  const auto commit = [&](Writer& writer) { check_lease(writer, jobs[0].id, jobs[0].fence); };
  BOOST_CHECK_THROW(write(commit), LostLease);
}

BOOST_FIXTURE_TEST_CASE(erasing_a_stranger_changes_nothing, test::MemoryStore) {
  write([](Writer& writer) { test::fill_example(writer); });
  const auto before = rows_that_hold(*this, "");
  write([](Writer& writer) { erase_member(writer, "99"); });
  BOOST_TEST(rows_that_hold(*this, "") == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
