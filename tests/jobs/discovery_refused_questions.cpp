#include <boost/json.hpp>

#include "tests/jobs/discovery_failing.hpp"

// GitHub refuses all of a question for good, because of one thing in it: it does not accept it,
// forbids it or finds nothing. That is no outage, and holds nobody else up.

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::discovery::List;
using storage::JobState;
using storage::graph::ListState;
using test::expect_done;
using test::FailingWorld;
using test::naming;

namespace {

// The account is asked for itself, not one of its pages.
test::Fails asking_for(FailingWorld& world, const std::string& login) {
  const std::string node = world.world.known(login).node_id;
  return [node](const http::Request& request) {
    const auto variables = boost::json::parse(request.body).at("variables").as_object();
    const auto* ids = variables.if_contains("ids");
    if (ids == nullptr) return false;
    const auto& all = ids->as_array();
    return std::find(all.begin(), all.end(), boost::json::value(node)) != all.end();
  };
}

test::Fails asking_for_a_page_of(FailingWorld& world, const std::string& login) {
  const std::string node = world.world.known(login).node_id;
  return [node](const http::Request& request) {
    const auto variables = boost::json::parse(request.body).at("variables").as_object();
    const auto is_it = [&](const auto& each) {
      return each.key().starts_with("n") && each.value() == boost::json::value(node);
    };
    return std::any_of(variables.begin(), variables.end(), is_it);
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_refused_questions)

BOOST_AUTO_TEST_CASE(a_seed_that_github_refuses_gets_its_problem_and_no_other_does) {
  for (const auto& words : test::last_words) {
    // Before the others in the order of names, and between them.
    for (const std::string odd : {"u0", "u5"}) {
      BOOST_TEST_CONTEXT(words.status << " " << words.body << " " << odd) {
        FailingWorld world;
        world.make_people(60, 150);
        for (const auto* login : {"u0", "u5", "u7"}) world.name_seed(login);
        world.fail(naming(odd), words);
        expect_done(world.crawl(std::chrono::minutes(10)));
        BOOST_TEST(!world.seed(odd).problem.empty());
        for (const std::string login : {"u0", "u5", "u7"}) {
          if (login == odd) continue;
          BOOST_TEST(world.seed(login).id != 0U);
          BOOST_TEST(world.seed(login).problem.empty());
        }
        world.expect(world.truth({"u7"}));
        BOOST_TEST(world.failed <= 4U);
        BOOST_TEST(world.points() <= 14U);
        BOOST_TEST((world.cursor().adaptation.connections == 149U));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_refused_name_from_one_person_does_not_stop_a_crawl_that_is_under_way) {
  for (const auto& words : test::last_words) {
    FailingWorld world;
    world.make_people(80, 200);
    world.world.add_generated("odd", 90'001);
    world.name_seed("u0");
    expect_done(world.crawl());
    world.pass(std::chrono::hours(24 * 8));
    const auto before = world.points();
    world.name_seed("odd");
    world.fail(naming("odd"), words);
    expect_done(world.crawl(std::chrono::minutes(10)));
    BOOST_TEST(!world.seed("odd").problem.empty());
    BOOST_TEST(world.user("u70").read_ms >
               world.simulation.clock().wall_now().time_since_epoch().count() - 7'200'000);
    BOOST_TEST(world.points() - before < 12U);
  }
}

BOOST_AUTO_TEST_CASE(the_only_seed_is_refused_and_says_so) {
  for (const auto& words : test::last_words) {
    FailingWorld world;
    world.make_people(5, 8);
    world.name_seed("u3");
    world.fail(naming("u3"), words);
    expect_done(world.crawl(std::chrono::minutes(10)));
    BOOST_TEST(world.failed <= 2U);
    BOOST_TEST(!world.seed("u3").problem.empty());
    // A person asks again.
    world.after_github = {};
    world.name_seed("u3");
    expect_done(world.crawl(std::chrono::minutes(10)));
    BOOST_TEST(world.seed("u3").problem.empty());
    world.expect(world.truth({"u3"}));
  }
}

// GitHub answers, but says nothing of any seed: neither an account nor why.
BOOST_AUTO_TEST_CASE(a_seed_that_keeps_others_from_being_told_is_found) {
  for (const std::string odd : {"u0", "u5"}) {
    FailingWorld world;
    world.make_people(60, 150);
    for (const auto* login : {"u0", "u5", "u7"}) world.name_seed(login);
    world.fail(naming(odd),
               {200, R"({"data":{"rateLimit":null},"errors":[{"message":"Odd question"}]})"});
    expect_done(world.crawl(std::chrono::minutes(10)));
    for (const std::string login : {"u0", "u5", "u7"}) {
      BOOST_TEST(world.seed(login).problem.empty() == (login != odd), login);
      BOOST_TEST((world.seed(login).id != 0U) == (login != odd), login);
    }
    world.expect(world.truth({"u7"}));
    BOOST_TEST(world.failed <= 8U);
  }
}

BOOST_AUTO_TEST_CASE(many_seeds_that_are_refused_one_by_one_make_no_pause) {
  FailingWorld world;
  world.make_people(30, 60);
  for (int i = 0; i < 35; ++i) world.name_seed("odd" + std::to_string(i));
  world.name_seed("u0");
  const auto names_odd = [](const http::Request& request) {
    return request.body.find("\"odd") != std::string::npos;
  };
  world.fail(names_odd, test::last_words.front());
  expect_done(world.crawl(std::chrono::minutes(1)));
  for (int i = 0; i < 35; ++i) {
    BOOST_TEST(!world.seed("odd" + std::to_string(i)).problem.empty());
  }
  BOOST_TEST(world.seed("u0").problem.empty());
  world.expect(world.truth({"u0"}));
}

BOOST_AUTO_TEST_CASE(a_token_that_may_ask_nothing_is_no_problem_of_a_seed) {
  for (const auto& words : test::last_words) {
    FailingWorld world;
    world.make_people(30, 60);
    for (const auto* login : {"u0", "u5"}) world.name_seed(login);
    bool refuses = true;
    world.fail([&](const http::Request&) { return refuses; }, words);
    const storage::Job job = world.crawl(std::chrono::minutes(10));
    BOOST_TEST((job.state != JobState::done));
    BOOST_TEST(world.failed < 40U);
    for (const auto* login : {"u0", "u5"}) BOOST_TEST(world.seed(login).problem.empty());
    refuses = false;
    world.name_seed("u0");
    expect_done(world.crawl(std::chrono::hours(12)));
    world.expect(world.truth({"u0"}));
  }
}

BOOST_AUTO_TEST_CASE(a_token_that_may_ask_nothing_for_an_hour_does_not_make_questions_small) {
  FailingWorld world;
  world.make_people(400, 1'200);
  world.name_seed("u0");
  std::int64_t since_ms = 0;
  const auto refuses = [&](const http::Request&) {
    if (world.questions < 6) return false;
    const auto now_ms = world.simulation.clock().wall_now().time_since_epoch().count();
    if (since_ms == 0) since_ms = now_ms;
    return now_ms - since_ms < 3'600'000;
  };
  world.fail(refuses, test::last_words.at(3));
  (void)world.crawl(std::chrono::minutes(50));
  BOOST_TEST(world.cursor().adaptation.parents >= 20U);
  BOOST_TEST(world.cursor().adaptation.demoted.empty());
  BOOST_TEST(world.seed("u0").problem.empty());
  world.pass(std::chrono::hours(1));
  expect_done(world.crawl(std::chrono::hours(12)));
  world.expect(world.truth({"u0"}));
}

BOOST_AUTO_TEST_CASE(an_account_that_is_only_counted_and_refused_is_read_by_rest) {
  FailingWorld world;
  world.make_people(100, 250);
  world.name_seed("u0");
  expect_done(world.crawl());
  world.pass(std::chrono::hours(24 * 7 + 1));
  const auto before = world.points();
  world.fail(naming(world.world.known("u5").node_id), test::last_words.front());
  expect_done(world.crawl(std::chrono::hours(1)));
  BOOST_TEST(world.user("u5").read_ms >
             world.simulation.clock().wall_now().time_since_epoch().count() - 7'200'000);
  BOOST_TEST((world.user("u5").list(List::followers).state == ListState::complete));
  BOOST_TEST(world.points() - before < 25U);
  BOOST_TEST_MESSAGE("counted: " << world.points() - before << " points");
}

BOOST_AUTO_TEST_CASE(an_account_that_github_refuses_to_answer_for_is_read_by_rest) {
  for (const auto& words : test::last_words) {
    BOOST_TEST_CONTEXT(words.status << " " << words.body) {
      FailingWorld world;
      world.make_people(100, 250);
      world.name_seed("u0");
      world.fail(asking_for(world, "u5"), words);
      expect_done(world.crawl(std::chrono::hours(1)));
      world.expect(world.truth({"u0"}));
      BOOST_TEST((world.user("u5").list(List::followers).state == ListState::complete));
      BOOST_TEST(world.failed <= 10U);
      BOOST_TEST(world.points() <= 30U);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_page_that_github_refuses_is_found_and_its_list_read_by_rest) {
  for (const auto& words : test::last_words) {
    BOOST_TEST_CONTEXT(words.status << " " << words.body) {
      FailingWorld world;
      world.make_people(160, 200);
      for (const auto* login : {"u0", "u1", "u2"}) {
        for (int i = 4; i < 160; ++i) world.follow("u" + std::to_string(i), login);
      }
      world.name_seed("u0");
      world.fail(asking_for_a_page_of(world, "u1"), words);
      expect_done(world.crawl(std::chrono::hours(1)));
      world.expect(world.truth({"u0"}));
      BOOST_TEST((world.user("u1").list(List::followers).state == ListState::complete));
      BOOST_TEST(world.points() <= 40U);
    }
  }
}

// What the crawl chose itself, and one thing after another: then it is the question.
BOOST_AUTO_TEST_CASE(a_question_that_github_accepts_of_nobody_ends_the_run_and_says_why) {
  FailingWorld world;
  world.make_people(120, 300);
  world.name_seed("u0");
  const auto asks_for_accounts = [](const http::Request& request) {
    return request.body.find("nodes(ids:") != std::string::npos;
  };
  world.fail(asks_for_accounts, test::last_words.front());
  const storage::Job job = world.crawl(std::chrono::hours(1));
  BOOST_TEST((job.state == JobState::dead));
  BOOST_TEST(job.last_error.find("Odd question") != std::string::npos, job.last_error);
  BOOST_TEST(world.failed < 30U);
  BOOST_TEST(world.seed("u0").problem.empty());
}

BOOST_AUTO_TEST_SUITE_END()
