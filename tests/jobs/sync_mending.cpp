#include <boost/test/unit_test.hpp>

#include "storage/quota.hpp"
#include "storage/secrets.hpp"
#include "tests/jobs/sync_mending.hpp"

// Several things happen at once. Nothing is lost for good, no week is called complete that is not,
// and what was partial is whole after the next healthy run.

using namespace tidemark;  // NOLINT: a test of everything together
using simulators::Fault;
using simulators::FaultKind;
using simulators::ItemKind;
using storage::Week;
using storage::WeekState;
using test::Mending;
using test::SyncWorld;

namespace {

// The first week of a window about 300 days ago.
Week some_week() { return Week{(Week::of(Mending::now_s - 300 * Mending::day_s).index / 4) * 4}; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_mending, Mending)

BOOST_AUTO_TEST_CASE(a_week_too_heavy_for_github_is_partial_beside_complete_ones_until_it_is_not) {
  const Week heavy = some_week();
  for (int i = 0; i < 500; ++i) (void)push(heavy.begin_s() + day_s + i * 60);
  (void)push((heavy + 1).begin_s() + 2 * day_s);
  for (const Week week : {heavy, heavy + 1}) {
    world.world.add_item(ItemKind::issue, "mona/one", "mona", week.begin_s() + 2 * day_s, "issue");
  }
  Fault fault = github_fault(FaultKind::resource_limits);
  fault.weight = 300;
  fault.skip = 1;
  world.github.faults().add(fault);
  expect_done();
  BOOST_TEST(world.github.ledger().total("graphql").requests < 300U);
  BOOST_TEST((state_of(heavy) == WeekState::partial));
  BOOST_TEST((state_of(heavy + 1) == WeekState::uploaded));
  world.github.faults().clear();
  weeks_pass();
  expect_done();
  expect_whole();
  BOOST_TEST(world.seen(member).issues == 2U);
}

BOOST_AUTO_TEST_CASE(an_account_whose_lightest_questions_are_refused_costs_few_points) {
  Fault fault = github_fault(FaultKind::resource_limits);
  fault.weight = 0;
  fault.skip = 1;
  world.github.faults().add(fault);
  BOOST_TEST((sync().state == storage::JobState::dead));
  BOOST_TEST(world.github.ledger().total("graphql").requests < 400U);
}

BOOST_AUTO_TEST_CASE(a_commit_found_between_sending_a_file_and_completing_it_is_sent_too) {
  expect_done();
  weeks_pass(4);
  (void)push(now_s - 500 * day_s);
  world.github.quota().settings().graphql = 3;
  Fault fault;
  fault.kind = FaultKind::status_html;
  fault.status = 503;
  fault.path = "/api/direct-sharing/project/files/upload/complete/";
  fault.times = 1;
  world.openhumans.faults().add(fault);
  int sent = 0;
  world.after_openhumans = [&](const http::Request& request) {
    sent +=
        request.method == "PUT" && request.target.find("github-2024.json") != request.target.npos;
  };
  expect_done();
  BOOST_TEST(sent == 2);  // what was sent first was no longer all
  expect_whole();
}

BOOST_AUTO_TEST_CASE(days_around_new_year_belong_to_one_year_whatever_the_zone) {
  for (const int offset_minutes : {14 * 60, 9 * 60, -8 * 60, -12 * 60}) {
    Mending other;
    other.world.world.account("mona").utc_offset_minutes = offset_minutes;
    const std::int64_t new_year_s = storage::parse_time("2024-01-01T00:00:00Z").value();
    for (const int hours : {-30, -13, -3, -1, 1, 3, 13, 30}) {
      (void)other.push(new_year_s + hours * 3'600);
      other.world.world.add_item(ItemKind::issue, "mona/one", "mona", new_year_s + hours * 3'600,
                                 "around New Year");
    }
    other.expect_done();
    other.expect_whole();
    BOOST_TEST(other.world.seen(member).issues == 8U, "offset " << offset_minutes);
  }
}

BOOST_AUTO_TEST_CASE(new_tokens_that_come_while_the_old_ones_are_refused_are_used) {
  int questions = 0;
  world.before_github = [&](const http::Request&) {
    if (++questions != 2) return;
    auto* account = world.world.find_login("mona");
    world.github.credentials().revoke_all(*account);
    const auto& fresh = world.github.credentials().add_token(*account);
    world.engine->write([&](storage::Writer& writer) {
      storage::put_token(writer, world.sealer, member, "github", {fresh.text, "", 0, ""});
    });
  };
  expect_done();
  BOOST_TEST((world.member(member).state == storage::MemberState::active));
  expect_whole();
}

BOOST_AUTO_TEST_CASE(an_absurd_date_of_the_server_completes_no_week_that_is_not_over) {
  world.github.quota().settings().clock_offset_ms = std::int64_t{3} * 365 * day_s * 1'000;
  expect_done();
  const auto known = world.member(member).known_until;
  BOOST_TEST((known && *known <= Week::of(now_s)));
  world.github.quota().settings().clock_offset_ms = 0;
  weeks_pass();
  (void)push(now_s + 3 * day_s);
  expect_done();
  expect_whole();
}

BOOST_AUTO_TEST_CASE(a_page_that_is_absurd_twice_takes_nothing_away_that_was_known) {
  const Week week = some_week();
  for (int i = 0; i < 250; ++i) {
    const std::int64_t at_s = week.begin_s() + 3'600 + i * 60;
    if (i < 150) world.world.add_item(ItemKind::issue, "mona/one", "mona", at_s, "issue");
    world.world.add_item(ItemKind::pull_request, "mona/one", "mona", at_s, "pull request");
  }
  expect_done();
  std::size_t given_up = 0;
  for (const unsigned skip : {2U, 3U, 4U, 5U}) {
    weeks_pass();
    world.world.add_item(ItemKind::issue, "mona/one", "mona", week.begin_s() + 90'000, "new");
    Fault fault = github_fault(FaultKind::null_nodes);
    fault.skip = skip;
    fault.times = 2;
    world.github.faults().add(fault);
    expect_done();
    BOOST_TEST(world.seen(member).pull_requests == 250U);
    BOOST_TEST(world.seen(member).issues >= 150U);
    given_up += world.seen(member).incomplete.size();
    world.github.faults().clear();
    weeks_pass();
    expect_done();
    expect_whole();
  }
  BOOST_TEST(world.seen(member).issues == 154U);
  BOOST_TEST(given_up > 0U);  // the faults did hit pages
}

BOOST_AUTO_TEST_CASE(the_quota_of_an_account_not_yet_known_goes_over_to_the_account) {
  world.github.quota().settings().graphql = 0;
  world.live([&](SyncWorld::Life& life) -> async::Task<void> {
    co_await life.enqueue(member);
    co_await world.simulation.clock().sleep_for(std::chrono::minutes(1));
    BOOST_TEST(life.ledger.view().size() == 1U);
    world.github.quota().settings().graphql = 5'000;
    (void)co_await life.wait(member);
    BOOST_REQUIRE_EQUAL(life.ledger.view().size(), 1U);
    BOOST_TEST(life.ledger.view()[0].window.owner.find("member") == std::string::npos);
  });
  world.engine->read(
      [](const storage::Reader& reader) { BOOST_TEST(storage::list_quotas(reader).size() == 1U); });
}

BOOST_AUTO_TEST_CASE(an_outage_of_half_a_day_needs_no_person) {
  Fault fault;
  fault.kind = FaultKind::status_html;
  fault.status = 503;
  fault.path = "/api/direct-sharing/";
  world.openhumans.faults().add(fault);
  world.live([&](SyncWorld::Life& life) -> async::Task<void> {
    co_await life.enqueue(member);
    co_await world.simulation.clock().sleep_for(std::chrono::hours(12));
    world.openhumans.faults().clear();
    const storage::Job job = co_await life.wait(member);
    BOOST_TEST((job.state == storage::JobState::done), job.last_error);
  });
  expect_whole();
}

BOOST_AUTO_TEST_SUITE_END()
