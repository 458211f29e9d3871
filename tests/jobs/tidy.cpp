#include <boost/test/unit_test.hpp>

#include "http/digest.hpp"
#include "jobs/leave/given_up.hpp"
#include "jobs/leave/leave_job.hpp"
#include "jobs/leave/orphans.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "storage/jobs.hpp"
#include "storage/purge.hpp"
#include "storage/quota.hpp"
#include "storage/sessions.hpp"
#include "storage/sign_ins.hpp"
#include "tests/jobs/arrival_room.hpp"
#include "tests/jobs/cramped_engine.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using simulators::Fault;
using simulators::FaultKind;
using test::ArrivalRoom;
using Life = ArrivalRoom::Life;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;

Fault outage(const std::string& path) {
  Fault fault;  // 502, as HTML
  fault.path = path;
  return fault;
}

struct Tidying : ArrivalRoom {
  // As after a crash between exchange and identity.
  void leave_held(const std::string& provider, const std::string& digest,
                  const storage::Token& token) {
    storage::SignIn sign_in;
    sign_in.digest = std::string(63, '0') + digest;
    sign_in.provider = provider;
    if (provider == "github") sign_in.member = id;
    sign_in.created_ms = now_ms();
    sign_in.expires_ms = now_ms() + 2 * hour_ms;
    world.engine->write([&](storage::Writer& writer) {
      storage::begin_sign_in(writer, world.sealer, sign_in, token);
    });
  }
  storage::Token openhumans_pair(const std::string& person) {
    const auto now = world.simulation.clock().wall_now();
    const auto& pair = world.openhumans.add_pair(world.openhumans.add_member(person, now), now);
    return {pair.access, pair.refresh, pair.expires_ms, ""};
  }
  storage::Token github_token() {
    return {world.github.credentials().add_token(world.world.account("lisa")).text, "", 0, ""};
  }
  void enqueue_tidy(Life& life) {
    world.engine->write(
        [&](storage::Writer& writer) { jobs::sign_in::enqueue_tidy(writer, now_ms()); });
    life.runner.wake();
  }
  async::Task<void> tidy(Life& life) {
    enqueue_tidy(life);
    (void)co_await life.wait_for("tidy", "all");
  }
  bool owes() {
    bool owed = false;
    world.engine->read([&](const storage::Reader& in) { owed = storage::is_purge_owed(in); });
    return owed;
  }
  [[nodiscard]] std::size_t rows() {
    std::size_t count = 0;
    world.engine->read([&](const storage::Reader& reader) {
      count = storage::list_sign_ins(reader, "", 100).size();
    });
    return count;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tidying, Tidying)

BOOST_AUTO_TEST_CASE(tokens_of_sign_ins_that_never_ended_are_ended_and_then_forgotten) {
  world.live([&](Life& life) -> async::Task<void> {
    const storage::Token pair = openhumans_pair(newcomer), hub = github_token();
    leave_held("openhumans", "1", pair);
    leave_held("github", "2", hub);
    co_await tidy(life);
    BOOST_TEST(held() == 2u);  // they may be under way
    co_await life.pass(std::chrono::minutes(11));
    co_await tidy(life);
    BOOST_TEST(held() == 0u);
    BOOST_TEST(asked("/oauth2/revoke_token/") == 1u);
    BOOST_TEST(!github_accepts(hub.access));
    BOOST_TEST(rows_with(pair.access).empty());
    BOOST_TEST(rows() == 2u);  // their states must not be taken again
    co_await life.pass(std::chrono::hours(2));
    co_await tidy(life);
    BOOST_TEST(rows() == 0u);
  });
}

BOOST_AUTO_TEST_CASE(an_outage_is_waited_for_and_given_up_a_day_after_the_states_end) {
  world.openhumans.faults().add(outage("/oauth2/revoke_token/"));
  world.live([&](Life& life) -> async::Task<void> {
    leave_held("openhumans", "1", openhumans_pair(newcomer));
    co_await life.pass(std::chrono::hours(25));
    co_await tidy(life);
    BOOST_TEST(held() == 1u);
    co_await life.pass(std::chrono::hours(2));
    co_await tidy(life);
    BOOST_TEST(held() == 0u);
    BOOST_TEST(rows() == 0u);
  });
}

BOOST_AUTO_TEST_CASE(old_web_sessions_go) {
  world.live([&](Life& life) -> async::Task<void> {
    world.engine->write([&](storage::Writer& writer) {
      for (int i = 0; i < 450; ++i) {
        storage::Session session;
        session.member = i % 2 == 0 ? id : "00000050";
        session.digest = std::string(60, 'a') + std::to_string(1'000 + i);
        session.created_ms = session.seen_ms = now_ms();
        session.expires_ms = now_ms() + 30 * 24 * hour_ms;
        storage::put_session(writer, session, 1'000);
      }
    });
    co_await life.pass(std::chrono::hours(24 * 13));
    world.engine->write([&](storage::Writer& writer) {
      auto kept = storage::find_session(writer, id, std::string(60, 'a') + "1448").value();
      kept.seen_ms = now_ms();
      storage::put_session(writer, kept, 1'000);
    });
    co_await tidy(life);
    std::size_t left = 0;
    const auto count = [&](const storage::Reader& reader) {
      left = storage::list_sessions(reader, id).size() +
             storage::list_sessions(reader, "00000050").size();
    };
    world.engine->read(count);
    BOOST_TEST(left == 450u);
    co_await life.pass(std::chrono::hours(25));
    co_await tidy(life);
    world.engine->read(count);
    BOOST_TEST(left == 1u);
  });
}

BOOST_AUTO_TEST_CASE(a_member_whose_leaving_got_stuck_is_seen_off) {
  change(id, [](storage::Member& row) { row.state = storage::MemberState::leaving; });
  world.live([&](Life& life) -> async::Task<void> {
    co_await tidy(life);
    (void)co_await life.wait_for("leave", id);
    BOOST_TEST(rows_with(id).empty());
  });
}

BOOST_AUTO_TEST_CASE(a_member_removed_by_force_leaves_no_token_that_lives_on) {
  const std::string access = token("github")->access;
  world.engine->write([&](storage::Writer& writer) {
    (void)jobs::leave::begin_disconnecting(writer, world.sealer, id, now_ms());
    storage::erase_member(writer, id);
  });
  world.live([&](Life& life) -> async::Task<void> {
    BOOST_TEST(rows_with(access).size() == 1u);
    co_await tidy(life);
    BOOST_TEST(!github_accepts(access));
    BOOST_TEST(rows_with(access).empty());
  });
}

BOOST_AUTO_TEST_CASE(a_member_removed_at_once_leaves_neither_token_nor_grant_that_lives_on) {
  auto& credentials = world.github.credentials();
  const auto& account = world.world.account("mona");
  credentials.grant(account, {});
  change(id, [&](storage::Member& row) { row.github_id = account.database_id; });
  const storage::Token pair = token("openhumans").value();
  leave_held("github", "7", {credentials.add_token(account).text, "", 0, ""});
  world.engine->write([&](storage::Writer& writer) {
    BOOST_TEST(jobs::leave::remove_member(writer, world.sealer, id, now_ms()));
  });
  BOOST_TEST(rows_with(id).empty());
  world.live([&](Life& life) -> async::Task<void> {
    (void)co_await life.wait_for("tidy", "all");
    auto project = co_await life.openhumans.project_id(pair.access);
    BOOST_TEST(!project.ok());
  });
  BOOST_TEST(!credentials.granted(account).has_value());
  BOOST_TEST(rows_with("gho_").empty());
  BOOST_TEST(rows_with(pair.refresh).empty());
  BOOST_TEST(rows_with("whole_grant").empty());
  world.check();
}

BOOST_AUTO_TEST_CASE(who_was_removed_and_came_back_keeps_their_grant) {
  const auto& account = world.world.account("mona");
  change(id, [&](storage::Member& row) { row.github_id = account.database_id; });
  const std::string old = token("github")->access;
  world.engine->write([&](storage::Writer& writer) {
    (void)jobs::leave::remove_member(writer, world.sealer, id, now_ms());
  });
  add_unconnected(id);
  const auto& newer = world.github.credentials().add_token(account);
  put_token("github", {newer.text, "", 0, ""});
  world.live([&](Life& life) -> async::Task<void> {
    (void)co_await life.wait_for("tidy", "all");
    BOOST_TEST(!github_accepts(old));
    BOOST_TEST(github_accepts(newer.text));
  });
}

BOOST_AUTO_TEST_CASE(every_doomed_token_is_found_however_many_there_are) {
  world.engine->write([&](storage::Writer& writer) {
    for (int i = 0; i < 250; ++i) {
      (void)storage::put_doomed_token(writer, world.sealer, "github",
                                      {"gho_" + std::to_string(i), "", 0, ""});
    }
  });
  world.live([&](Life& life) -> async::Task<void> {
    co_await tidy(life);
    BOOST_TEST(rows_with("gho_").size() == 1u);  // the member's own
  });
}

BOOST_AUTO_TEST_CASE(a_token_that_nobody_ends_is_given_up_after_a_week_and_the_operator_told) {
  world.github.faults().add(outage("/applications/"));
  world.engine->write([&](storage::Writer& writer) {
    (void)jobs::leave::remove_member(writer, world.sealer, id, now_ms());
  });
  const auto told = [&] {
    std::vector<jobs::leave::GivenUp> list;
    world.engine->read(
        [&](const storage::Reader& reader) { list = jobs::leave::list_given_up(reader); });
    return list;
  };
  world.live([&](Life& life) -> async::Task<void> {
    co_await life.pass(std::chrono::hours(24 * 6));
    co_await tidy(life);
    BOOST_TEST(rows_with("gho_").size() == 1u);
    BOOST_TEST(told().empty());
    co_await life.pass(std::chrono::hours(25));
    co_await tidy(life);
    BOOST_TEST(rows_with("gho_").empty());
    BOOST_REQUIRE(told().size() == 1u);
    BOOST_TEST(told()[0].what.find("GitHub") != std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(a_sign_in_made_in_the_future_is_ended_as_well) {
  leave_held("openhumans", "1", openhumans_pair(newcomer));
  world.simulation.set_wall_offset(-std::chrono::hours(5));
  world.live([&](Life& life) -> async::Task<void> {
    co_await life.pass(std::chrono::minutes(1));
    co_await tidy(life);
    BOOST_TEST(held() == 0u);
  });
}

BOOST_AUTO_TEST_CASE(tokens_of_a_device_flow_that_still_goes_on_are_spared_while_the_state_lives) {
  const storage::Token device{"device-code", "", 0, ""}, hub = github_token();
  storage::SignIn sign_in;
  sign_in.digest = http::sha256_hex(device.access);
  sign_in.provider = "github";
  sign_in.member = id;
  sign_in.created_ms = now_ms();
  sign_in.expires_ms = now_ms() + 2 * hour_ms;
  world.engine->write([&](storage::Writer& writer) {
    (void)jobs::sign_in::begin_device_flow(writer, id, false, now_ms());
    storage::put_token(writer, world.sealer, id, "github-device", device);
    storage::begin_sign_in(writer, world.sealer, sign_in, hub);
  });
  world.github.faults().add(outage("/user"));
  world.live([&](Life& life) -> async::Task<void> {
    co_await life.pass(std::chrono::minutes(30));
    co_await tidy(life);
    BOOST_TEST(held() == 1u);
    BOOST_TEST(github_accepts(hub.access));
    co_await life.pass(std::chrono::hours(2));
    co_await tidy(life);
    BOOST_TEST(held() == 0u);
    BOOST_TEST(!github_accepts(hub.access));
  });
}

BOOST_AUTO_TEST_CASE(quota_of_an_account_that_no_member_has_goes_from_store_and_disk) {
  const std::string stray = storage::account_owner(987'654'321);
  world.engine->write([&](storage::Writer& writer) {
    for (const std::string& owner : {stray, storage::unknown_account_owner(id)}) {
      storage::QuotaWindow window;
      window.owner = owner;
      window.resource = "core";
      storage::put_quota(writer, window);
    }
  });
  world.live([&](Life& life) -> async::Task<void> {
    co_await tidy(life);
    BOOST_TEST(rows_with(stray).empty());
    for (const auto& view : life.ledger.view()) BOOST_TEST(view.window.owner != stray);
  });
  BOOST_TEST(!owes());
  world.engine->read(
      [](const storage::Reader& reader) { BOOST_TEST(storage::list_quotas(reader).size() == 1u); });
}

BOOST_AUTO_TEST_CASE(a_purge_without_room_says_that_it_waits_and_is_made_later) {
  world.engine = std::make_unique<test::CrampedEngine>(std::move(world.engine));
  auto& engine = static_cast<test::CrampedEngine&>(*world.engine);
  engine.write([](storage::Writer& writer) { storage::owe_purge(writer, "00000009"); });
  world.live([&](Life& life) -> async::Task<void> {
    engine.room = false;
    enqueue_tidy(life);
    co_await life.pass(std::chrono::minutes(1));
    const auto waits = job("tidy", "all");
    BOOST_REQUIRE(waits.has_value());
    BOOST_TEST((waits->state == storage::JobState::waiting));
    BOOST_TEST(waits->wait_reason.find("room on the disk") != std::string::npos);
    engine.room = true;
    co_await life.pass(std::chrono::hours(1) + std::chrono::minutes(1));
    BOOST_TEST(!owes());
  });
}

BOOST_AUTO_TEST_CASE(a_provider_that_does_not_answer_keeps_nobody_waiting_who_leaves) {
  Fault slow;
  slow.kind = FaultKind::slow;
  slow.path = "/oauth2/revoke_token/";
  slow.delay_ms = 600'000;
  world.openhumans.faults().add(slow);
  const std::string hub = github_token().access;
  for (char digit = '0'; digit <= '9'; ++digit) {
    leave_held("openhumans", std::string(1, digit),
               openhumans_pair("0000010" + std::string(1, digit)));
  }
  leave_held("github", "a", {hub, "", 0, ""});
  change(id, [](storage::Member& row) { row.state = storage::MemberState::leaving; });
  world.pass(std::chrono::minutes(11));
  world.live([&](Life& life) -> async::Task<void> {
    enqueue_tidy(life);
    co_await life.pass(std::chrono::seconds(5));
    BOOST_TEST(job("leave", id).has_value());  // before anything is asked elsewhere
    co_await life.pass(std::chrono::minutes(3));
    BOOST_TEST((job("tidy", "all")->state == storage::JobState::done));
    BOOST_TEST(!github_accepts(hub));  // the other provider is asked all the same
    BOOST_TEST(held() == 10u);
    world.openhumans.faults().clear();
    co_await tidy(life);
    BOOST_TEST(held() == 0u);
  });
}

BOOST_AUTO_TEST_SUITE_END()
