#include "storage/migrations.hpp"

#include <boost/test/unit_test.hpp>

#include "storage/rocks/open.hpp"
#include "storage/schema.hpp"
#include "tests/storage/says.hpp"

namespace tidemark::storage {
namespace {

using test::says;

// Steps that leave a trace: "step" holds the numbers of those that ran.
std::vector<Migration> steps_up_to(std::uint32_t last) {
  std::vector<Migration> steps;
  for (std::uint32_t to = 1; to <= last; ++to) {
    auto run = [to](Writer& writer) {
      const std::string before = writer.get(Table::cursors, "step").value_or("");
      writer.put(Table::cursors, "step", before + std::to_string(to));
    };
    steps.push_back({to, "step " + std::to_string(to), run});
  }
  return steps;
}

struct Migrated {
  std::unique_ptr<Engine> engine = open_rocks_in_memory();

  std::string trace() {
    std::string text;
    engine->read(
        [&](const Reader& reader) { text = reader.get(Table::cursors, "step").value_or(""); });
    return text;
  }
};

BOOST_AUTO_TEST_CASE(the_last_migration_makes_the_format_of_the_schema) {
  BOOST_TEST(migrations().back().to == store_format);
}

BOOST_FIXTURE_TEST_CASE(each_step_runs_once_in_order, Migrated) {
  const std::vector<std::string> first = {"format 1: step 1", "format 2: step 2"};
  BOOST_TEST(migrate(*engine, steps_up_to(2), "store") == first, boost::test_tools::per_element());
  BOOST_TEST(migrate(*engine, steps_up_to(2), "store").empty());
  const std::vector<std::string> second = {"format 3: step 3"};
  BOOST_TEST(migrate(*engine, steps_up_to(3), "store") == second, boost::test_tools::per_element());
  BOOST_TEST(trace() == "123");
}

BOOST_FIXTURE_TEST_CASE(a_newer_format_is_refused_and_left_alone, Migrated) {
  migrate(*engine, steps_up_to(9), "/var/lib/tidemark/store");
  BOOST_CHECK_EXCEPTION(migrate(*engine, steps_up_to(3), "/var/lib/tidemark/store"), StoreError,
                        says("/var/lib/tidemark/store has format 9, this tidemark knows up to 3: "
                             "install the newer version again, or restore a backup"));
  BOOST_TEST(trace() == "123456789");
}

BOOST_FIXTURE_TEST_CASE(a_step_that_fails_leaves_the_format_before_it, Migrated) {
  std::vector<Migration> steps = steps_up_to(3);
  const auto third = steps[2].run;
  steps[2].run = [third](Writer& writer) {
    third(writer);
    throw std::runtime_error("cannot");
  };
  BOOST_CHECK_THROW(migrate(*engine, steps, "store"), std::runtime_error);
  BOOST_TEST(trace() == "12");
  BOOST_TEST(migrate(*engine, steps_up_to(3), "store").size() == 1u);
  BOOST_TEST(trace() == "123");
}

BOOST_FIXTURE_TEST_CASE(steps_with_a_gap_are_a_mistake_of_ours, Migrated) {
  std::vector<Migration> steps = steps_up_to(3);
  steps.erase(steps.begin() + 1);
  BOOST_CHECK_THROW(migrate(*engine, steps, "store"), std::invalid_argument);
}

}  // namespace
}  // namespace tidemark::storage
