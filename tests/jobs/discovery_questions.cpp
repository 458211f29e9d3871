#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "http/async/random.hpp"
#include "jobs/discovery/question.hpp"
#include "tests/simulators/graphql/query.hpp"
#include "tests/support/run.hpp"
#include "tests/support/simulation.hpp"

// What the crawl asks: one point a question, and all of it what GitHub's schema has. The questions
// are also written to a file: tests/schema/validate.mjs holds them against the public schema.

using namespace tidemark::jobs::discovery;  // NOLINT: all of it is about this
using tidemark::storage::graph::all_lists;

namespace {

namespace simulators = tidemark::simulators;
namespace json = boost::json;

AskedAccount account(UserId id) { return AskedAccount{id, "U_\"" + std::to_string(id)}; }

std::vector<AskedAccount> accounts(std::size_t count, UserId from = 1) {
  std::vector<AskedAccount> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(account(from + i));
  return all;
}

std::vector<AskedPage> pages(std::size_t count, List list = List::followers) {
  std::vector<AskedPage> all;
  for (std::size_t i = 0; i < count; ++i) {
    AskedPage page;
    page.account = account(1'000 + i);
    page.list = list;
    page.after = "cursor\\\n" + std::to_string(i);
    all.push_back(page);
  }
  return all;
}

void expect_price(const Question& question) {
  const auto price = simulators::graphql::price(question.text, question.variables);
  BOOST_TEST(question.connections == price.requests);
  BOOST_TEST(question.points == price.cost);
  BOOST_TEST(price.nodes <= 500'000U);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_questions)

BOOST_AUTO_TEST_CASE(forty_accounts_and_twenty_nine_numbers_of_gists_are_one_point) {
  Waiting waiting;
  waiting.accounts = accounts(90);
  const Question question = compose(waiting, QuestionLimits{});
  BOOST_TEST(question.asked.accounts.size() == 40U);
  BOOST_TEST(question.asked.gists.size() == 29U);
  BOOST_TEST(question.connections == 149U);
  BOOST_TEST(question.points == 1U);
  expect_price(question);
}

BOOST_AUTO_TEST_CASE(further_pages_come_before_gists_and_fill_what_accounts_leave) {
  Waiting waiting;
  waiting.accounts = accounts(40);
  waiting.pages = pages(200);
  Question question = compose(waiting, QuestionLimits{});
  BOOST_TEST(question.asked.pages.size() == 29U);
  BOOST_TEST(question.asked.gists.empty());
  expect_price(question);
  waiting.accounts.clear();
  question = compose(waiting, QuestionLimits{});
  BOOST_TEST(question.asked.pages.size() == 149U);
  BOOST_TEST(question.points == 1U);
  expect_price(question);
}

BOOST_AUTO_TEST_CASE(forty_accounts_are_counted_beside_twenty_nine_pages_for_one_point) {
  Waiting waiting;
  waiting.counted = accounts(90);
  waiting.pages = pages(200);
  for (AskedPage& page : waiting.pages) page.after.clear();
  Question question = compose(waiting, QuestionLimits{});
  BOOST_TEST(question.asked.counted.size() == 40U);
  BOOST_TEST(question.asked.pages.size() == 29U);
  BOOST_TEST(question.points == 1U);
  expect_price(question);
  // New ones come first, and all of them together are no more.
  waiting.accounts = accounts(25, 500);
  question = compose(waiting, QuestionLimits{});
  BOOST_TEST(question.asked.accounts.size() == 25U);
  BOOST_TEST(question.asked.counted.size() == 15U);
  expect_price(question);
  BOOST_TEST(question.asked.pages.size() == 15U);  // first ones, and 25 accounts have theirs
  waiting.accounts.clear();
  waiting.pages.clear();
  question = compose(waiting, QuestionLimits{});
  BOOST_TEST(question.text.find("nodes{") == std::string::npos);
  expect_price(question);
}

BOOST_AUTO_TEST_CASE(pages_of_repositories_are_bounded_by_the_size_of_the_answer) {
  Waiting waiting;
  waiting.pages = pages(149, List::repositories);
  const Question question = compose(waiting, QuestionLimits{});
  BOOST_TEST(question.asked.pages.size() == 85U);  // of 70 kB each
  expect_price(question);
}

BOOST_AUTO_TEST_CASE(lists_that_are_gone_make_room_for_more_accounts) {
  Waiting waiting;
  waiting.accounts = accounts(120);
  QuestionLimits limits;
  limits.parents = 100;
  limits.lists[0] = false;
  const Question question = compose(waiting, limits);
  BOOST_TEST(question.asked.accounts.size() == 74U);
  BOOST_TEST(question.text.find("followers") == std::string::npos);
  expect_price(question);
}

BOOST_AUTO_TEST_CASE(at_least_one_account_is_asked_for_whatever_the_limits) {
  Waiting waiting;
  waiting.accounts = accounts(3);
  waiting.pages = pages(3);
  QuestionLimits limits;
  limits.parents = limits.connections = 1;
  const Question question = compose(waiting, limits);
  BOOST_TEST(question.asked.accounts.size() == 1U);
  BOOST_TEST(question.asked.pages.empty());
  BOOST_TEST(question.asked.gists.empty());
  expect_price(question);
}

BOOST_AUTO_TEST_CASE(no_more_than_a_hundred_ids_and_seeds) {
  Waiting waiting;
  waiting.accounts = accounts(150);
  for (int i = 0; i < 300; ++i) waiting.seeds.push_back("seed-" + std::to_string(i));
  QuestionLimits limits;
  limits.parents = 1'000;
  limits.connections = 10'000;
  limits.answer_bytes = 1'000'000'000;
  const Question question = compose(waiting, limits);
  BOOST_TEST(question.asked.accounts.size() == 100U);
  BOOST_TEST(question.asked.seeds.size() == 100U);
  expect_price(question);
}

BOOST_AUTO_TEST_CASE(what_an_answer_names_is_never_part_of_the_text) {
  Waiting waiting;
  waiting.accounts = {AskedAccount{1, "\"}evil"}};
  waiting.seeds = {"evil\"}"};
  waiting.pages = pages(1);
  waiting.pages[0].after = "evil\"){";
  const Question question = compose(waiting, QuestionLimits{});
  BOOST_TEST(question.text.find("evil") == std::string::npos);
  expect_price(question);
}

BOOST_AUTO_TEST_CASE(any_question_of_the_crawl_costs_what_is_predicted) {
  tidemark::async::SeededRandom random(tidemark::test::test_seed());
  std::ofstream file(TIDEMARK_BINARY_DIR "/crawl_queries.jsonl");
  const auto write = [&](const Question& question) {
    expect_price(question);
    const json::object line{
        {"query", question.text}, {"variables", question.variables}, {"cost", question.points}};
    file << json::serialize(line) << std::endl;
  };
  for (int round = 0; round < 60; ++round) {
    Waiting waiting;
    waiting.accounts = accounts(random.below(60));
    waiting.page_size = static_cast<std::uint32_t>(10 + random.below(91));
    waiting.organizations = accounts(random.below(10), 500);
    waiting.counted = accounts(random.below(60), 700);
    waiting.gists = accounts(random.below(200), 5'000);
    for (const AskedAccount& each : accounts(random.below(30), 900)) {
      waiting.recounts.push_back({each, random.below(8) == 0});
    }
    for (const List list : all_lists) {
      for (AskedPage& page : pages(random.below(60), list)) {
        page.organization = list == List::repositories && random.below(2) == 0;
        if (random.below(8) == 0) page.after.clear();
        page.page_size = static_cast<std::uint32_t>(10 + random.below(91));
        waiting.pages.push_back(page);
      }
    }
    for (auto left = random.below(120); left > 0; --left) {
      waiting.seeds.push_back("seed-" + std::to_string(left));
    }
    if (waiting.empty()) continue;
    QuestionLimits limits;
    limits.parents = 1 + random.below(60);
    limits.connections = 1 + random.below(1'000);
    limits.email = random.below(2) == 0;
    for (bool& asks : limits.lists) asks = random.below(4) != 0;
    write(compose(waiting, limits));
  }
}

BOOST_AUTO_TEST_SUITE_END()
