#include "jobs/sign_in/attempts.hpp"

#include <boost/test/unit_test.hpp>

#include "http/async/task_group.hpp"
#include "tests/jobs/arrival_room.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::sign_in::Arrival;
using jobs::sign_in::arrive_from_github;
using jobs::sign_in::arrive_from_openhumans;
using jobs::sign_in::Arrived;
using jobs::sign_in::AttemptLimits;
using jobs::sign_in::Attempts;
using jobs::sign_in::Return;
using test::ArrivalRoom;
using Life = ArrivalRoom::Life;

namespace {

struct Attempting : ArrivalRoom {
  Return bogus(const std::string& state) {
    Return back;
    back.state = state;
    back.code = "nobody-gave-this-code";
    back.verifier = std::string(43, 'v');
    back.redirect_uri = "https://tidemark.test/openhumans/complete";
    back.state_expires_ms = now_ms() + 7'200'000;
    return back;
  }
  // Somebody who comes back beside the test.
  static async::Task<void> arrive(jobs::sign_in::SignInServices services, Return back,
                                  std::map<Arrival, int>& ends) {
    const Arrived arrived = co_await arrive_from_openhumans(services, std::move(back), {});
    ++ends[arrived.arrival];
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(attempts, Attempting)

BOOST_AUTO_TEST_CASE(a_state_whose_code_was_refused_is_not_asked_about_again) {
  world.live([&](Life& life) -> async::Task<void> {
    auto services = life.services();
    for (int turn = 0; turn < 3; ++turn) {
      const Arrived ours = co_await arrive_from_openhumans(services, bogus("s1"), {});
      BOOST_TEST((ours.arrival == Arrival::bad_code), ours);
      const Arrived theirs = co_await arrive_from_github(services, id, false, bogus("s2"));
      BOOST_TEST((theirs.arrival == Arrival::bad_code), theirs);
    }
    BOOST_TEST(asked("/oauth2/token/") == 1u);
    BOOST_TEST(asked("/login/oauth/access_token") == 1u);
    const Arrived other = co_await arrive_from_openhumans(services, bogus("s3"), {});
    BOOST_TEST((other.arrival == Arrival::bad_code), other);
    BOOST_TEST(asked("/oauth2/token/") == 2u);
  });
}

BOOST_AUTO_TEST_CASE(an_outage_does_not_spend_the_state) {
  simulators::Fault fault;
  fault.kind = simulators::FaultKind::status_html;
  fault.path = "/oauth2/token/";
  fault.times = 1;
  world.openhumans.faults().add(fault);
  const Return back = from_openhumans(newcomer, "s1");
  world.live([&](Life& life) -> async::Task<void> {
    auto services = life.services();
    const Arrived first = co_await arrive_from_openhumans(services, back, {});
    BOOST_TEST((first.arrival == Arrival::outage), first);
    const Arrived second = co_await arrive_from_openhumans(services, back, {});
    BOOST_TEST((second.arrival == Arrival::done), second);
  });
}

BOOST_AUTO_TEST_CASE(a_crowd_of_bogus_codes_leaves_room_for_renewals) {
  world.openhumans.settings().service_ms = 2'000;
  expire("openhumans");
  world.live([&](Life& life) -> async::Task<void> {
    std::map<Arrival, int> ends;
    async::TaskGroup crowd(world.simulation.executor(), 200, {});
    for (int each = 0; each < 200; ++each) {
      std::string name = "stranger " + std::to_string(each);
      Return back = bogus(name);
      (void)crowd.spawn(std::move(name), arrive(life.services(), std::move(back), ends));
    }
    co_await life.pass(std::chrono::milliseconds(100));
    const std::int64_t before_ms = now_ms();
    const jobs::FreshToken fresh = co_await life.tokens.fresh(id, "openhumans");
    BOOST_TEST(std::holds_alternative<std::string>(fresh));
    BOOST_TEST(now_ms() - before_ms < 2'500);
    co_await crowd.join();
    BOOST_TEST(ends[Arrival::bad_code] + ends[Arrival::busy] == 200);
    BOOST_TEST(ends[Arrival::bad_code] >= 20);
    BOOST_TEST(ends[Arrival::busy] >= 100);
    BOOST_TEST(now_ms() - before_ms < 15'000);
  });
}

BOOST_AUTO_TEST_CASE(one_address_does_not_keep_the_others_from_signing_in) {
  world.openhumans.settings().service_ms = 800;
  world.live([&](Life& life) -> async::Task<void> {
    std::map<Arrival, int> ends;
    async::TaskGroup crowd(world.simulation.executor(), 300, {});
    const auto storm = [&](Life& of, int wave) {
      for (int each = 0; each < 100; ++each) {
        std::string name = "stranger " + std::to_string(wave * 100 + each);
        Return back = bogus(name);
        back.address = "192.0.2.66";
        (void)crowd.spawn(std::move(name), arrive(of.services(), std::move(back), ends));
      }
    };
    storm(life, 0);
    co_await life.pass(std::chrono::milliseconds(2'000));
    storm(life, 1);
    Return honest = from_openhumans(newcomer, "s1");
    honest.address = "192.0.2.1";
    const std::int64_t before_ms = now_ms();
    auto services = life.services();
    const Arrived ours = co_await arrive_from_openhumans(services, honest, {});
    BOOST_TEST((ours.arrival == Arrival::done), ours);
    BOOST_TEST(now_ms() - before_ms < 4'000);  // two turns of the others, and its own questions
    co_await crowd.join();
  });
}

BOOST_AUTO_TEST_CASE(a_state_sent_many_times_at_once_is_not_asked_about_again_and_again) {
  world.openhumans.settings().service_ms = 800;
  world.live([&](Life& life) -> async::Task<void> {
    std::map<Arrival, int> ends;
    async::TaskGroup crowd(world.simulation.executor(), 40, {});
    for (int each = 0; each < 40; ++each) {
      std::string name = "turn " + std::to_string(each);
      (void)crowd.spawn(std::move(name), arrive(life.services(), bogus("s1"), ends));
    }
    co_await crowd.join();
    BOOST_TEST(asked("/oauth2/token/") == AttemptLimits{}.at_once);
    BOOST_TEST(ends[Arrival::bad_code] + ends[Arrival::busy] == 40);
  });
}

BOOST_AUTO_TEST_CASE(places_are_given_in_order_and_come_back_however_a_run_ends) {
  auto& clock = world.simulation.clock();
  world.live([&](Life& life) -> async::Task<void> {
    Attempts few(world.simulation.executor(), clock,
                 AttemptLimits{1, 2, 2, std::chrono::seconds(1), 3});
    auto first = co_await few.enter("github", "192.0.2.1");
    BOOST_REQUIRE(first.has_value());
    auto elsewhere = co_await few.enter("openhumans", "192.0.2.1");
    BOOST_TEST(elsewhere.has_value());
    auto late = co_await few.enter("github", "192.0.2.1");
    BOOST_TEST(!late.has_value());
    async::TaskGroup waiting(world.simulation.executor(), 4, {});
    const auto wait = [](Attempts& of, bool& got) -> async::Task<void> {
      got = (co_await of.enter("github", "192.0.2.1")).has_value();
    };
    bool cancelled = false, second = false, third = false;
    async::TaskGroup leaver(world.simulation.executor(), 1, {});
    (void)leaver.spawn("leaver", wait(few, cancelled));
    (void)waiting.spawn("second", wait(few, second));
    co_await life.pass(std::chrono::milliseconds(10));
    (void)waiting.spawn("one too many", wait(few, third));
    co_await life.pass(std::chrono::milliseconds(10));
    leaver.cancel();
    co_await leaver.join();
    first.reset();
    co_await waiting.join();
    BOOST_TEST(second);
    BOOST_TEST(!cancelled);
    BOOST_TEST(!third);
    const auto again = co_await few.enter("github", "192.0.2.1");
    BOOST_TEST(again.has_value());
  });
}

BOOST_AUTO_TEST_CASE(what_was_refused_is_forgotten_with_its_state_and_never_grows) {
  auto& clock = world.simulation.clock();
  world.live([&](Life& life) -> async::Task<void> {
    Attempts few(world.simulation.executor(), clock,
                 AttemptLimits{1, 2, 2, std::chrono::seconds(1), 3});
    for (const char* digest : {"a", "b", "c", "d"}) few.refuse(digest, now_ms() + 1'000);
    BOOST_TEST(!few.was_refused("a"));
    BOOST_TEST(few.was_refused("d"));
    co_await life.pass(std::chrono::seconds(2));
    few.refuse("e", now_ms() + 1'000);
    BOOST_TEST(!few.was_refused("d"));
    BOOST_TEST(few.was_refused("e"));
  });
}

BOOST_AUTO_TEST_SUITE_END()
