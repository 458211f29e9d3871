#include <array>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>

#include "http/async/random.hpp"
#include "jobs/sync/query.hpp"
#include "tests/jobs/sync_life.hpp"
#include "tests/jobs/sync_world.hpp"
#include "tests/simulators/graphql/query.hpp"
#include "tests/support/history.hpp"

// What the daemon sets aside for a question is what the simulator takes for it. The questions are
// also written to a file, with that price: tests/schema/validate.mjs then holds them against
// GitHub's public schema and prices them a third time.

using namespace tidemark;  // NOLINT: a test of everything together
namespace json = boost::json;
using jobs::sync::open_since_s;
using jobs::sync::open_until_s;
using jobs::sync::Part;
using jobs::sync::PartKind;
using jobs::sync::QueryLimits;
using simulators::ItemKind;
using test::SyncWorld;

namespace {

const std::string member = "66666666";
constexpr std::int64_t now_s = 1'767'571'200;  // 2026-01-05: the simulation's start
constexpr std::int64_t day_s = 86'400;

void fill(simulators::World& world) {
  test::HistorySettings history;
  history.commits = 900;
  history.from_s = 1'577'836'800;  // 2020
  for (const std::string& line : test::make_history(history)) world.load_line(line, "");
  // More than a page of each, within one window.
  for (int i = 0; i < 130; ++i) {
    const std::int64_t at_s = now_s - 40 * day_s + i * 600;
    for (const auto kind : {ItemKind::issue, ItemKind::pull_request, ItemKind::review}) {
      world.add_item(kind, "mona/one", "mona", at_s, "number " + std::to_string(i));
    }
    world.repository("mona/own-" + std::to_string(i)).created_s = at_s;
  }
}

// Questions are gathered in a file, each text once.
class Questions {
 public:
  explicit Questions(const std::string& name) : file_(TIDEMARK_BINARY_DIR "/" + name) {}

  void add(const std::string& text, const json::object& variables, std::uint64_t cost) {
    if (!texts_.insert(text).second) return;
    const json::object line{{"query", text}, {"variables", variables}, {"cost", cost}};
    file_ << json::serialize(line) << std::endl;
  }
  [[nodiscard]] bool asked(std::string_view words) const {
    return std::any_of(texts_.begin(), texts_.end(), [&](const std::string& text) {
      return text.find(words) != std::string::npos;
    });
  }

 private:
  std::ofstream file_;
  std::set<std::string> texts_;
};

void look(const SyncWorld::Life& life, const http::Request& request, Questions& questions) {
  const json::object body = json::parse(request.body).as_object();
  const std::string text(body.at("query").as_string());
  const json::value* variables = body.if_contains("variables");
  const json::object values = variables != nullptr ? variables->as_object() : json::object{};
  std::uint64_t reserved = 0;
  for (const auto& view : life.ledger.view()) {
    if (view.window.resource == "graphql") reserved += view.reserved;
  }
  BOOST_TEST(reserved == simulators::graphql::price(text, values).cost, text);
  questions.add(text, values, reserved);
}

void sync(SyncWorld& world, Questions& questions) {
  storage::Job job;
  world.live([&](SyncWorld::Life& life) -> async::Task<void> {
    world.before_github = [&](const http::Request& request) { look(life, request, questions); };
    job = co_await life.sync(member);
    world.before_github = {};
  });
  BOOST_TEST((job.state == storage::JobState::done), job.last_error);
}

Part any_part(async::Random& random) {
  Part part;
  part.kind = static_cast<PartKind>(1 + random.below(7));
  part.year = static_cast<std::int32_t>(2008 + random.below(20));
  part.first_week = static_cast<std::int32_t>(2'000 + random.below(800));
  part.weeks = static_cast<std::int32_t>(1 + random.below(4));
  const std::array<const char*, 4> connections{"issueContributions", "pullRequestContributions",
                                               "pullRequestReviewContributions",
                                               "repositoryContributions"};
  part.connection = connections.at(random.below(4));
  part.repository = "R_\"" + std::to_string(random.below(1'000));
  const bool whole = random.below(2) == 0;
  part.since_s = whole ? open_since_s : static_cast<std::int64_t>(random.below(1'700'000'000));
  part.until_s = whole ? open_until_s : part.since_s + 1'000'000;
  part.audit = part.kind == PartKind::history && random.below(2) == 0;
  const bool further = part.kind == PartKind::window_page || random.below(2) == 0;
  part.after = further ? "cursor\\\n" + std::to_string(random.below(1'000)) : "";
  part.page_size = static_cast<std::uint32_t>(10 + random.below(91));
  return part;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_prices)

BOOST_AUTO_TEST_CASE(any_question_costs_what_is_predicted) {
  async::SeededRandom random(test::test_seed());
  Questions questions("any_queries.jsonl");
  for (int round = 0; round < 60; ++round) {
    std::vector<Part> parts;
    for (auto left = 1 + random.below(200); left > 0; --left) parts.push_back(any_part(random));
    QueryLimits limits;  // wider than the daemon's own, for prices above one point
    limits.connections = 1 + random.below(1'500);
    limits.parts = 1 + random.below(200);
    limits.weight = 100'000;
    const auto query = jobs::sync::make_query(parts, "U_1", limits);
    const auto price = simulators::graphql::price(query.text, query.variables);
    BOOST_TEST(query.connections == price.requests);
    BOOST_TEST(query.cost == price.cost);
    questions.add(query.text, query.variables, query.cost);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_asked_before_the_account_is_known) {
  Part part;
  part.kind = PartKind::history;
  BOOST_CHECK_THROW((void)jobs::sync::make_query(std::span(&part, 1), "", QueryLimits{}),
                    std::logic_error);
}

BOOST_AUTO_TEST_CASE(every_question_of_a_sync_costs_what_was_set_aside_for_it) {
  SyncWorld world;
  fill(world.world);
  world.add_member(member, "mona");
  Questions questions("queries.jsonl");
  sync(world, questions);
  world.pass(std::chrono::hours(24 * 8));
  simulators::Commit late;  // pushed late: only the count over all time tells of it
  late.authored_s = now_s - 900 * day_s;
  late.committed_s = late.authored_s;
  late.headline = "late";
  world.world.add_commit("mona/two", late, "mona");
  sync(world, questions);
  world.pass(std::chrono::hours(24 * 100));
  sync(world, questions);

  for (const auto* form :
       {"contributionYears", "contributionCalendar{totalContributions}", "contributionDays",
        "...Window100}", "{...Issues}", "{...Pulls}", "{...Reviews}", "{...Created}",
        "{...Commits}", "all:history", ",after:\""}) {
    BOOST_TEST(questions.asked(form), form << " was never asked");
  }
}

BOOST_AUTO_TEST_SUITE_END()
