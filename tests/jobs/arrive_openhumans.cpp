#include <boost/test/unit_test.hpp>

#include "storage/sign_ins.hpp"
#include "tests/jobs/arrival_room.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::sign_in::Arrival;
using jobs::sign_in::arrive_from_openhumans;
using jobs::sign_in::Arrived;
using simulators::Fault;
using simulators::FaultKind;
using storage::MemberState;
using test::ArrivalRoom;
using Life = ArrivalRoom::Life;

namespace {

struct Arriving : ArrivalRoom {
  async::Task<Arrived> arrive(Life& life, jobs::sign_in::Return back) {
    auto services = life.services();
    co_return co_await arrive_from_openhumans(services, std::move(back), {});
  }
  async::Task<bool> works(Life& life, std::string access) {
    auto project = co_await life.openhumans.project_id(std::move(access));
    co_return project.ok();
  }
  void fault(const std::string& path) {
    Fault made;
    made.kind = FaultKind::status_html;
    made.path = path;
    world.openhumans.faults().add(made);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(arriving_from_openhumans, Arriving)

BOOST_AUTO_TEST_CASE(a_newcomer_becomes_a_member_who_is_not_connected) {
  world.live([&](Life& life) -> async::Task<void> {
    auto services = life.services();
    std::string seen_in_the_transaction;
    auto also = [&](storage::Writer&, const storage::Member& member) {
      seen_in_the_transaction = member.id;
    };
    const Arrived arrived =
        co_await arrive_from_openhumans(services, from_openhumans(newcomer, "s1"), also);
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    BOOST_TEST(arrived.is_new);
    BOOST_TEST(arrived.member.id == newcomer);
    BOOST_TEST(seen_in_the_transaction == newcomer);
    BOOST_TEST((world.member(newcomer).state == MemberState::not_connected));
    BOOST_TEST(!job("sync", newcomer));
    const bool good = co_await works(life, token("openhumans", newcomer)->access);
    BOOST_TEST(good);
    BOOST_TEST(held() == 0u);
  });
}

BOOST_AUTO_TEST_CASE(a_member_gets_new_tokens_and_a_sync_and_the_old_pair_ends) {
  world.live([&](Life& life) -> async::Task<void> {
    const std::string old = token("openhumans")->access;
    const Arrived arrived = co_await arrive(life, from_openhumans(id, "s1"));
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    BOOST_TEST(!arrived.is_new);
    BOOST_TEST((world.member(id).state == MemberState::active));
    BOOST_TEST(job("sync", id).has_value());
    life.runner.wake();
    (void)co_await life.wait_for("disconnect", id);
    const bool old_works = co_await works(life, old);
    const bool new_works = co_await works(life, token("openhumans")->access);
    BOOST_TEST(!old_works);
    BOOST_TEST(new_works);
    BOOST_TEST(rows_with(old).empty());
  });
}

BOOST_AUTO_TEST_CASE(signing_in_again_ends_the_need_to) {
  add_unconnected(newcomer);
  for (const std::string& member : {id, newcomer}) {
    change(member, [](storage::Member& row) {
      row.state = MemberState::needs_sign_in;
      row.state_reason = row.last_error = "Open Humans no longer accepts the sign-in";
    });
  }
  world.live([&](Life& life) -> async::Task<void> {
    (void)co_await arrive(life, from_openhumans(id, "s1"));
    (void)co_await arrive(life, from_openhumans(newcomer, "s2"));
  });
  BOOST_TEST((world.member(id).state == MemberState::active));
  BOOST_TEST(world.member(id).state_reason.empty());
  BOOST_TEST(world.member(id).last_error.empty());
  BOOST_TEST(job("sync", id).has_value());
  BOOST_TEST((world.member(newcomer).state == MemberState::not_connected));
  BOOST_TEST(asked("/oauth2/revoke_token/") == 0u);  // the old pairs were dead
}

BOOST_AUTO_TEST_CASE(the_same_return_counts_once) {
  world.live([&](Life& life) -> async::Task<void> {
    const auto back = from_openhumans(newcomer, "s1");
    const Arrived first = co_await arrive(life, back);
    const Arrived second = co_await arrive(life, back);
    BOOST_TEST((first.arrival == Arrival::done), first);
    BOOST_TEST((second.arrival == Arrival::replayed), second);
    auto fresh_code = from_openhumans(newcomer, "s1");
    const Arrived third = co_await arrive(life, std::move(fresh_code));
    BOOST_TEST((third.arrival == Arrival::replayed), third);
    BOOST_TEST(refreshes() == 1u);  // the token endpoint was asked once
  });
}

BOOST_AUTO_TEST_CASE(codes_that_are_not_good_make_nobody_a_member) {
  world.live([&](Life& life) -> async::Task<void> {
    auto injected = from_openhumans(newcomer, "s1");
    injected.verifier = "the verifier of another browser's sign-in";
    auto unknown = from_openhumans(newcomer, "s2");
    unknown.code = "unknown";
    auto old = from_openhumans(newcomer, "s3");
    const Arrived first = co_await arrive(life, injected);
    const Arrived second = co_await arrive(life, unknown);
    co_await life.pass(std::chrono::hours(1));
    const Arrived third = co_await arrive(life, old);
    for (const Arrived& each : {first, second, third}) {
      BOOST_TEST((each.arrival == Arrival::bad_code), each);
    }
    BOOST_TEST(rows_with(newcomer).empty());
  });
}

BOOST_AUTO_TEST_CASE(our_own_client_refused_is_told_as_that) {
  world.openhumans_client_secret = "wrong";
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_openhumans(newcomer, "s1"));
    BOOST_TEST((arrived.arrival == Arrival::client_refused), arrived);
    BOOST_TEST(arrived.message.find("openhumans.client_secret_file") != std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(an_outage_of_the_exchange_leaves_nothing) {
  fault("/oauth2/token/");
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_openhumans(newcomer, "s1"));
    BOOST_TEST((arrived.arrival == Arrival::outage), arrived);
    BOOST_TEST(held() == 0u);
  });
}

BOOST_AUTO_TEST_CASE(an_outage_after_the_exchange_leaves_tokens_that_are_tidied) {
  fault("/api/direct-sharing/project/exchange-member/");
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_openhumans(newcomer, "s1"));
    BOOST_TEST((arrived.arrival == Arrival::outage), arrived);
    BOOST_TEST(held() == 1u);
    world.openhumans.faults().clear();
    const Arrived again = co_await arrive(life, from_openhumans(newcomer, "s2"));
    BOOST_TEST((again.arrival == Arrival::done), again);
  });
}

BOOST_AUTO_TEST_CASE(who_is_being_deleted_does_not_come_back_by_signing_in) {
  change(id, [](storage::Member& row) { row.state = MemberState::leaving; });
  world.live([&](Life& life) -> async::Task<void> {
    const std::string before = token("openhumans")->access;
    const Arrived arrived = co_await arrive(life, from_openhumans(id, "s1"));
    BOOST_TEST((arrived.arrival == Arrival::leaving), arrived);
    BOOST_TEST((world.member(id).state == MemberState::leaving));
    BOOST_TEST(token("openhumans")->access == before);
    BOOST_TEST(asked("/oauth2/revoke_token/") == 1u);
    BOOST_TEST(held() == 0u);
  });
}

BOOST_AUTO_TEST_CASE(tokens_that_find_no_room_are_ended_and_not_forgotten) {
  world.live([&](Life& life) -> async::Task<void> {
    engine->full = true;
    const Arrived arrived = co_await arrive(life, from_openhumans(newcomer, "s1"));
    engine->full = false;
    BOOST_TEST((arrived.arrival == Arrival::outage), arrived);
    BOOST_TEST(asked("/oauth2/revoke_token/") == 1u);
  });
}

BOOST_AUTO_TEST_SUITE_END()
