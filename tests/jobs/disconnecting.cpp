#include <boost/test/unit_test.hpp>

#include "jobs/leave/doomed.hpp"
#include "jobs/leave/given_up.hpp"
#include "jobs/leave/leave_job.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "storage/cursors.hpp"
#include "storage/jobs.hpp"
#include "storage/secrets.hpp"
#include "storage/sign_ins.hpp"
#include "tests/jobs/arrival_room.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::sign_in::Arrival;
using jobs::sign_in::arrive_from_github;
using simulators::Fault;
using simulators::FaultKind;
using storage::MemberState;
using test::ArrivalRoom;
using Life = ArrivalRoom::Life;

namespace {

const std::string grant_path = "/applications/Iv1.tidemark/grant";
const std::string token_path = "/applications/Iv1.tidemark/token";

struct Disconnecting : ArrivalRoom {
  bool begin() {
    bool begun = false;
    world.engine->write([&](storage::Writer& writer) {
      begun = jobs::leave::begin_disconnecting(writer, world.sealer, id, now_ms());
    });
    return begun;
  }
  void outage(const std::string& path) {
    Fault fault;
    fault.kind = FaultKind::status_html;
    fault.path = path;
    world.github.faults().add(fault);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(disconnecting, Disconnecting)

BOOST_AUTO_TEST_CASE(the_token_is_out_of_use_at_once_and_ended_at_github_soon) {
  const std::string access = token("github")->access;
  world.live([&](Life& life) -> async::Task<void> {
    co_await life.enqueue(id);
    BOOST_TEST(begin());
    BOOST_TEST(!token("github"));
    BOOST_TEST((world.member(id).state == MemberState::not_connected));
    BOOST_TEST(!job("sync", id));
    life.runner.wake();
    (void)co_await life.wait_for("disconnect", id);
    BOOST_TEST(!github_accepts(access));
    BOOST_TEST(asked(grant_path) == 1u);
    BOOST_TEST(rows_with(access).empty());
    world.engine->read([&](const storage::Reader& reader) {
      BOOST_TEST(storage::list_doomed_tokens(reader, 1).empty());
    });
    BOOST_TEST(!begin());  // nothing is connected any more
  });
  world.check();
}

BOOST_AUTO_TEST_CASE(a_token_is_kept_sealed_until_github_has_confirmed) {
  outage("/applications/");
  const std::string access = token("github")->access;
  world.live([&](Life& life) -> async::Task<void> {
    BOOST_TEST(begin());
    life.runner.wake();
    co_await life.pass(std::chrono::hours(5));
    BOOST_TEST(rows_with(access).size() == 1u);
    world.github.faults().clear();
    (void)co_await life.wait_for("disconnect", id);
    BOOST_TEST(!github_accepts(access));
    BOOST_TEST(rows_with(access).empty());
  });
}

BOOST_AUTO_TEST_CASE(who_connected_again_meanwhile_keeps_the_new_token) {
  outage("/applications/");
  const std::string old = token("github")->access;
  world.live([&](Life& life) -> async::Task<void> {
    BOOST_TEST(begin());
    life.runner.wake();
    co_await life.pass(std::chrono::minutes(1));
    auto services = life.services();
    const auto arrived =
        co_await arrive_from_github(services, id, false, from_github("mona", "s1"));
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    world.github.faults().clear();
    (void)co_await life.wait_for("disconnect", id);
    BOOST_TEST(!github_accepts(old));
    BOOST_TEST(github_accepts(token("github")->access));
    BOOST_TEST(asked(token_path) >= 1u);
  });
}

BOOST_AUTO_TEST_CASE(a_github_app_token_that_is_over_is_renewed_so_that_its_grant_can_end) {
  use_github_app();
  world.pass(std::chrono::hours(9));
  const std::string old_refresh = token("github")->refresh;
  world.live([&](Life& life) -> async::Task<void> {
    BOOST_TEST(begin());
    life.runner.wake();
    (void)co_await life.wait_for("disconnect", id);
    BOOST_TEST(asked("/login/oauth/access_token") == 1u);
    BOOST_TEST(asked(grant_path) == 1u);
    BOOST_TEST(world.github.credentials().refresh(old_refresh, now_ms() / 1'000) == nullptr);
    BOOST_TEST(rows_with("ghr_").empty());
  });
}

BOOST_AUTO_TEST_CASE(a_connect_that_has_its_tokens_already_does_not_undo_it) {
  const std::string late =
      world.github.credentials().add_token(*world.world.find_login("mona")).text;
  storage::SignIn sign_in;
  sign_in.digest = std::string(64, 'a');
  sign_in.provider = "github";
  sign_in.member = id;
  sign_in.created_ms = now_ms();
  sign_in.expires_ms = now_ms() + 7'200'000;
  world.engine->write([&](storage::Writer& writer) {
    storage::begin_sign_in(writer, world.sealer, sign_in, storage::Token{late, "", 0, ""});
  });
  world.live([&](Life& life) -> async::Task<void> {
    BOOST_TEST(begin());
    auto services = life.services();
    const auto arrived = co_await jobs::sign_in::connect_github(services, sign_in, false);
    BOOST_TEST((arrived.arrival == Arrival::replayed));
    life.runner.wake();
    (void)co_await life.wait_for("disconnect", id);
    BOOST_TEST(!github_accepts(late));
    BOOST_TEST((world.member(id).state == MemberState::not_connected));
  });
  world.check();
}

BOOST_AUTO_TEST_CASE(what_github_will_not_end_is_given_up_after_a_week_with_an_error) {
  outage("/applications/");
  world.live([&](Life& life) -> async::Task<void> {
    BOOST_TEST(begin());
    life.runner.wake();
    co_await life.pass(std::chrono::hours(24 * 6));
    BOOST_TEST(rows_with("gho_").size() == 1u);
    co_await life.pass(std::chrono::hours(25));
    const auto end = co_await life.wait_for("disconnect", id);
    BOOST_REQUIRE(end.has_value());
    BOOST_TEST((end->state == storage::JobState::dead));
    BOOST_TEST(end->last_error.find("given up") != std::string::npos, end->last_error);
    BOOST_TEST(rows_with("gho_").empty());
  });
}

BOOST_AUTO_TEST_CASE(what_github_refuses_to_end_is_given_up_after_a_day) {
  Fault fault;
  fault.kind = FaultKind::status_json;
  fault.status = 400;
  fault.path = "/applications/";
  world.github.faults().add(fault);
  world.live([&](Life& life) -> async::Task<void> {
    BOOST_TEST(begin());
    life.runner.wake();
    co_await life.pass(std::chrono::hours(27));
    BOOST_TEST((job("disconnect", id)->state == storage::JobState::dead),
               job("disconnect", id)->last_error);
  });
}

BOOST_AUTO_TEST_CASE(a_damaged_list_of_doomed_tokens_blocks_nothing) {
  const std::string access = token("github")->access;
  const std::string pair = token("openhumans")->refresh;
  BOOST_TEST(begin());
  world.engine->write([&](storage::Writer& writer) {
    storage::put_cursor(writer, id, "doomed", "{not JSON");
    storage::put_cursor(writer, id, "leave", "[]");
    storage::put_cursor(writer, id, "connect", "{}");
    (void)jobs::sign_in::begin_device_flow(writer, id, false, now_ms());
    BOOST_TEST(jobs::leave::begin_leaving(writer, id, {true, "the member"}, now_ms()));
  });
  world.live([&](Life& life) -> async::Task<void> {
    life.runner.wake();
    (void)co_await life.wait_for("leave", id);
    BOOST_TEST(rows_with(id).empty());
    world.engine->write([&](storage::Writer& writer) {
      storage::Job tidy;
      tidy.kind = "tidy";
      tidy.key = "all";
      storage::enqueue_job(writer, std::move(tidy), now_ms());
    });
    life.runner.wake();
    (void)co_await life.wait_for("tidy", "all");
  });
  BOOST_TEST(!github_accepts(access));
  BOOST_TEST(rows_with(access).empty());
  BOOST_TEST(rows_with(pair).empty());
}

BOOST_AUTO_TEST_CASE(an_account_of_two_members_loses_one_token_and_not_the_grant) {
  world.add_member("00000043", "mona");
  const std::uint64_t account = world.world.account("mona").database_id;
  for (const std::string& member : {id, std::string("00000043")}) {
    change(member, [&](storage::Member& row) { row.github_id = account; });
  }
  const std::string mine = token("github")->access, others = token("github", "00000043")->access;
  world.live([&](Life& life) -> async::Task<void> {
    BOOST_TEST(begin());
    life.runner.wake();
    (void)co_await life.wait_for("disconnect", id);
    BOOST_TEST(!github_accepts(mine));
    BOOST_TEST(github_accepts(others));
  });
}

BOOST_AUTO_TEST_CASE(a_token_that_its_provider_will_not_end_keeps_no_other_alive) {
  Fault fault;
  fault.kind = FaultKind::status_html;
  fault.path = "/oauth2/revoke_token/";
  world.openhumans.faults().add(fault);
  const std::string access = token("github")->access;
  const auto given_up = [&] {
    std::vector<jobs::leave::GivenUp> list;
    world.engine->read(
        [&](const storage::Reader& reader) { list = jobs::leave::list_given_up(reader); });
    return list;
  };
  world.live([&](Life& life) -> async::Task<void> {
    // As after a second sign-in: these stand before the grant.
    world.engine->write([&](storage::Writer& writer) {
      for (const char* old : {"old-1", "old-2"}) {
        jobs::leave::doom(writer, world.sealer, id, "openhumans", {old, "", 0, ""}, false,
                          now_ms());
      }
    });
    BOOST_TEST(begin());
    life.runner.wake();
    co_await life.pass(std::chrono::minutes(1));
    BOOST_TEST(!github_accepts(access));
    BOOST_TEST(asked(grant_path) == 1u);
    BOOST_TEST(rows_with(access).empty());
    BOOST_TEST(rows_with("old-").size() == 2u);
    BOOST_REQUIRE(job("disconnect", id).has_value());
    BOOST_TEST(job("disconnect", id)->last_error.find("Open Humans") != std::string::npos);
    co_await life.pass(std::chrono::hours(24 * 7 + 2));
    BOOST_TEST((job("disconnect", id)->state == storage::JobState::dead));
    BOOST_TEST(rows_with("old-").empty());
    BOOST_TEST(given_up().size() == 2u);  // each by itself
  });
}

BOOST_AUTO_TEST_SUITE_END()
