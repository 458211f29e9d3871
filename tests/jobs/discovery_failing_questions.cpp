#include <boost/test/unit_test.hpp>

#include "jobs/discovery/statistics.hpp"
#include "tests/jobs/discovery_failing.hpp"

// GitHub fails all of a question for one thing in it, or fails a question that says nothing of the
// next ones. Nobody else is held up, and nothing is asked for ever.

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::discovery::List;
using storage::graph::ListState;
using test::expect_done;
using test::FailingWorld;
using test::naming;

BOOST_AUTO_TEST_SUITE(discovery_failing_questions)

BOOST_AUTO_TEST_CASE(a_failed_look_up_of_seeds_says_nothing_of_how_many_accounts_can_be_asked_for) {
  FailingWorld world;
  world.make_people(400, 1'200);
  world.name_seed("u0");
  world.fail([&](const http::Request&) { return world.failed == 0; }, false);
  expect_done(world.crawl());
  BOOST_TEST(world.failed == 1U);
  const auto truth = world.truth({"u0"});
  world.expect(truth);
  BOOST_TEST(static_cast<double>(world.points()) <= 1.3 * world.ideal_points(truth) + 4);
}

BOOST_AUTO_TEST_CASE(why_few_are_asked_for_is_told_also_when_it_is_for_few_lists) {
  FailingWorld world;
  jobs::discovery::Crawl crawl;
  crawl.adaptation.connections = 12;
  world.engine->write([&](storage::Writer& writer) { put_crawl(writer, crawl); });
  jobs::discovery::Status status;
  world.engine->read(
      [&](const storage::Reader& reader) { status = jobs::discovery::read_status(reader, 40, 1); });
  BOOST_TEST(status.parents == 4U);
  BOOST_TEST(status.parents_reason == "larger questions were too heavy or too slow for GitHub");
}

BOOST_AUTO_TEST_CASE(a_seed_that_fails_every_question_gets_a_problem_and_others_go_on) {
  for (const bool quick : {true, false}) {
    FailingWorld world;
    world.make_people(120, 400);
    for (const auto* login : {"u0", "u5", "u7"}) world.name_seed(login);
    world.fail(naming("u5"), quick);
    expect_done(world.crawl(std::chrono::hours(2)));
    BOOST_TEST(world.seed("u5").problem.starts_with("GitHub does not tell: "),
               world.seed("u5").problem);
    BOOST_TEST(world.seed("u0").id != 0U);
    BOOST_TEST(world.seed("u7").id != 0U);
    world.expect(world.truth({"u0"}));
    BOOST_TEST(world.points() < 25U, world.points());
    BOOST_TEST((world.cursor().adaptation.connections == 149U));
  }
}

BOOST_AUTO_TEST_CASE(one_name_from_one_person_does_not_stop_a_crawl_that_is_under_way) {
  for (const bool quick : {true, false}) {
    FailingWorld world;
    world.make_people(200, 800);
    world.world.add_generated("odd", 90'001);
    world.name_seed("u0");
    expect_done(world.crawl());
    world.pass(std::chrono::hours(24 * 8));
    const auto before = world.points();
    world.name_seed("odd");
    world.fail(naming("odd"), quick);
    expect_done(world.crawl(std::chrono::hours(2)));
    BOOST_TEST(world.seed("odd").problem.starts_with("GitHub does not tell: "));
    BOOST_TEST(world.user("u150").read_ms >
               world.simulation.clock().wall_now().time_since_epoch().count() - 7'200'000);
    BOOST_TEST(world.points() - before < 15U);
  }
}

BOOST_AUTO_TEST_CASE(an_outage_is_no_problem_of_the_only_seed) {
  FailingWorld world;
  world.make_people(30, 60);
  world.name_seed("u0");
  world.fail([&](const http::Request&) { return world.failed < 9; }, true);
  expect_done(world.crawl(std::chrono::hours(6)));
  BOOST_TEST(world.failed == 9U);
  world.expect(world.truth({"u0"}));
}

BOOST_AUTO_TEST_CASE(a_lone_seed_that_never_gets_an_answer_is_not_asked_for_ever) {
  for (const bool quick : {true, false}) {
    FailingWorld world;
    world.make_people(5, 8);
    world.name_seed("u3");
    world.fail(naming("u3"), quick);
    expect_done(world.crawl(std::chrono::hours(12)));
    BOOST_TEST(world.failed == (quick ? 12U : 3U));
    BOOST_TEST(world.seed("u3").problem.starts_with("GitHub does not tell: "));
  }
}

BOOST_AUTO_TEST_CASE(a_page_that_fails_every_question_is_found_and_its_list_read_by_rest) {
  for (const bool quick : {true, false}) {
    FailingWorld world;
    world.make_people(300, 600);
    for (const auto* login : {"u0", "u1", "u2", "u3"}) {
      for (int i = 4; i < 300; ++i) {
        world.follow("u" + std::to_string(i), login);
        world.follow(login, "u" + std::to_string(i));
      }
    }
    world.name_seed("u0");
    const std::string node = world.world.known("u1").node_id;
    const auto fails = [&](const http::Request& request) {
      // As a further page's account, which is a variable of its own: n0, n1 …
      const auto at = request.body.find(":\"" + node + "\"");
      return at != std::string::npos && request.body.rfind("\"n", at) + 6 > at;
    };
    world.fail(fails, quick);
    expect_done(world.crawl(std::chrono::hours(24)));
    world.expect(world.truth({"u0"}));
    BOOST_TEST(world.lists_in(ListState::reading) == 0U);
    BOOST_TEST((world.user("u1").list(List::followers).state == ListState::complete));
    BOOST_TEST_MESSAGE("a page: " << world.points() << " points, " << world.failed << " failed");
    BOOST_TEST(world.points() < 90U, world.points());
  }
}

// Beside 1,200 accounts that are still to be read, it would be asked for at the very end.
BOOST_AUTO_TEST_CASE(a_page_that_is_set_apart_is_asked_for_long_before_everybody_is_read) {
  FailingWorld world;
  world.make_people(1'200, 2'000);
  for (int i = 2; i < 300; ++i) world.follow("u" + std::to_string(i), "u1");
  world.name_seed("u0");
  const std::string node = world.world.known("u1").node_id;
  std::size_t questions = 0, set_apart_at = 0, alone_at = 0;
  std::uint64_t unread = 0;
  const auto asks_for_page = [&](const http::Request& request) {
    const auto at = request.body.find(":\"" + node + "\"");
    return at != std::string::npos && request.body.rfind("\"n", at) + 6 > at;
  };
  const auto fails = [&](const http::Request& request) {
    ++questions;
    if (!asks_for_page(request)) return false;
    const bool alone = request.body.find("nodes(ids:") == std::string::npos &&
                       request.body.find("p1:node") == std::string::npos;
    if (!alone) set_apart_at = questions;
    if (!alone || alone_at != 0) return true;
    alone_at = questions;
    world.engine->read(
        [&](const storage::Reader& reader) { unread = storage::graph::totals(reader).unread; });
    return true;
  };
  world.fail(fails, false);
  expect_done(world.crawl(std::chrono::hours(24)));
  BOOST_TEST(set_apart_at > 0U);
  BOOST_TEST(alone_at > set_apart_at);
  BOOST_TEST(alone_at - set_apart_at <= 26U);
  BOOST_TEST(unread > 200U);
  world.expect(world.truth({"u0"}));
  BOOST_TEST((world.user("u1").list(List::followers).state == ListState::complete));
}

// Each of the accounts fails by itself, however little of it is asked for: nothing is an outage,
// and nobody must be asked without end.
BOOST_AUTO_TEST_CASE(after_thirty_questions_in_a_row_that_are_too_heavy_the_crawl_pauses) {
  FailingWorld world;
  world.make_people(40, 120);
  for (int i = 1; i < 40; ++i) world.follow("u0", "u" + std::to_string(i));
  world.name_seed("u0");
  std::int64_t failed_ms = 0;
  std::size_t in_a_row = 0, most_in_a_row = 0, pauses = 0;
  const auto fails = [&](const http::Request& request) {
    if (request.body.find("repositoryOwner") != std::string::npos) return false;
    const auto now_ms = world.simulation.clock().wall_now().time_since_epoch().count();
    const bool paused = failed_ms != 0 && now_ms - failed_ms >= 1'000;
    pauses += paused ? 1U : 0U;
    in_a_row = paused ? 1 : in_a_row + 1;
    most_in_a_row = std::max(most_in_a_row, in_a_row);
    failed_ms = now_ms;
    return true;
  };
  world.fail(fails, false);
  expect_done(world.crawl(std::chrono::hours(24)));
  BOOST_TEST(world.failed > 90U);
  BOOST_TEST(most_in_a_row == 30U);
  BOOST_TEST(pauses >= world.failed / 30 - 1);
  // REST reads them all.
  world.expect(world.truth({"u0"}));
}

BOOST_AUTO_TEST_SUITE_END()
