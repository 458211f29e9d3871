#include <boost/test/unit_test.hpp>

#include "jobs/token_keeper.hpp"
#include "storage/jobs.hpp"
#include "tests/jobs/token_room.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::FreshToken;
using simulators::Fault;
using simulators::FaultKind;
using test::text_of;
using test::TokenRoom;
using test::trouble_of;
using Kind = jobs::TokenTrouble::Kind;
using Life = TokenRoom::Life;

namespace {

const std::string oh = "openhumans";

struct Keeping : TokenRoom {
  // Somebody who asks beside the test.
  void ask(Life& life, async::TaskGroup& group, std::optional<FreshToken>& answer,
           std::string refused = {}) {
    auto task = [](jobs::TokenKeeper& keeper, std::optional<FreshToken>& slot,
                   std::string bad) -> async::Task<void> {
      slot = co_await keeper.fresh(id, oh, std::move(bad));
    };
    const bool spawned = group.spawn("asker", task(life.tokens, answer, std::move(refused)));
    BOOST_REQUIRE(spawned);
  }
  void slow(std::int64_t delay_ms) { world.openhumans.settings().service_ms = delay_ms; }
  void fault(FaultKind kind, std::uint64_t times) {
    Fault made;
    made.kind = kind;
    made.path = "/oauth2/token/";
    made.times = times;
    world.openhumans.faults().add(made);
  }
  async::Task<bool> works(Life& life, std::string access) {
    auto project = co_await life.openhumans.project_id(std::move(access));
    co_return project.ok();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(token_keeper, Keeping)

BOOST_AUTO_TEST_CASE(a_token_that_is_good_is_given_without_asking_anybody) {
  world.live([&](Life& life) -> async::Task<void> {
    const FreshToken fresh = co_await life.tokens.fresh(id, oh);
    BOOST_TEST(text_of(fresh) == token(oh)->access);
    BOOST_TEST(refreshes() == 0u);
  });
}

BOOST_AUTO_TEST_CASE(two_who_ask_at_once_share_one_renewal) {
  slow(2'000);
  expire(oh);
  world.live([&](Life& life) -> async::Task<void> {
    std::optional<FreshToken> first, second;
    ask(life, life.tasks, first);
    ask(life, life.tasks, second);
    const FreshToken third = co_await life.tokens.fresh(id, oh);
    co_await life.pass(std::chrono::milliseconds(10));
    BOOST_REQUIRE((first && second));
    BOOST_TEST(text_of(*first) == token(oh)->access);
    BOOST_TEST(text_of(*second) == text_of(*first));
    BOOST_TEST(text_of(third) == text_of(*first));
    BOOST_TEST(refreshes() == 1u);
    const bool good = co_await works(life, text_of(third));
    BOOST_TEST(good);
  });
}

BOOST_AUTO_TEST_CASE(one_whose_token_was_refused_while_another_renewed_it_gets_the_new_one) {
  const std::string old = token(oh)->access;
  world.live([&](Life& life) -> async::Task<void> {
    const FreshToken first = co_await life.tokens.fresh(id, oh, old);
    const FreshToken second = co_await life.tokens.fresh(id, oh, old);
    BOOST_TEST(text_of(second) == text_of(first));
    BOOST_TEST(refreshes() == 1u);
  });
}

BOOST_AUTO_TEST_CASE(an_asker_who_is_cancelled_goes_at_once_and_takes_no_pair_along) {
  slow(2'000);
  expire(oh);
  world.live([&](Life& life) -> async::Task<void> {
    async::TaskGroup askers(world.simulation.executor(), 1, {});
    std::optional<FreshToken> answer;
    ask(life, askers, answer);
    co_await life.pass(std::chrono::milliseconds(500));
    const std::int64_t before_ms = now_ms();
    askers.cancel();
    co_await askers.join();
    BOOST_TEST(now_ms() - before_ms < 10);
    BOOST_TEST(!answer.has_value());
    co_await life.pass(std::chrono::seconds(5));
    const bool good = co_await works(life, token(oh)->access);
    BOOST_TEST(good);
    BOOST_TEST(refreshes() == 1u);
  });
}

BOOST_AUTO_TEST_CASE(a_job_that_lost_its_lease_does_not_take_the_pair_along) {
  slow(2'000);
  expire(oh);
  world.live([&](Life& life) -> async::Task<void> {
    co_await life.enqueue(id);
    while (refreshes() == 0) co_await life.pass(std::chrono::milliseconds(20));
    auto cancel = [&](storage::Writer& writer) { storage::cancel_jobs(writer, "sync", id); };
    co_await life.store.write(storage::Durability::now, std::move(cancel));
    co_await life.pass(std::chrono::seconds(10));
    const bool good = co_await works(life, token(oh)->access);
    BOOST_TEST(good);
    BOOST_TEST((world.member(id).state == storage::MemberState::active));
  });
}

BOOST_AUTO_TEST_CASE(a_pair_that_finds_no_room_is_held_until_there_is_some) {
  expire(oh);
  world.live([&](Life& life) -> async::Task<void> {
    engine->full = true;
    std::optional<FreshToken> answer;
    ask(life, life.tasks, answer);
    co_await life.pass(std::chrono::seconds(60));
    BOOST_TEST(!answer.has_value());
    engine->full = false;
    co_await life.pass(std::chrono::seconds(6));
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(text_of(*answer) == token(oh)->access);
    BOOST_TEST(refreshes() == 1u);
  });
}

BOOST_AUTO_TEST_CASE(who_waits_long_for_room_is_told_so_and_the_pair_is_held_on) {
  expire(oh);
  world.live([&](Life& life) -> async::Task<void> {
    engine->full = true;
    const FreshToken fresh = co_await life.tokens.fresh(id, oh);
    BOOST_TEST((trouble_of(fresh) == Kind::outage));
    engine->full = false;
    const FreshToken later = co_await life.tokens.fresh(id, oh);
    BOOST_TEST(text_of(later) == token(oh)->access);
    BOOST_TEST(refreshes() == 1u);
  });
}

BOOST_AUTO_TEST_CASE(a_pair_that_found_no_room_is_stored_when_the_daemon_stops) {
  expire(oh);
  std::optional<FreshToken> answer;
  world.live([&](Life& life) -> async::Task<void> {
    engine->full = true;
    ask(life, life.tasks, answer);
    co_await life.pass(std::chrono::seconds(11));
    engine->full = false;
  });
  world.live([&](Life& life) -> async::Task<void> {
    const bool good = co_await works(life, token(oh)->access);
    BOOST_TEST(good);
  });
}

BOOST_AUTO_TEST_CASE(a_renewal_under_way_is_stored_before_the_daemon_ends) {
  slow(2'000);
  expire(oh);
  std::optional<FreshToken> answer;
  world.live([&](Life& life) -> async::Task<void> {
    ask(life, life.tasks, answer);
    co_await life.pass(std::chrono::milliseconds(100));
  });
  world.live([&](Life& life) -> async::Task<void> {
    const bool good = co_await works(life, token(oh)->access);
    BOOST_TEST(good);
  });
  BOOST_TEST(refreshes() == 1u);
}

BOOST_AUTO_TEST_CASE(a_sign_in_that_came_meanwhile_wins_and_the_other_pair_is_ended) {
  expire(oh);
  const auto now = world.simulation.clock().wall_now();
  auto& person = *world.openhumans.find_member(id);
  const auto& newer = world.openhumans.add_pair(person, now, "newer-access", "newer-refresh");
  at_request = [&](const http::Request& request) {
    if (request.target != "/oauth2/token/") return;
    put_token(oh, {newer.access, newer.refresh, newer.expires_ms, ""});
  };
  world.live([&](Life& life) -> async::Task<void> {
    const FreshToken fresh = co_await life.tokens.fresh(id, oh);
    BOOST_TEST(text_of(fresh) == "newer-access");
    co_await life.pass(std::chrono::seconds(2));
    BOOST_TEST(token(oh)->refresh == "newer-refresh");
    BOOST_TEST(asked("/oauth2/revoke_token/") == 1u);
    BOOST_TEST(!newer.revoked);
  });
}

BOOST_AUTO_TEST_CASE(the_pair_of_a_member_who_is_gone_is_ended_and_not_stored) {
  expire(oh);
  at_request = [&](const http::Request& request) {
    if (request.target != "/oauth2/token/") return;
    world.engine->write([&](storage::Writer& writer) { storage::erase_member(writer, id); });
  };
  world.live([&](Life& life) -> async::Task<void> {
    const FreshToken fresh = co_await life.tokens.fresh(id, oh);
    BOOST_TEST((trouble_of(fresh) == Kind::absent));
    co_await life.pass(std::chrono::seconds(2));
    BOOST_TEST(asked("/oauth2/revoke_token/") == 1u);
    BOOST_TEST(rows_with(id).empty());
  });
}

BOOST_AUTO_TEST_CASE(an_answer_cut_on_the_way_is_asked_for_once_more_and_may_bring_the_pair) {
  world.openhumans.settings().same_pair_ms = 5'000;
  fault(FaultKind::cut_after, 1);
  expire(oh);
  world.live([&](Life& life) -> async::Task<void> {
    const FreshToken fresh = co_await life.tokens.fresh(id, oh);
    const bool good = co_await works(life, text_of(fresh));
    BOOST_TEST(good);
  });
}

BOOST_AUTO_TEST_CASE(an_outage_is_no_reason_to_sign_in_again) {
  fault(FaultKind::status_html, 2);
  expire(oh);
  world.live([&](Life& life) -> async::Task<void> {
    const FreshToken fresh = co_await life.tokens.fresh(id, oh);
    BOOST_TEST((trouble_of(fresh) == Kind::outage));
    const FreshToken later = co_await life.tokens.fresh(id, oh);
    const bool good = co_await works(life, text_of(later));
    BOOST_TEST(good);
  });
}

BOOST_AUTO_TEST_CASE(a_pair_that_is_dead_is_asked_for_twice_and_then_called_so) {
  world.openhumans.leave(id);
  expire(oh);
  world.live([&](Life& life) -> async::Task<void> {
    const FreshToken fresh = co_await life.tokens.fresh(id, oh);
    BOOST_TEST((trouble_of(fresh) == Kind::refused));
    BOOST_TEST(refreshes() == 2u);
    BOOST_TEST(std::get<jobs::TokenTrouble>(fresh).used == token(oh)->access);
  });
}

BOOST_AUTO_TEST_CASE(our_own_client_refused_stops_all_renewals_but_one_every_ten_minutes) {
  world.add_member("00000043", "mona");
  world.openhumans.settings().client_secret = "another";
  expire(oh);
  world.live([&](Life& life) -> async::Task<void> {
    const FreshToken first = co_await life.tokens.fresh(id, oh);
    BOOST_TEST((trouble_of(first) == Kind::client_refused));
    const FreshToken second = co_await life.tokens.fresh(id, oh);
    const FreshToken other =
        co_await life.tokens.fresh("00000043", oh, token(oh, "00000043")->access);
    BOOST_TEST((trouble_of(second) == Kind::client_refused));
    BOOST_TEST((trouble_of(other) == Kind::client_refused));
    BOOST_TEST(refreshes() == 1u);
    BOOST_REQUIRE(life.client_events.size() == 1u);
    BOOST_TEST(life.client_events[0].find("openhumans.client_secret_file") != std::string::npos);
    co_await life.pass(std::chrono::minutes(35));
    BOOST_TEST(refreshes() == 4u);  // by itself: whoever would ask may be held
    BOOST_TEST(life.client_events.size() == 1u);
    world.openhumans.settings().client_secret = "simulated-secret";
    co_await life.pass(std::chrono::minutes(10));
    BOOST_REQUIRE(life.client_events.size() == 2u);
    BOOST_TEST(life.client_events[1] == "openhumans: ");
    const FreshToken last = co_await life.tokens.fresh(id, oh);
    const bool good = co_await works(life, text_of(last));
    BOOST_TEST(good);
    BOOST_TEST(refreshes() == 5u);
  });
}

BOOST_AUTO_TEST_CASE(a_github_token_without_end_is_given_until_it_is_refused) {
  const std::string stored = token("github")->access;
  world.live([&](Life& life) -> async::Task<void> {
    const FreshToken good = co_await life.tokens.fresh(id, "github");
    BOOST_TEST(text_of(good) == stored);
    const FreshToken other = co_await life.tokens.fresh(id, "github", "another");
    BOOST_TEST(text_of(other) == stored);
    const FreshToken dead = co_await life.tokens.fresh(id, "github", stored);
    BOOST_TEST((trouble_of(dead) == Kind::refused));
    const FreshToken none = co_await life.tokens.fresh("00000099", "github");
    BOOST_TEST((trouble_of(none) == Kind::absent));
  });
  BOOST_TEST(asked("/login/oauth/access_token") == 0u);
}

BOOST_AUTO_TEST_CASE(a_github_app_token_is_renewed_a_minute_before_its_end) {
  use_github_app();
  const std::string first = token("github")->access;
  world.live([&](Life& life) -> async::Task<void> {
    co_await life.pass(std::chrono::hours(8) - std::chrono::seconds(62));
    const FreshToken still = co_await life.tokens.fresh(id, "github");
    BOOST_TEST(text_of(still) == first);
    co_await life.pass(std::chrono::seconds(4));
    const FreshToken fresh = co_await life.tokens.fresh(id, "github");
    BOOST_TEST(text_of(fresh) != first);
    BOOST_TEST(text_of(fresh) == token("github")->access);
    const auto user = co_await life.github.get(text_of(fresh), "/user");
    BOOST_TEST((user.outcome == http::github::Outcome::ok));
  });
}

BOOST_AUTO_TEST_SUITE_END()
