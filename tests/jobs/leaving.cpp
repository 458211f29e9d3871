#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "jobs/leave/given_up.hpp"
#include "jobs/leave/leave_job.hpp"
#include "storage/jobs.hpp"
#include "storage/purge.hpp"
#include "storage/quota.hpp"
#include "storage/sessions.hpp"
#include "storage/sign_ins.hpp"
#include "tests/jobs/arrival_room.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using simulators::Fault;
using simulators::FaultKind;
using storage::MemberState;
using test::ArrivalRoom;
using test::Died;
using Life = ArrivalRoom::Life;

namespace {

const std::string grant_path = "/applications/Iv1.tidemark/grant";

struct Leaving : ArrivalRoom {
  Leaving() {
    BOOST_REQUIRE((world.sync(id).state == storage::JobState::done));
    access = token("github")->access;
    pair = token("openhumans").value();
    paths.clear();
    // Of another project, and shared with ours: none of our business.
    world.openhumans.find_member(id)->sources_shared.push_back("direct-sharing-9");
    foreign = &world.openhumans.add_file(id, "github-2024.json", "{}", {}, "direct-sharing-9");
    world.engine->write([&](storage::Writer& writer) {
      storage::put_session(writer, {id, std::string(64, 'c'), 1, 1, now_ms() + 1'000'000});
      storage::SignIn sign_in;
      sign_in.digest = std::string(64, 'd');
      sign_in.provider = "github";
      sign_in.member = id;
      storage::begin_sign_in(writer, world.sealer, sign_in, {"gho_second", "", 0, ""});
    });
  }

  bool begin(bool remove_files, const std::string& asked_by = "the member") {
    bool begun = false;
    world.engine->write([&](storage::Writer& writer) {
      begun = jobs::leave::begin_leaving(writer, id, {remove_files, asked_by}, now_ms());
    });
    return begun;
  }
  async::Task<void> leave(Life& life, bool remove_files) {
    BOOST_TEST(begin(remove_files));
    life.runner.wake();
    (void)co_await life.wait_for("leave", id);
  }
  // Whatever would name the member: the id, the login, the tokens, the account, a repository.
  void expect_nothing_left() {
    for (const std::string& text :
         {id, std::string("mona"), access, pair.access, pair.refresh, std::string("gho_second")}) {
      for (const std::string& row : rows_with(text))
        BOOST_TEST(false, text << " stands in " << row);
    }
    world.check();
  }
  [[nodiscard]] bool pair_lives() {
    bool good = false;
    world.live([&](Life& life) -> async::Task<void> {
      auto project = co_await life.openhumans.project_id(pair.access);
      good = project.ok();
    });
    return good;
  }
  [[nodiscard]] std::size_t files() { return world.openhumans.files(id).size(); }
  void fault(const std::string& path) {
    Fault made;
    made.kind = FaultKind::status_html;
    made.path = path;
    world.openhumans.faults().add(made);
    world.github.faults().add(made);
  }

  // What the operator is told of, one a line.
  [[nodiscard]] std::string given_up() {
    std::string all;
    world.engine->read([&](const storage::Reader& reader) {
      for (const auto& each : jobs::leave::list_given_up(reader)) all += each.what + "\n";
    });
    return all;
  }
  [[nodiscard]] static bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  [[nodiscard]] static bool was_told(const Life& life, const std::string& part) {
    return std::any_of(life.events.begin(), life.events.end(),
                       [&](const std::string& event) { return says(event, part); });
  }

  std::string access;
  storage::Token pair;
  const simulators::StoredFile* foreign = nullptr;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(leaving, Leaving)

BOOST_AUTO_TEST_CASE(nothing_of_the_member_is_left_and_the_files_stay_when_they_shall) {
  const std::size_t before = files();
  BOOST_TEST(before >= 2u);
  world.live([&](Life& life) -> async::Task<void> {
    co_await leave(life, false);
    BOOST_TEST(life.ledger.view().empty());
  });
  expect_nothing_left();
  BOOST_TEST(files() == before);
  BOOST_TEST(!github_accepts(access));
  BOOST_TEST(asked(grant_path) == 1u);
  BOOST_TEST(!pair_lives());
}

BOOST_AUTO_TEST_CASE(our_files_go_and_those_of_other_projects_stay) {
  world.live([&](Life& life) -> async::Task<void> { co_await leave(life, true); });
  expect_nothing_left();
  BOOST_TEST(files() == 0u);
  BOOST_TEST(!foreign->deleted);
}

BOOST_AUTO_TEST_CASE(from_the_first_moment_the_member_is_out) {
  BOOST_TEST(begin(true));
  BOOST_TEST((world.member(id).state == MemberState::leaving));
  world.engine->read([&](const storage::Reader& reader) {
    BOOST_TEST(storage::list_sessions(reader, id).empty());
  });
  BOOST_TEST((job("leave", id)->state == storage::JobState::ready));
  BOOST_TEST(begin(false));  // joins, and the files still go
  world.live([&](Life& life) -> async::Task<void> {
    life.runner.wake();
    (void)co_await life.wait_for("leave", id);
  });
  BOOST_TEST(files() == 0u);
  BOOST_TEST(!begin(false));
}

BOOST_AUTO_TEST_CASE(the_end_of_the_job_that_removed_itself_reads_as_a_success) {
  world.live([&](Life& life) -> async::Task<void> {
    co_await leave(life, false);
    co_await life.pass(std::chrono::seconds(1));
    const std::vector<std::string> said = {
        "leave " + id + ": done: nothing is kept of the member any more", "tidy all: done"};
    BOOST_REQUIRE_GE(life.events.size(), said.size());
    const std::vector<std::string> last(life.events.end() - 2, life.events.end());
    BOOST_TEST(last == said, boost::test_tools::per_element());
    world.engine->read([](const storage::Reader& reader) {
      BOOST_TEST(!storage::is_purge_owed(reader));  // which is what the tidying was for
    });
  });
}

BOOST_AUTO_TEST_CASE(a_member_who_is_gone_from_openhumans_has_nothing_to_remove_there) {
  world.openhumans.leave(id);
  world.live([&](Life& life) -> async::Task<void> { co_await leave(life, true); });
  expect_nothing_left();
  BOOST_TEST(asked("/api/direct-sharing/project/files/delete/") == 0u);
}

BOOST_AUTO_TEST_CASE(a_sync_that_runs_meanwhile_brings_no_file_back) {
  world.openhumans.settings().service_ms = 3'000;
  world.world.load_line(
      R"({"repo":"mona/one","sha":"c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3","author":"mona",)"
      R"("authored":"2026-01-08T10:00:00Z","committed":"2026-01-08T10:00:00Z","merge":false,)"
      R"("additions":3,"deletions":1,"subject":"one"})",
      "");
  world.pass(std::chrono::hours(24 * 14));
  world.live([&](Life& life) -> async::Task<void> {
    co_await life.enqueue(id);
    const std::string complete = "/api/direct-sharing/project/files/upload/complete/";
    for (int turn = 0; turn < 2'000 && asked(complete) == 0; ++turn) {
      co_await life.pass(std::chrono::milliseconds(20));
    }
    BOOST_TEST(asked(complete) == 1u);
    co_await leave(life, true);
    co_await life.pass(std::chrono::minutes(2));
  });
  expect_nothing_left();
  BOOST_TEST(files() == 0u);
}

BOOST_AUTO_TEST_CASE(an_upstream_that_is_down_is_waited_for_a_day_and_then_left_behind) {
  fault("/");
  world.live([&](Life& life) -> async::Task<void> {
    BOOST_TEST(begin(true));
    life.runner.wake();
    co_await life.pass(std::chrono::hours(20));
    BOOST_TEST((world.member(id).state == MemberState::leaving));
    BOOST_TEST(job("leave", id)->last_error.find("could not") != std::string::npos,
               job("leave", id)->last_error);
    co_await life.pass(std::chrono::hours(8));
    BOOST_TEST(was_told(life, "given up after a day"));
  });
  expect_nothing_left();
  // Each of them by its name: the operator may end it there.
  BOOST_TEST(says(given_up(), "removing the files"), given_up());
  BOOST_TEST(says(given_up(), "ending a token at GitHub"), given_up());
  BOOST_TEST(says(given_up(), "ending a token at Open Humans"), given_up());
}

BOOST_AUTO_TEST_CASE(an_outage_that_ends_is_made_good) {
  fault("/api/direct-sharing/");
  world.live([&](Life& life) -> async::Task<void> {
    BOOST_TEST(begin(true));
    life.runner.wake();
    co_await life.pass(std::chrono::hours(3));
    world.openhumans.faults().clear();
    (void)co_await life.wait_for("leave", id);
  });
  expect_nothing_left();
  BOOST_TEST(files() == 0u);
  BOOST_TEST(!pair_lives());
}

BOOST_AUTO_TEST_CASE(who_comes_back_is_new) {
  world.live([&](Life& life) -> async::Task<void> {
    co_await leave(life, false);
    auto services = life.services();
    const auto arrived =
        co_await jobs::sign_in::arrive_from_openhumans(services, from_openhumans(id, "s1"), {});
    BOOST_TEST((arrived.arrival == jobs::sign_in::Arrival::done), arrived);
    BOOST_TEST(arrived.is_new);
    const auto connected =
        co_await jobs::sign_in::arrive_from_github(services, id, false, from_github("mona", "s2"));
    BOOST_TEST((connected.arrival == jobs::sign_in::Arrival::done), connected);
  });
  BOOST_TEST((world.member(id).last_synced_ms == 0));
}

BOOST_AUTO_TEST_CASE(death_at_every_commit_ends_in_nothing_left) {
  std::uint64_t deaths = 0;
  for (const bool after : {false, true}) {
    for (std::uint64_t at = 1; at <= 12; ++at) {
      Leaving mortal;
      (void)mortal.begin(true);
      mortal.engine->die_at(at, after);
      for (int lives = 0; lives < 2; ++lives) {
        mortal.world.live([&](Life& life) -> async::Task<void> {
          life.mortal = true;
          for (int turn = 0; turn < 200 && !mortal.engine->dead(); ++turn) {
            co_await life.pass(std::chrono::milliseconds(50));
            if (!mortal.job("leave", id)) co_return;
          }
        });
        deaths += mortal.engine->dead() ? 1 : 0;
        mortal.engine->revive();
      }
      BOOST_TEST_CONTEXT("at commit " << at << (after ? " after it" : " before it")) {
        mortal.expect_nothing_left();
        BOOST_TEST(mortal.files() == 0u);
        BOOST_TEST(!mortal.github_accepts(mortal.access));
      }
    }
  }
  BOOST_TEST(deaths > 10u);
}

BOOST_AUTO_TEST_CASE(what_one_provider_will_not_end_does_not_keep_the_others_grant_alive) {
  fault("/oauth2/revoke_token/");
  world.live([&](Life& life) -> async::Task<void> {
    auto services = life.services();
    const auto again =
        co_await jobs::sign_in::arrive_from_openhumans(services, from_openhumans(id, "s1"), {});
    BOOST_TEST((again.arrival == jobs::sign_in::Arrival::done), again);
    co_await life.pass(std::chrono::minutes(5));
    BOOST_TEST(begin(false));
    life.runner.wake();
    co_await life.pass(std::chrono::minutes(5));
    BOOST_TEST(!github_accepts(access));
    BOOST_TEST(asked(grant_path) == 1u);
    co_await life.pass(std::chrono::hours(30));
  });
  expect_nothing_left();
  BOOST_TEST(says(given_up(), "Open Humans"), given_up());
  BOOST_TEST(!says(given_up(), "GitHub"), given_up());
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_reached_any_more_are_told_to_the_operator) {
  const std::size_t before = files();
  world.engine->write([&](storage::Writer& writer) {
    storage::put_token(writer, world.sealer, id, "openhumans", {"lost", "lost-too", 1, ""});
  });
  world.live([&](Life& life) -> async::Task<void> {
    co_await leave(life, true);
    BOOST_TEST(was_told(life, "files at Open Humans"));
  });
  expect_nothing_left();
  BOOST_TEST(files() == before);
  BOOST_TEST(says(given_up(), "files at Open Humans"), given_up());
  BOOST_TEST(says(given_up(), "no longer accepts the sign-in"), given_up());
}

BOOST_AUTO_TEST_SUITE_END()
