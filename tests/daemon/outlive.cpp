#include "daemon/outlive.hpp"

#include <boost/test/unit_test.hpp>

#include "storage/engine.hpp"
#include "tests/support/simulation.hpp"

using namespace tidemark;

namespace {

struct OutliveRoom {
  async::Task<int> work(bool fails) {
    co_await simulation.clock().sleep_for(std::chrono::seconds(2));
    if (fails) throw storage::StoreError("the disk is gone");
    co_return 7;
  }
  // Waits so long for it; what it threw, or the value as text.
  async::Task<std::string> ask(bool fails, std::chrono::milliseconds patience) {
    std::string said;
    try {
      const auto until = async::Deadline::after(simulation.clock(), patience);
      auto waiting = outlive.run("work", work(fails));
      const int value =
          co_await async::with_deadline(simulation.clock(), until, "work", std::move(waiting));
      said = std::to_string(value);
    } catch (const std::exception& error) {
      said = error.what();
    }
    co_return said;
  }
  std::string run(bool fails, std::chrono::milliseconds patience) {
    std::string said;
    simulation.run([&]() -> async::Task<void> {
      said = co_await ask(fails, patience);
      const auto soon = async::Deadline::after(simulation.clock(), std::chrono::seconds(10));
      co_await outlive.stop(soon);
    });
    return said;
  }

  test::Simulation simulation{test::test_seed()};
  std::vector<std::string> unheard;
  daemon::Outlive outlive{simulation.executor(), simulation.clock(), 4,
                          [this](const std::string& name, std::exception_ptr error) {
                            try {
                              std::rethrow_exception(error);
                            } catch (const storage::StoreError& store) {
                              unheard.push_back(name + ": " + store.what());
                            }
                          }};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(outlive, OutliveRoom)

BOOST_AUTO_TEST_CASE(who_waits_hears_how_it_ended_and_nobody_else_does) {
  BOOST_TEST(run(false, std::chrono::seconds(5)) == "7");
  BOOST_TEST(unheard.empty());
}

BOOST_AUTO_TEST_CASE(an_error_goes_to_who_waits_for_it) {
  BOOST_TEST(run(true, std::chrono::seconds(5)) == "the disk is gone");
  BOOST_TEST(unheard.empty());
}

BOOST_AUTO_TEST_CASE(an_error_that_nobody_waits_for_any_more_is_told_to_the_owner) {
  (void)run(true, std::chrono::milliseconds(700));
  BOOST_REQUIRE(unheard.size() == 1u);
  BOOST_TEST(unheard[0] == "work: the disk is gone");
}

BOOST_AUTO_TEST_CASE(an_error_at_the_very_moment_when_the_patience_ends_is_told_as_well) {
  const std::string said = run(true, std::chrono::seconds(2));
  BOOST_TEST((said == "the disk is gone") != (unheard.size() == 1u));
}

BOOST_AUTO_TEST_SUITE_END()
