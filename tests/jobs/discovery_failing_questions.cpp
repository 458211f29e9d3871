#include <boost/test/unit_test.hpp>

#include "jobs/discovery/statistics.hpp"
#include "storage/graph/frontier.hpp"
#include "tests/jobs/discovery_world.hpp"

// GitHub fails all of a question for one thing in it, or fails a question that says nothing of the
// next ones. Nobody else is held up, and nothing is asked for ever.

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::discovery::List;
using storage::JobState;
using storage::graph::ListState;
using test::DiscoveryWorld;

namespace {

using Fails = std::function<bool(const http::Request&)>;

// Quick: an error that may be an outage. Else GitHub says that the question is too heavy.
struct FailingWorld : DiscoveryWorld {
  void fail(Fails fails, bool quick) {
    after_github = [this, fails, quick](const http::Request& request, http::Response& response) {
      if (request.method != "POST" || !fails(request)) return;
      ++failed;
      response.status = quick ? 502 : 200;
      response.body = quick ? R"({"data":null,"errors":[{"message":"Something went wrong"}]})"
                            : R"({"data":null,"errors":[{"type":"RESOURCE_LIMITS_EXCEEDED",)"
                              R"("message":"Resource limits for this query exceeded."}]})";
    };
  }
  storage::graph::Seed seed(const std::string& login) {
    std::optional<storage::graph::Seed> found;
    engine->read(
        [&](const storage::Reader& reader) { found = storage::graph::find_seed(reader, login); });
    return found.value();
  }
  std::uint64_t points() { return spent("graphql").points; }

  std::size_t failed = 0;
};

Fails naming(const std::string& text) {
  return [text](const http::Request& request) {
    return request.body.find("\"" + text + "\"") != std::string::npos;
  };
}

void expect_done(const storage::Job& job) {
  BOOST_TEST((job.state == JobState::done), job.wait_reason << job.last_error);
}

}  // namespace

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

BOOST_AUTO_TEST_SUITE_END()
