#include "tests/jobs/discovery_failing.hpp"

// One error of a gateway costs a little, whenever it comes.

using namespace tidemark;  // NOLINT: a test of everything together
using test::expect_done;
using test::FailingWorld;

namespace {

// Beside a chain of people, of whom one after the other is found, a crowd whose lists have two
// pages: the frontier holds one account while many pages wait.
struct ChainAndCrowd : FailingWorld {
  ChainAndCrowd() {
    make_people(1, 0);
    for (int i = 0; i < crowd; ++i) world.add_generated("c" + std::to_string(i), 20'000 + i);
    for (int i = 1; i <= chain; ++i) world.add_generated("u" + std::to_string(i), 30'000 + i);
    world.seal_repositories();
    for (int i = 0; i < crowd; ++i) {
      for (int j = 1; j <= 105; ++j) {
        follow("c" + std::to_string(i), "c" + std::to_string((i + j) % crowd));
      }
    }
    follow("u0", "c0");
    for (int i = 0; i < chain; ++i) follow("u" + std::to_string(i), "u" + std::to_string(i + 1));
    name_seed("u0");
    settings.depth_most = 2 * chain;
  }
  static constexpr int crowd = 140, chain = 30;
};

bool is_for_one_account_and_many_pages(const http::Request& request) {
  const auto ids = request.body.find("\"ids\":[");
  if (ids == std::string::npos || request.body.find("\"n100\"") == std::string::npos) return false;
  const std::string list = request.body.substr(ids, request.body.find(']', ids) - ids);
  return list.find(',') == std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_passing_errors)

BOOST_AUTO_TEST_CASE(one_error_beside_many_pages_does_not_set_all_of_them_apart) {
  ChainAndCrowd without;
  expect_done(without.crawl());
  const auto truth = without.truth({"u0"});
  without.expect(truth);
  for (const auto& words : {test::gateway_error, test::too_heavy}) {
    ChainAndCrowd world;
    const auto fails = [&](const http::Request& request) {
      return world.failed == 0 && is_for_one_account_and_many_pages(request);
    };
    world.fail(fails, words);
    expect_done(world.crawl());
    BOOST_TEST(world.failed == 1U);
    world.expect(truth);
    BOOST_TEST_MESSAGE("a chain and a crowd: " << world.points() << " points, " << without.points()
                                               << " without the error");
    BOOST_TEST(static_cast<double>(world.points()) <= 1.3 * static_cast<double>(without.points()));
  }
}

BOOST_AUTO_TEST_CASE(one_error_of_a_gateway_costs_little_whichever_question_it_hits) {
  const auto crawl = [](std::size_t failing) {
    FailingWorld world;
    world.make_people(600, 1'500);
    for (int i = 200; i < 600; ++i) world.follow("u" + std::to_string(i), "u1");
    world.name_seed("u0");
    world.fail([&](const http::Request&) { return world.questions == failing; },
               test::gateway_error);
    expect_done(world.crawl(std::chrono::hours(12)));
    BOOST_TEST(world.failed == (failing == 0 ? 0U : 1U));
    world.expect(world.truth({"u0"}));
    return std::pair(world.points(), world.questions);
  };
  const auto [points, questions] = crawl(0);
  std::uint64_t most = 0;
  for (std::size_t failing = 1; failing <= std::min<std::size_t>(questions, 8); ++failing) {
    most = std::max(most, crawl(failing).first);
  }
  BOOST_TEST_MESSAGE("at worst " << most << " points, " << points << " without an error");
  BOOST_TEST(static_cast<double>(most) <= 1.3 * static_cast<double>(points));
}

BOOST_AUTO_TEST_SUITE_END()
