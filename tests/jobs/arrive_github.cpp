#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "jobs/leave/leave_job.hpp"
#include "jobs/leave/orphans.hpp"
#include "storage/quota.hpp"
#include "storage/sign_ins.hpp"
#include "tests/jobs/arrival_room.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::sign_in::Arrival;
using jobs::sign_in::arrive_from_github;
using jobs::sign_in::Arrived;
using simulators::Fault;
using simulators::FaultKind;
using storage::MemberState;
using test::ArrivalRoom;
using Life = ArrivalRoom::Life;

namespace {

struct Connecting : ArrivalRoom {
  Connecting() { add_unconnected(newcomer); }

  async::Task<Arrived> arrive(Life& life, jobs::sign_in::Return back, std::string member = newcomer,
                              bool wants_private = false) {
    auto services = life.services();
    co_return co_await arrive_from_github(services, std::move(member), wants_private,
                                          std::move(back));
  }
  [[nodiscard]] std::uint64_t account_id(const std::string& login) {
    return world.world.account(login).database_id;
  }
  // After a refusal: the new token is dead, and the member is as before.
  void expect_nothing_changed(const std::string& member) {
    BOOST_TEST(held() == 0u);
    BOOST_TEST(asked("/applications/Iv1.tidemark/token") == 1u);
    BOOST_TEST(asked("/applications/Iv1.tidemark/grant") == 0u);
    BOOST_TEST(!job("sync", member));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(arriving_from_github, Connecting)

BOOST_AUTO_TEST_CASE(a_member_is_connected_and_synced_first) {
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_github("lisa", "s1"));
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    BOOST_TEST(arrived.login == "lisa");
    const storage::Member member = world.member(newcomer);
    BOOST_TEST((member.state == MemberState::active));
    BOOST_TEST(member.login == "lisa");
    BOOST_TEST(member.github_id == account_id("lisa"));
    BOOST_TEST(!member.wants_private);
    BOOST_TEST(job("sync", newcomer)->priority == 10u);
    BOOST_TEST(held() == 0u);
    // The request was of the account's quota, and nothing stands under the unknown one.
    world.engine->read([&](const storage::Reader& reader) {
      const auto row =
          storage::find_quota(reader, storage::account_owner(member.github_id), "core");
      BOOST_REQUIRE(row.has_value());
      BOOST_TEST(row->requests == 1u);
      const auto unknown = storage::unknown_account_owner(newcomer);
      BOOST_TEST(!storage::find_quota(reader, unknown, "core").has_value());
    });
    life.runner.wake();
    const storage::Job job = co_await life.wait(newcomer);
    BOOST_TEST((job.state == storage::JobState::done), job.last_error);
  });
  world.check();
}

BOOST_AUTO_TEST_CASE(the_same_return_counts_once) {
  world.live([&](Life& life) -> async::Task<void> {
    const auto back = from_github("lisa", "s1");
    const Arrived first = co_await arrive(life, back);
    const Arrived second = co_await arrive(life, back);
    BOOST_TEST((first.arrival == Arrival::done), first);
    BOOST_TEST((second.arrival == Arrival::replayed), second);
  });
}

BOOST_AUTO_TEST_CASE(a_member_who_connects_the_same_account_again_goes_on_with_the_new_token) {
  const std::string old = token("github")->access;
  change(id, [&](storage::Member& row) { row.github_id = account_id("mona"); });
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_github("mona", "s1"), id);
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    life.runner.wake();
    (void)co_await life.wait_for("disconnect", id);
    BOOST_TEST(!github_accepts(old));
    BOOST_TEST(github_accepts(token("github")->access));
  });
}

BOOST_AUTO_TEST_CASE(another_account_than_the_one_of_the_weeks_is_refused) {
  change(id, [&](storage::Member& row) { row.github_id = account_id("mona"); });
  const std::string old = token("github")->access;
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_github("lisa", "s1"), id);
    BOOST_TEST((arrived.arrival == Arrival::other_account), arrived);
    BOOST_TEST(arrived.login == "lisa");
  });
  expect_nothing_changed(id);
  BOOST_TEST(token("github")->access == old);
  BOOST_TEST(github_accepts(old));
}

BOOST_AUTO_TEST_CASE(an_account_that_is_another_members_is_refused) {
  change(id, [&](storage::Member& row) { row.github_id = account_id("mona"); });
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_github("mona", "s1"));
    BOOST_TEST((arrived.arrival == Arrival::linked_elsewhere), arrived);
  });
  expect_nothing_changed(newcomer);
  BOOST_TEST((world.member(newcomer).state == MemberState::not_connected));
  BOOST_TEST(github_accepts(token("github")->access));
}

BOOST_AUTO_TEST_CASE(nobody_is_connected_who_is_gone_or_going) {
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived gone = co_await arrive(life, from_github("lisa", "s1"), "00000099");
    BOOST_TEST((gone.arrival == Arrival::no_member), gone);
    change(newcomer, [](storage::Member& row) { row.state = MemberState::leaving; });
    const Arrived going = co_await arrive(life, from_github("lisa", "s2"));
    BOOST_TEST((going.arrival == Arrival::leaving), going);
    BOOST_TEST(held() == 0u);
    BOOST_TEST(asked("/applications/Iv1.tidemark/token") == 2u);
  });
}

BOOST_AUTO_TEST_CASE(private_work_needs_the_scope_that_was_granted) {
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived without = co_await arrive(life, from_github("lisa", "s1"), newcomer, true);
    BOOST_TEST((without.arrival == Arrival::scope_missing), without);
    expect_nothing_changed(newcomer);
    const Arrived with = co_await arrive(life, from_github("lisa", "s2", "repo"), newcomer, true);
    BOOST_TEST((with.arrival == Arrival::done), with);
    BOOST_TEST(world.member(newcomer).wants_private);
  });
}

BOOST_AUTO_TEST_CASE(tokens_of_a_github_app_have_no_scopes_and_an_end) {
  world.github.credentials().github_app = true;
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_github("lisa", "s1"), newcomer, true);
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    const auto stored = token("github", newcomer);
    BOOST_TEST(!stored->refresh.empty());
    BOOST_TEST(stored->expires_ms > now_ms());
  });
}

BOOST_AUTO_TEST_CASE(what_github_refuses_is_told_as_what_it_is) {
  world.live([&](Life& life) -> async::Task<void> {
    auto unknown = from_github("lisa", "s1");
    unknown.code = "unknown";
    const Arrived first = co_await arrive(life, std::move(unknown));
    BOOST_TEST((first.arrival == Arrival::bad_code), first);
    world.github.credentials().unverified_logins.insert("lisa");
    const Arrived second = co_await arrive(life, from_github("lisa", "s2"));
    BOOST_TEST((second.arrival == Arrival::unverified_mail), second);
    world.github.credentials().client_secret = "another";
    const Arrived third = co_await arrive(life, from_github("lisa", "s3"));
    BOOST_TEST((third.arrival == Arrival::client_refused), third);
  });
  BOOST_TEST(held() == 0u);
}

BOOST_AUTO_TEST_CASE(an_outage_leaves_the_person_free_to_start_over) {
  Fault fault;
  fault.kind = FaultKind::status_html;
  fault.path = "/user";
  world.github.faults().add(fault);
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_github("lisa", "s1"));
    BOOST_TEST((arrived.arrival == Arrival::outage), arrived);
    BOOST_TEST(held() == 1u);
    world.github.faults().clear();
    const Arrived again = co_await arrive(life, from_github("lisa", "s2"));
    BOOST_TEST((again.arrival == Arrival::done), again);
  });
}

BOOST_AUTO_TEST_CASE(a_limit_of_github_is_told_with_its_end) {
  Fault fault;
  fault.kind = FaultKind::secondary;
  fault.path = "/user";
  fault.status = 403;
  fault.retry_after_s = 90;
  fault.times = 1;
  world.github.faults().add(fault);
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived first = co_await arrive(life, from_github("lisa", "s1"));
    const Arrived second = co_await arrive(life, from_github("lisa", "s2"));
    BOOST_TEST((second.arrival == Arrival::outage), second);
    BOOST_TEST(second.message.find("UTC") != std::string::npos, second);
    BOOST_TEST(asked("/user") == 1u);  // the second did not ask at all
    co_await life.pass(std::chrono::minutes(3));
    const Arrived third = co_await arrive(life, from_github("lisa", "s3"));
    BOOST_TEST((third.arrival == Arrival::done), third);
  });
}

BOOST_AUTO_TEST_CASE(who_goes_while_a_code_is_exchanged_does_not_come_back_into_the_store) {
  for (const bool removed : {true, false}) {
    Connecting room;
    std::size_t held_most = 0;
    bool gone = false;
    room.at_request = [&](const http::Request& request) {
      held_most = std::max(held_most, room.held());
      if (request.target != "/login/oauth/access_token") return;
      gone = true;
      room.world.engine->write([&](storage::Writer& writer) {
        if (removed) {
          (void)jobs::leave::remove_member(writer, room.world.sealer, newcomer, room.now_ms());
        } else {
          (void)jobs::leave::begin_leaving(writer, newcomer, {false, "the member"}, room.now_ms());
        }
      });
    };
    room.world.live([&](Life& life) -> async::Task<void> {
      const Arrived arrived = co_await room.arrive(life, room.from_github("lisa", "s1"));
      BOOST_TEST((arrived.arrival == (removed ? Arrival::no_member : Arrival::leaving)), arrived);
      BOOST_TEST(gone);
      BOOST_TEST(room.held() == 0u);
      life.runner.wake();
      (void)co_await life.wait_for("leave", newcomer);
      (void)co_await life.wait_for("tidy", "all");
    });
    // Not even for the moment of asking whose the token is: rows that are erased stay on disk.
    BOOST_TEST(held_most == 0u);
    BOOST_TEST(room.asked("/user") == 0u);
    BOOST_TEST(room.asked("/applications/Iv1.tidemark/token") == 1u);
    BOOST_TEST(room.rows_with(newcomer).empty());
    BOOST_TEST(room.rows_with("gho_").size() == 1u);  // the other member's
  }
}

BOOST_AUTO_TEST_CASE(a_token_of_who_is_gone_is_ended_later_when_github_is_out) {
  Fault fault;
  fault.kind = FaultKind::status_html;
  fault.path = "/applications/";
  world.github.faults().add(fault);
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived gone = co_await arrive(life, from_github("lisa", "s1"), "00000099");
    BOOST_TEST((gone.arrival == Arrival::no_member), gone);
    BOOST_TEST(rows_with("00000099").empty());
    BOOST_TEST(rows_with("gho_").size() == 2u);  // the other member's is one of them
    world.github.faults().clear();
    world.engine->write([&](storage::Writer& writer) {
      storage::Job tidy;
      tidy.kind = "tidy";
      tidy.key = "all";
      storage::enqueue_job(writer, std::move(tidy), now_ms());
    });
    life.runner.wake();
    (void)co_await life.wait_for("tidy", "all");
    BOOST_TEST(rows_with("gho_").size() == 1u);
  });
}

BOOST_AUTO_TEST_SUITE_END()
