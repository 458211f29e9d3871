#include <boost/test/unit_test.hpp>

#include "jobs/leave/orphans.hpp"
#include "storage/quota.hpp"
#include "storage/sign_ins.hpp"
#include "tests/jobs/private_room.hpp"

// Grants that allow more than was wanted, and what a return from GitHub leaves behind.

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::sign_in::Arrival;
using jobs::sign_in::arrive_from_openhumans;
using jobs::sign_in::Arrived;
using storage::MemberState;
using test::PrivateRoom;
using Life = PrivateRoom::Life;

namespace {

const std::string grant_path = "/applications/Iv1.tidemark/grant";

struct Granting : PrivateRoom {
  [[nodiscard]] bool has_quota(const std::string& login) {
    bool found = false;
    const std::uint64_t account = world.world.account(login).database_id;
    world.engine->read([&](const storage::Reader& reader) {
      found = storage::find_quota(reader, storage::account_owner(account), "core").has_value();
    });
    return found;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(arrive_grants, Granting)

BOOST_AUTO_TEST_CASE(a_grant_for_more_than_was_wanted_is_ended_and_the_next_one_is_taken) {
  const std::string old = token("github")->access;
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived wide = co_await arrive(life, from_github("mona", "s1", "repo"), false);
    BOOST_TEST((wide.arrival == Arrival::too_wide), wide);
    BOOST_TEST(asked(grant_path) == 1u);
    BOOST_TEST(held() == 0u);
    BOOST_TEST(!github_accepts(old));
    BOOST_TEST((world.member(id).state == MemberState::not_connected));
    auto second = from_github("mona", "s2");
    second.again = true;
    const Arrived narrow = co_await arrive(life, std::move(second), false);
    BOOST_TEST((narrow.arrival == Arrival::done), narrow);
    life.runner.wake();
    (void)co_await life.wait(id);
    (void)co_await life.wait_for("disconnect", id);
  });
  BOOST_TEST(github_accepts(token("github")->access));
  expect_none("cellar");
  world.check();
}

BOOST_AUTO_TEST_CASE(the_second_grant_is_taken_as_it_is_and_nothing_private_is_read_with_it) {
  world.live([&](Life& life) -> async::Task<void> {
    auto second = from_github("mona", "s1", "repo");
    second.again = true;
    const Arrived arrived = co_await arrive(life, std::move(second), false);
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    BOOST_TEST(asked(grant_path) == 0u);
    life.runner.wake();
    (void)co_await life.wait(id);
  });
  expect_none("cellar");
  BOOST_TEST(world.seen(id).commits.size() == 4u);
}

BOOST_AUTO_TEST_CASE(the_tokens_of_a_github_app_are_never_too_wide_and_nothing_private_is_read) {
  use_github_app();
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_github("mona", "s1"), false);
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    BOOST_TEST(asked(grant_path) == 0u);
  });
}

BOOST_AUTO_TEST_CASE(a_grant_that_cannot_be_ended_just_now_is_taken_as_it_is) {
  simulators::Fault fault;
  fault.kind = simulators::FaultKind::status_html;
  fault.path = grant_path;
  world.github.faults().add(fault);
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_github("mona", "s1", "repo"), false);
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    life.runner.wake();
    (void)co_await life.wait(id);
  });
  expect_none("cellar");
}

BOOST_AUTO_TEST_CASE(the_grant_of_another_member_is_not_ended) {
  add_unconnected(newcomer);
  const std::string theirs = token("github")->access;
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived =
        co_await arrive(life, from_github("mona", "s1", "repo"), false, newcomer);
    BOOST_TEST((arrived.arrival == Arrival::linked_elsewhere), arrived);
    BOOST_TEST(asked(grant_path) == 0u);
    BOOST_TEST(github_accepts(theirs));
  });
}

BOOST_AUTO_TEST_CASE(no_quota_is_stored_of_an_account_that_is_no_members) {
  add_unconnected(newcomer);
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived other = co_await arrive(life, from_github("lisa", "s1"), false);
    BOOST_TEST((other.arrival == Arrival::other_account), other);
    const Arrived less = co_await arrive(life, from_github("lisa", "s2"), true, newcomer);
    BOOST_TEST((less.arrival == Arrival::scope_missing), less);
    const Arrived gone = co_await arrive(life, from_github("lisa", "s3"), false, "00000099");
    BOOST_TEST((gone.arrival == Arrival::no_member), gone);
    const Arrived wide = co_await arrive(life, from_github("lisa", "s4", "repo"), false, newcomer);
    BOOST_TEST((wide.arrival == Arrival::too_wide), wide);
    BOOST_TEST(!has_quota("lisa"));
    const Arrived done = co_await arrive(life, from_github("lisa", "s5"), false, newcomer);
    BOOST_TEST((done.arrival == Arrival::done), done);
    BOOST_TEST(has_quota("lisa"));
  });
  world.check();
}

BOOST_AUTO_TEST_CASE(an_outage_stores_nothing_of_a_member_who_is_gone) {
  simulators::Fault fault;
  fault.kind = simulators::FaultKind::status_html;
  fault.path = "/user";
  world.github.faults().add(fault);
  at_request = [&](const http::Request& request) {
    if (request.target != "/user") return;
    world.engine->write([&](storage::Writer& writer) {
      (void)jobs::leave::remove_member(writer, world.sealer, id, now_ms());
    });
  };
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived gone = co_await arrive(life, from_github("mona", "s1"), false, id);
    BOOST_TEST((gone.arrival == Arrival::outage), gone);
  });
  world.engine->read([&](const storage::Reader& reader) {
    const auto unknown = storage::unknown_account_owner(id);
    BOOST_TEST(!storage::find_quota(reader, unknown, "core").has_value());
  });
}

BOOST_AUTO_TEST_CASE(the_old_tokens_end_also_when_it_was_the_other_providers_that_had_died) {
  const std::string github_before = token("github")->access;
  const std::string openhumans_before = token("openhumans")->refresh;
  change(id, [](storage::Member& row) {
    row.state = MemberState::needs_sign_in;
    row.state_reason = "of the other one";
  });
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_github("mona", "s1"), false);
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    change(id, [](storage::Member& row) { row.state = MemberState::needs_sign_in; });
    auto services = life.services();
    const Arrived again = co_await arrive_from_openhumans(services, from_openhumans(id, "s2"), {});
    BOOST_TEST((again.arrival == Arrival::done), again);
    life.runner.wake();
    (void)co_await life.wait_for("disconnect", id);
  });
  BOOST_TEST(!github_accepts(github_before));
  BOOST_TEST(rows_with(github_before).empty());
  BOOST_TEST(rows_with(openhumans_before).empty());
  BOOST_TEST(world.openhumans.live_tokens(id).used == 1u);
}

BOOST_AUTO_TEST_CASE(a_sign_in_that_was_ended_meanwhile_connects_nobody) {
  const std::string before = token("github")->access;
  const auto look = at_request;
  at_request = [&](const http::Request& request) {
    look(request);
    if (request.target != "/user") return;
    world.engine->write([&](storage::Writer& writer) { storage::erase_sign_ins_of(writer, id); });
  };
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_github("mona", "s1"), false);
    BOOST_TEST((arrived.arrival == Arrival::replayed), arrived);
    auto services = life.services();
    at_request = [&](const http::Request& request) {
      if (request.target.find("exchange-member") == std::string::npos) return;
      world.engine->write([&](storage::Writer& writer) {
        for (const auto& each : storage::list_sign_ins(writer, "", 100)) {
          storage::end_sign_in(writer, each.digest);
        }
      });
    };
    const Arrived late =
        co_await arrive_from_openhumans(services, from_openhumans(newcomer, "s2"), {});
    BOOST_TEST((late.arrival == Arrival::replayed), late);
  });
  BOOST_TEST(token("github")->access == before);
  BOOST_TEST(!token("openhumans", newcomer).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
