#include <boost/test/unit_test.hpp>

#include "jobs/runner.hpp"

using namespace tidemark;

BOOST_AUTO_TEST_SUITE(backoff)

BOOST_AUTO_TEST_CASE(each_failure_doubles_the_wait_of_which_half_is_random) {
  async::SeededRandom random(1);
  const jobs::RunnerSettings settings;
  std::int64_t base_ms = 2'000;
  for (std::uint32_t attempt = 1; attempt <= 40; ++attempt) {
    std::int64_t lowest_ms = base_ms, highest_ms = 0;
    for (int round = 0; round < 200; ++round) {
      const std::int64_t wait_ms = jobs::backoff_ms(attempt, settings, random);
      BOOST_REQUIRE(wait_ms >= base_ms / 2);
      BOOST_REQUIRE(wait_ms <= base_ms);
      lowest_ms = std::min(lowest_ms, wait_ms);
      highest_ms = std::max(highest_ms, wait_ms);
    }
    BOOST_TEST(highest_ms - lowest_ms > base_ms / 4);
    base_ms = std::min<std::int64_t>(base_ms * 2, 3'600'000);
  }
}

BOOST_AUTO_TEST_CASE(odd_settings_and_a_huge_attempt_stay_within_bounds) {
  async::SeededRandom random(1);
  jobs::RunnerSettings settings;
  BOOST_TEST(jobs::backoff_ms(0, settings, random) <= 2'000);
  BOOST_TEST(jobs::backoff_ms(4'000'000'000U, settings, random) <= 3'600'000);
  settings.backoff_min_ms = async::Milliseconds(0);
  settings.backoff_max_ms = async::Milliseconds(0);
  BOOST_TEST(jobs::backoff_ms(3, settings, random) >= 0);
  BOOST_TEST(jobs::backoff_ms(3, settings, random) <= 1);
}

BOOST_AUTO_TEST_SUITE_END()
