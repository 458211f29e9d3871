#include <boost/test/unit_test.hpp>

#include "tests/jobs/discovery_world.hpp"

// The crawl under a tight quota: P3, and no time lost.

using namespace tidemark;  // NOLINT: a test of everything together
using storage::JobState;
using storage::graph::ListState;
using test::DiscoveryWorld;

BOOST_AUTO_TEST_SUITE(discovery_quota)

BOOST_AUTO_TEST_CASE(under_a_tight_quota_no_time_and_no_call_is_lost) {
  for (const auto anchor : {simulators::WindowAnchor::grid, simulators::WindowAnchor::first}) {
    for (const std::int64_t offset_ms : {0, -187'321, 240'650}) {
      simulators::GithubSettings settings;
      settings.quota.graphql = 2;
      settings.quota.core = 200;
      settings.quota.window_ms = 60'000;
      settings.quota.anchor = anchor;
      settings.quota.clock_offset_ms = offset_ms;
      DiscoveryWorld world(settings);
      world.make_people(300, 1'200);
      world.name_seed("u0");
      const storage::Job job = world.crawl();
      BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
      world.expect(world.truth({"u0"}));
      for (const auto* resource : {"graphql", "core"}) {
        const auto& line = world.spent(resource);
        BOOST_TEST(line.while_blocked == 0U);
        BOOST_TEST(line.refused_per_window_max <= 1U);
        BOOST_TEST(line.repeated == 0U);
      }
      const auto& line = world.spent("graphql");
      const auto windows = static_cast<std::int64_t>((line.points + 1) / 2);
      BOOST_TEST(windows > 4);
      const std::int64_t ideal_ms = (windows - 1) * 60'000;
      const std::int64_t took_ms = line.last_ms - line.first_ms;
      BOOST_TEST(took_ms <= ideal_ms * 102 / 100 + 2'000,
                 "took " << took_ms << " ms, ideal " << ideal_ms << ", offset " << offset_ms);
    }
  }
}

BOOST_AUTO_TEST_CASE(without_requests_to_compare_with_it_goes_on_for_three_questions) {
  simulators::GithubSettings settings;
  settings.quota.core = 4;
  settings.quota.window_ms = 3'600'000;
  DiscoveryWorld world(settings);
  world.make_people(300, 1'200);
  world.name_seed("u0");
  const storage::Job job = world.crawl(std::chrono::minutes(20));
  BOOST_TEST((job.state == JobState::waiting));
  BOOST_TEST(job.wait_reason.find("quota (core)") != std::string::npos, job.wait_reason);
  BOOST_TEST(world.cursor().batches.size() == 3U);
  BOOST_TEST(world.lists_in(ListState::unconfirmed) > 0U);
  BOOST_TEST(world.spent("core").refused <= 1U);
}

BOOST_AUTO_TEST_CASE(the_operators_share_is_kept) {
  simulators::GithubSettings settings;
  settings.quota.graphql = 8;
  settings.quota.window_ms = 3'600'000;
  DiscoveryWorld world(settings);
  world.settings.share = jobs::QuotaShare{0.5, 0};
  world.make_people(300, 1'200);
  world.name_seed("u0");
  (void)world.crawl(std::chrono::minutes(40));
  BOOST_TEST(world.spent("graphql").points == 4U);
}

// Share and reserve hold for the address as well: 60 less a fifth, less a tenth.
BOOST_AUTO_TEST_CASE(without_a_token_it_makes_42_requests_an_hour_of_sixty) {
  for (const auto& [share, requests] :
       {std::pair(jobs::QuotaShare{0.8, 100}, 42U), std::pair(jobs::QuotaShare{1, 0}, 60U)}) {
    DiscoveryWorld world;
    world.token.clear();
    world.settings.share = share;
    world.make_people(60, 300);
    world.name_seed("u0");
    const storage::Job job = world.crawl(std::chrono::minutes(50));
    BOOST_TEST((job.state == JobState::waiting));
    BOOST_TEST(world.github.ledger().total("core").requests == requests);
  }
}

BOOST_AUTO_TEST_CASE(without_a_token_everybody_is_found_by_rest_over_the_hours) {
  DiscoveryWorld world;
  world.token.clear();
  world.make_people(25, 60);
  world.name_seed("u0");
  const storage::Job job = world.crawl();
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
  world.expect(world.truth({"u0"}));
  const auto total = world.github.ledger().total("core");
  BOOST_TEST(total.requests > 60U);
  BOOST_TEST(total.refused <= 1U);
  BOOST_TEST(total.while_blocked == 0U);
  BOOST_TEST(total.repeated == 0U);
  BOOST_TEST(world.github.ledger().total("graphql").requests == 0U);
}

// 120 connections take 7.2 s at first: more than what one question is to take of GitHub's ten.
BOOST_AUTO_TEST_CASE(no_more_than_sixty_seconds_of_service_a_minute_are_used_however_slow_it_is) {
  for (const std::int64_t connection_ms : {60, 150}) {
    simulators::GithubSettings settings;
    settings.service_ms = 100;
    settings.service_ms_per_request = connection_ms;
    DiscoveryWorld world(settings);
    world.make_people(600, 2'400);
    world.name_seed("u0");
    const storage::Job job = world.crawl();
    BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
    world.expect(world.truth({"u0"}));
    const auto& graphql = world.spent("graphql");
    const auto& core = world.spent("core");
    BOOST_TEST(graphql.last_ms - graphql.first_ms > 60'000);
    BOOST_TEST(graphql.response_ms.most() > 30'000U);
    BOOST_TEST(graphql.response_ms.most() <= 60'000U);
    BOOST_TEST(graphql.response_ms.most() + core.response_ms.most() <= 90'000U);
    BOOST_TEST(graphql.largest_concurrency == 1U);
  }
}

// Numbers of gists are the least that anybody waits for.
BOOST_AUTO_TEST_CASE(no_window_is_waited_for_when_only_numbers_of_gists_are_left) {
  simulators::GithubSettings free_settings;
  DiscoveryWorld unlimited(free_settings);
  unlimited.make_people(600, 2'400);
  unlimited.name_seed("u0");
  BOOST_TEST((unlimited.crawl().state == JobState::done));
  const auto needed = unlimited.spent("graphql").points;
  for (std::uint64_t less = 0; less <= 2; ++less) {
    simulators::GithubSettings settings;
    settings.quota.graphql = needed - less;
    settings.quota.window_ms = 3'600'000;
    DiscoveryWorld world(settings);
    world.make_people(600, 2'400);
    world.name_seed("u0");
    const storage::Job job = world.crawl(std::chrono::minutes(30));
    const bool all_read =
        world.known().users.size() == 600U && world.lists_in(ListState::complete) == 1'800U;
    BOOST_TEST((!all_read || job.state == JobState::done), less << job.wait_reason);
    BOOST_TEST_MESSAGE(less << " points less: all read " << all_read << ", " << job.wait_reason);
    if (less == 1) BOOST_TEST(all_read);
  }
}

BOOST_AUTO_TEST_SUITE_END()
