#include <boost/test/unit_test.hpp>

#include "jobs/leave/leave_job.hpp"
#include "jobs/leave/orphans.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "tests/jobs/arrival_room.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::sign_in::Arrival;
using jobs::sign_in::arrive_from_github;
using jobs::sign_in::arrive_from_openhumans;
using test::ArrivalRoom;
using Life = ArrivalRoom::Life;

namespace {

struct Refused : ArrivalRoom {
  static bool names(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_refused, Refused)

BOOST_AUTO_TEST_CASE(a_wrong_secret_at_a_sign_in_holds_syncs_until_both_providers_take_us) {
  world.openhumans.settings().client_secret = "another";
  world.github.credentials().client_secret = "another";
  world.live([&](Life& life) -> async::Task<void> {
    auto services = life.services();
    const auto ours =
        co_await arrive_from_openhumans(services, from_openhumans(newcomer, "s1"), {});
    BOOST_TEST((ours.arrival == Arrival::client_refused), ours);
    BOOST_TEST(names(life.runner.held_reason(), "openhumans.client_secret_file"));
    BOOST_TEST(!names(life.runner.held_reason(), "github.client_secret_file"));
    const auto theirs = co_await arrive_from_github(services, id, false, from_github("mona", "s2"));
    BOOST_TEST((theirs.arrival == Arrival::client_refused), theirs);
    BOOST_TEST(names(life.runner.held_reason(), "openhumans.client_secret_file"));
    BOOST_TEST(names(life.runner.held_reason(), "github.client_secret_file"));
    BOOST_TEST(life.client_events.size() == 2u);
    co_await life.enqueue(id);
    co_await life.pass(std::chrono::minutes(25));
    BOOST_TEST((job("sync", id)->state == storage::JobState::ready));
    world.openhumans.settings().client_secret = "simulated-secret";
    co_await life.pass(std::chrono::minutes(10));
    BOOST_TEST(!names(life.runner.held_reason(), "openhumans.client_secret_file"));
    BOOST_TEST(names(life.runner.held_reason(), "github.client_secret_file"));
    BOOST_TEST((job("sync", id)->state == storage::JobState::ready));
    // A code that was exchanged shows it at once.
    world.github.credentials().client_secret = "simulated-secret";
    const auto again = co_await arrive_from_github(services, id, false, from_github("mona", "s3"));
    BOOST_TEST((again.arrival == Arrival::done), again);
    BOOST_TEST(life.runner.held_reason() == "");
    const auto synced = co_await life.wait(id);
    BOOST_TEST((synced.state == storage::JobState::done), synced.last_error);
  });
}

BOOST_AUTO_TEST_CASE(ending_a_token_tells_that_our_client_is_refused) {
  world.github.credentials().client_secret = "another";
  world.engine->write([&](storage::Writer& writer) {
    (void)jobs::leave::begin_disconnecting(writer, world.sealer, id, now_ms());
  });
  world.live([&](Life& life) -> async::Task<void> {
    life.runner.wake();
    co_await life.pass(std::chrono::seconds(10));
    BOOST_TEST(names(life.runner.held_reason(), "github.client_secret_file"));
    BOOST_REQUIRE(job("disconnect", id).has_value());
    BOOST_TEST(names(job("disconnect", id)->wait_reason, "github.client_secret_file"));
  });
}

BOOST_AUTO_TEST_CASE(the_device_flow_tells_that_our_client_is_refused) {
  world.github.credentials().client_id = "Iv1.another";
  world.engine->write([&](storage::Writer& writer) {
    (void)jobs::sign_in::begin_device_flow(writer, id, false, now_ms());
  });
  world.live([&](Life& life) -> async::Task<void> {
    life.runner.wake();
    (void)co_await life.wait_for("connect", id);
    BOOST_TEST(names(life.runner.held_reason(), "github.client_id"));
  });
}

BOOST_AUTO_TEST_CASE(syncs_go_on_although_the_member_whose_renewal_found_out_is_gone) {
  BOOST_REQUIRE((world.sync(id).state == storage::JobState::done));
  world.openhumans.settings().client_secret = "another";
  expire("openhumans");
  world.live([&](Life& life) -> async::Task<void> {
    co_await life.enqueue(id);
    co_await life.pass(std::chrono::minutes(1));
    BOOST_TEST(names(life.runner.held_reason(), "openhumans.client_secret_file"));
    world.engine->write([&](storage::Writer& writer) {
      (void)jobs::leave::remove_member(writer, world.sealer, id, now_ms());
    });
    co_await life.pass(std::chrono::hours(1));
    BOOST_TEST(names(life.runner.held_reason(), "openhumans.client_secret_file"));
    world.openhumans.settings().client_secret = "simulated-secret";
    co_await life.pass(std::chrono::minutes(11));
    BOOST_TEST(life.runner.held_reason() == "");
  });
}

BOOST_AUTO_TEST_SUITE_END()
