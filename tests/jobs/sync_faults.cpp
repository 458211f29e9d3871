#include <boost/test/unit_test.hpp>

#include "storage/weeks.hpp"
#include "tests/jobs/sync_life.hpp"
#include "tests/jobs/sync_world.hpp"
#include "tests/support/history.hpp"

// Everything that the upstreams are known to do wrong, while a sync runs. A week never looks empty
// because an answer was cut short.

using namespace tidemark;  // NOLINT: a test of everything together
using simulators::Fault;
using simulators::FaultKind;
using test::SyncWorld;

namespace {

const std::string member = "55555555";

struct Faulty {
  Faulty() {
    test::HistorySettings history;
    history.commits = 500;
    history.oddities = false;
    history.from_s = 1'672'531'200;  // 2023
    for (const std::string& line : test::make_history(history)) world.world.load_line(line, "");
    world.add_member(member, "mona");
  }

  void github_fault(FaultKind kind, const std::function<void(Fault&)>& change = {}) {
    Fault fault;
    fault.kind = kind;
    fault.resource = "graphql";
    if (change) change(fault);
    world.github.faults().add(fault);
  }

  void sync() {
    const storage::Job job = world.sync(member);
    BOOST_TEST((job.state == storage::JobState::done), job.last_error);
  }

  void expect_same() {
    const auto expected = world.expected("mona", world.this_week());
    BOOST_TEST((world.seen(member).commits == expected));
    world.check();
  }

  // Weeks that are called complete hold what they should; the others say why they do not.
  void expect_honest() {
    const auto seen = world.seen(member);
    std::size_t missing = 0;
    for (const auto& [sha, commit] : world.expected("mona", world.this_week())) {
      if (seen.commits.contains(sha)) continue;
      ++missing;
      const auto week = storage::Week::parse(commit.week).value();
      world.engine->read([&](const storage::Reader& reader) {
        const auto record = storage::find_week(reader, member, week);
        BOOST_REQUIRE(record.has_value());
        BOOST_TEST((record->state == storage::WeekState::partial), commit.week);
        BOOST_TEST(!record->reason.empty());
      });
    }
    BOOST_TEST(missing > 0U);
    world.check();
  }

  SyncWorld world;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sync_faults, Faulty)

BOOST_AUTO_TEST_CASE(every_third_answer_is_an_error_page) {
  github_fault(FaultKind::status_html, [](Fault& fault) { fault.every = 3; });
  sync();
  expect_same();
}

BOOST_AUTO_TEST_CASE(every_third_answer_is_lost_on_the_way) {
  github_fault(FaultKind::cut_after, [](Fault& fault) { fault.every = 3; });
  sync();
  expect_same();
}

BOOST_AUTO_TEST_CASE(heavy_questions_are_asked_in_smaller_pieces) {
  github_fault(FaultKind::resource_limits, [](Fault& fault) { fault.weight = 650; });
  sync();
  expect_same();
}

BOOST_AUTO_TEST_CASE(questions_that_time_out_are_asked_in_smaller_pieces) {
  github_fault(FaultKind::timeout, [](Fault& fault) { fault.weight = 650; });
  sync();
  expect_same();
}

BOOST_AUTO_TEST_CASE(secondary_limits_are_waited_for_in_every_form) {
  for (const unsigned status : {200U, 403U}) {
    github_fault(FaultKind::secondary, [&](Fault& fault) {
      fault.status = status;
      fault.every = 4;
      fault.times = 2;
      if (status == 403) fault.retry_after_s = 90;
      fault.retry_after_as_date = status == 403;
    });
  }
  sync();
  expect_same();
  BOOST_TEST(world.github.ledger().total("graphql").while_blocked == 0U);
}

BOOST_AUTO_TEST_CASE(a_reset_in_the_past_is_not_waited_for_in_vain) {
  github_fault(FaultKind::stale_reset);
  sync();
  expect_same();
}

BOOST_AUTO_TEST_CASE(answers_cut_in_the_middle_of_the_json_are_not_believed) {
  github_fault(FaultKind::malformed_json, [](Fault& fault) { fault.every = 2; });
  sync();
  expect_same();
}

BOOST_AUTO_TEST_CASE(absurd_numbers_once_are_asked_again) {
  github_fault(FaultKind::negative_numbers, [](Fault& fault) {
    fault.skip = 3;
    fault.times = 1;
  });
  github_fault(FaultKind::null_nodes, [](Fault& fault) {
    fault.skip = 5;
    fault.times = 1;
  });
  sync();
  expect_same();
}

BOOST_AUTO_TEST_CASE(who_the_member_is_cannot_be_given_up) {
  for (const FaultKind kind : {FaultKind::resource_limits, FaultKind::null_nodes}) {
    github_fault(kind, [](Fault& fault) { fault.times = 8; });
  }
  sync();
  expect_same();
}

BOOST_AUTO_TEST_CASE(lists_that_are_always_null_leave_partial_weeks_with_the_reason) {
  github_fault(FaultKind::null_nodes, [](Fault& fault) { fault.skip = 2; });
  sync();
  expect_honest();
}

BOOST_AUTO_TEST_CASE(a_repository_cut_short_in_silence_is_noticed_by_its_own_count) {
  github_fault(FaultKind::total_count_lies, [](Fault& fault) {
    fault.amount = 3;
    fault.skip = 3;
  });
  sync();
  std::size_t partial = 0;
  world.engine->read([&](const storage::Reader& reader) {
    partial = storage::week_counts(reader, member).partial;
  });
  BOOST_TEST(partial > 0U);
  world.check();
}

BOOST_AUTO_TEST_CASE(a_repository_that_may_not_be_seen_leaves_its_weeks_partial_until_it_may) {
  github_fault(FaultKind::hide_repository, [](Fault& fault) {
    fault.repository = "mona/two";
    fault.skip = 4;  // the windows still list it
  });
  sync();
  expect_honest();
  world.github.faults().clear();
  sync();
  expect_same();
  BOOST_TEST(world.seen(member).incomplete.empty());
}

BOOST_AUTO_TEST_CASE(openhumans_failing_every_third_time_costs_no_file_and_doubles_none) {
  Fault fault;
  fault.kind = FaultKind::status_html;
  fault.status = 503;
  fault.every = 3;
  world.openhumans.faults().add(fault);
  fault.kind = FaultKind::cut_after;
  fault.every = 5;
  world.openhumans.faults().add(fault);
  sync();
  expect_same();
  (void)world.file_bytes(member);  // reports names that are there twice
}

BOOST_AUTO_TEST_CASE(everything_fails_now_and_then) {
  const auto seed = test::test_seed();
  world.github.faults().seed(seed);
  world.openhumans.faults().seed(seed + 1);
  for (const FaultKind kind :
       {FaultKind::status_html, FaultKind::status_json, FaultKind::cut_before, FaultKind::cut_after,
        FaultKind::slow, FaultKind::secondary, FaultKind::malformed_json}) {
    github_fault(kind, [](Fault& fault) {
      fault.probability = 0.08;
      fault.delay_ms = 12'000;
    });
    Fault fault;
    fault.kind = kind;
    fault.probability = kind == FaultKind::secondary ? 0 : 0.04;
    fault.delay_ms = 3'000;
    if (kind != FaultKind::secondary) world.openhumans.faults().add(fault);
  }
  sync();
  expect_same();
}

BOOST_AUTO_TEST_SUITE_END()
