#include <boost/test/unit_test.hpp>

#include "jobs/leave/leave_job.hpp"
#include "jobs/leave/orphans.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "storage/jobs.hpp"
#include "tests/jobs/arrival_room.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::sign_in::DeviceState;
using simulators::Fault;
using simulators::FaultKind;
using storage::MemberState;
using test::ArrivalRoom;
using test::Died;
using Life = ArrivalRoom::Life;
using Step = DeviceState::Step;

namespace {

const std::string polling = "/login/oauth/access_token";

struct Device : ArrivalRoom {
  Device() { add_unconnected(newcomer); }

  void begin(bool wants_private = false, const std::string& member = newcomer) {
    world.engine->write([&](storage::Writer& writer) {
      (void)jobs::sign_in::begin_device_flow(writer, member, wants_private, now_ms());
    });
  }
  [[nodiscard]] DeviceState state(const std::string& member = newcomer) {
    std::optional<DeviceState> found;
    world.engine->read([&](const storage::Reader& reader) {
      found = jobs::sign_in::find_device_state(reader, member);
    });
    return found.value_or(DeviceState{});
  }
  // What a person does at GitHub with the code.
  void type(const std::string& login, const std::string& allow = "yes",
            const std::string& scopes = {}) {
    http::Request page;
    page.method = "POST";
    page.target = "/login/device";
    page.headers.set("User-Agent", "a browser");
    page.headers.set("Content-Type", "application/x-www-form-urlencoded");
    page.headers.set("Cookie", "sim_github=" + login);
    http::Form form{{"user_code", state().user_code}, {"allow", allow}, {"choose", "1"}};
    if (!scopes.empty()) form.emplace_back("grant", scopes);
    page.body = http::encode_form(form);
    const auto outcome = world.github.answer(page, world.simulation.clock().wall_now());
    BOOST_REQUIRE(outcome.response.status == 200u);
  }
  async::Task<void> until_waiting(Life& life) {
    life.runner.wake();
    while (state().step == Step::asking) co_await life.pass(std::chrono::milliseconds(50));
  }
  async::Task<void> until_over(Life& life) { (void)co_await life.wait_for("connect", newcomer); }

  void expect_no_secrets() {
    BOOST_TEST(!token("github-device", newcomer));
    BOOST_TEST(held() == 0u);
    BOOST_TEST(state().user_code.empty());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(device_flow, Device)

BOOST_AUTO_TEST_CASE(the_state_survives_its_json) {
  DeviceState before;
  before.step = Step::waiting;
  before.wants_private = true;
  before.user_code = "WDJB-MJHT";
  before.verification_uri = "https://github.com/login/device";
  before.expires_ms = 5;
  before.interval_s = 10;
  before.login = "ada";
  before.problem = "\"none\"";
  const std::string text = to_json(before);
  BOOST_TEST(to_json(jobs::sign_in::device_state_from(text)) == text);
}

BOOST_AUTO_TEST_CASE(a_code_is_shown_typed_and_connects_the_member) {
  begin();
  world.live([&](Life& life) -> async::Task<void> {
    co_await until_waiting(life);
    const DeviceState shown = state();
    BOOST_TEST((shown.step == Step::waiting));
    BOOST_TEST(shown.user_code.size() == 9u);
    BOOST_TEST(shown.verification_uri == "https://github.com/login/device");
    BOOST_TEST(shown.expires_ms > now_ms());
    co_await life.pass(std::chrono::seconds(18));
    BOOST_TEST(asked(polling) == 3u);  // at GitHub's pace
    type("lisa");
    co_await until_over(life);
    BOOST_TEST((state().step == Step::connected), state().problem);
    BOOST_TEST(state().login == "lisa");
    BOOST_TEST((world.member(newcomer).state == MemberState::active));
    BOOST_TEST(job("sync", newcomer).has_value());
    expect_no_secrets();
  });
}

BOOST_AUTO_TEST_CASE(asking_again_while_one_waits_goes_on_with_the_same_code) {
  begin();
  world.live([&](Life& life) -> async::Task<void> {
    co_await until_waiting(life);
    const std::string code = state().user_code;
    begin();
    co_await life.pass(std::chrono::seconds(12));
    BOOST_TEST(state().user_code == code);
    begin(true);  // the other choice needs another code
    co_await until_waiting(life);
    BOOST_TEST(state().user_code != code);
    type("lisa", "yes", "repo");
    co_await until_over(life);
    BOOST_TEST((state().step == Step::connected), state().problem);
    BOOST_TEST(world.member(newcomer).wants_private);
  });
}

BOOST_AUTO_TEST_CASE(a_code_that_nobody_types_expires) {
  begin();
  world.live([&](Life& life) -> async::Task<void> {
    co_await until_waiting(life);
    co_await until_over(life);
    BOOST_TEST((state().step == Step::failed));
    BOOST_TEST(state().problem.find("not typed in time") != std::string::npos);
    expect_no_secrets();
    begin();
    co_await until_waiting(life);
    BOOST_TEST((state().step == Step::waiting));
  });
}

BOOST_AUTO_TEST_CASE(a_person_who_says_no_is_believed) {
  begin();
  world.live([&](Life& life) -> async::Task<void> {
    co_await until_waiting(life);
    type("lisa", "no");
    co_await until_over(life);
    BOOST_TEST((state().step == Step::failed));
    BOOST_TEST(state().problem.find("You said no") != std::string::npos);
    expect_no_secrets();
  });
}

BOOST_AUTO_TEST_CASE(an_app_without_device_flow_is_told_to_the_operator) {
  world.github.credentials().device_flow = false;
  begin();
  world.live([&](Life& life) -> async::Task<void> {
    life.runner.wake();
    co_await until_over(life);
    BOOST_TEST((state().step == Step::failed));
    BOOST_TEST(state().problem.find("Enable Device Flow") != std::string::npos);
  });
}

BOOST_AUTO_TEST_CASE(another_account_is_refused_and_its_token_ended) {
  const std::uint64_t mona = world.world.account("mona").database_id;
  change(newcomer, [&](storage::Member& row) {
    row.github_id = mona + 1'000;
    row.login = "ada";
  });
  begin();
  world.live([&](Life& life) -> async::Task<void> {
    co_await until_waiting(life);
    type("lisa");
    co_await until_over(life);
    BOOST_TEST((state().step == Step::failed));
    BOOST_TEST(state().problem.find("as lisa") != std::string::npos);
    BOOST_TEST(state().problem.find("of ada") != std::string::npos);
    BOOST_TEST(asked("/applications/Iv1.tidemark/token") == 1u);
    expect_no_secrets();
  });
}

BOOST_AUTO_TEST_CASE(outages_while_waiting_are_waited_for) {
  Fault fault;
  fault.kind = FaultKind::status_html;
  fault.resource = "oauth";
  fault.every = 2;
  world.github.faults().add(fault);
  begin();
  world.live([&](Life& life) -> async::Task<void> {
    co_await until_waiting(life);
    co_await life.pass(std::chrono::seconds(30));
    type("lisa");
    co_await until_over(life);
    BOOST_TEST((state().step == Step::connected), state().problem);
  });
}

BOOST_AUTO_TEST_CASE(a_member_who_leaves_meanwhile_is_not_connected) {
  begin();
  world.live([&](Life& life) -> async::Task<void> {
    co_await until_waiting(life);
    type("lisa");
    world.engine->write([&](storage::Writer& writer) {
      (void)jobs::leave::begin_leaving(writer, newcomer, {false, "the member"}, now_ms());
    });
    life.runner.wake();
    (void)co_await life.wait_for("leave", newcomer);
    co_await life.pass(std::chrono::seconds(30));
    BOOST_TEST(rows_with(newcomer).empty());
  });
}

BOOST_AUTO_TEST_CASE(a_member_who_is_removed_while_the_tokens_come_does_not_come_back) {
  begin();
  world.live([&](Life& life) -> async::Task<void> {
    co_await until_waiting(life);
    type("lisa");
    bool gone = false;
    at_request = [&](const http::Request& request) {
      if (gone || request.target != polling) return;
      gone = true;
      world.engine->write([&](storage::Writer& writer) {
        (void)jobs::leave::remove_member(writer, world.sealer, newcomer, now_ms());
      });
    };
    co_await life.pass(std::chrono::minutes(2));
    BOOST_TEST(gone);
    BOOST_TEST(asked("/user") == 0u);
    BOOST_TEST(rows_with(newcomer).empty());
    BOOST_TEST(rows_with("gho_").size() == 1u);  // the other member's
  });
}

BOOST_AUTO_TEST_CASE(death_at_every_commit_leaves_a_flow_that_goes_on_or_can_start_over) {
  std::uint64_t connected = 0, started_over = 0;
  for (const bool after : {false, true}) {
    for (std::uint64_t at = 1; at <= 12; ++at) {
      Device mortal;
      mortal.begin();
      mortal.engine->die_at(at, after);
      bool over = false, again = false;
      for (int lives = 0; lives < 4 && !over; ++lives) {
        mortal.world.live([&](Life& life) -> async::Task<void> {
          life.mortal = true;
          for (int turn = 0; turn < 400 && !mortal.engine->dead() && !over; ++turn) {
            co_await life.pass(std::chrono::milliseconds(100));
            if (mortal.state().step == Step::waiting && turn == 80) mortal.type("lisa");
            over = mortal.state().step == Step::connected;
            if (mortal.state().step != Step::failed || over) continue;
            again = true;
            mortal.begin();
            life.runner.wake();
          }
        });
        mortal.engine->revive();
      }
      BOOST_TEST_CONTEXT("at commit " << at << (after ? " after it" : " before it")) {
        BOOST_TEST(over);
        BOOST_TEST((mortal.world.member(newcomer).state == MemberState::active));
        mortal.world.check();
      }
      ++(again ? started_over : connected);
    }
  }
  BOOST_TEST_MESSAGE(connected << " went on, " << started_over << " started over");
  BOOST_TEST(connected > started_over);
}

BOOST_AUTO_TEST_SUITE_END()
