#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include "http/async/random.hpp"
#include "tests/binary/site_on_sockets.hpp"
#include "tests/crash/stored.hpp"
#include "tests/support/run.hpp"
#include "tests/support/simulation.hpp"

// kill -9 of the real daemon at every step of signing in, connecting, disconnecting and leaving.
// The person then reloads the page that did not come, goes on or starts over, and always gets
// there.

namespace tidemark::test {

namespace {

using std::chrono::microseconds;

constexpr int upstream_ms = 24;  // how long each question of a sign-in takes

std::string commits(const DaemonFolder& folder) {
  std::string lines;
  for (int i = 1; i <= 12; ++i) {
    const auto when = fmt::format("2025-{:02}-11T10:00:00+00:00", i);
    lines += fmt::format(R"({{"repo":"mona/one","sha":"{:040x}","author":"mona","authored":"{}",)"
                         R"("committed":"{}","merge":false,"additions":3,"deletions":1,)"
                         R"("subject":"step"}})",
                         i, when, when);
    lines += '\n';
  }
  return folder.write("commits.ndjson", lines);
}

std::string slow(const std::string& path) {
  return fmt::format(R"({{"kind":"slow","path":"{}","delay_ms":{}}})", path, upstream_ms);
}

std::vector<std::string> arguments(const DaemonFolder& world) {
  std::vector<std::string> words{"--commits", commits(world), "--person", "00000042"};
  for (const char* path : {"/login/oauth/access_token", "/user"}) {
    words.insert(words.end(), {"--fault", slow(path)});
  }
  for (const char* path : {"/oauth2/token/", "/api/direct-sharing/project/exchange-member/"}) {
    words.insert(words.end(), {"--openhumans-fault", slow(path)});
  }
  return words;
}

// From the browser's return on: before a question is sent, while it is under way, after each
// answer, and after all is done.
microseconds moment_of_step(std::size_t step) {
  constexpr double of_a_question[] = {0, 0.02, 0.1, 0.5, 0.9, 1.05, 1.15, 1.5, 1.9, 2.1, 2.25, 3};
  const double part = of_a_question[step % std::size(of_a_question)];
  return microseconds(static_cast<std::int64_t>(part * upstream_ms * 1'000));
}
constexpr std::size_t steps = 12;

struct Killed {
  explicit Killed(std::uint64_t seed) : site(arguments(world)), random(seed) {}

  [[nodiscard]] microseconds random_moment(std::uint64_t most_ms) {
    return microseconds(random.below(most_ms * 1'000));
  }

  // Whatever a person tries first: the page that did not come, then the way from the start.
  Browser::Page back_to_own_page(Person& person, const std::string& back) {
    Browser::Page page;
    run([&]() -> async::Task<void> {
      (void)co_await person.browser.visit(back);
      page = co_await person.own_page();
    });
    if (person.is_own(page)) {
      ++went_on;
    } else {
      ++started_over;
      run([&]() -> async::Task<void> { page = co_await person.sign_in(); });
    }
    BOOST_TEST(person.is_own(page), page.url << ": " << page.body.substr(0, 500));
    return page;
  }

  void sign_in(Person& person, microseconds moment) {
    std::string back;
    run([&]() -> async::Task<void> { back = co_await person.openhumans_return(); });
    site.die_during(moment,
                    [&]() -> async::Task<void> { (void)co_await person.browser.visit(back); });
    site.start();
    (void)back_to_own_page(person, back);
  }

  void connect(Person& person, microseconds moment) {
    std::string back;
    run([&]() -> async::Task<void> {
      const Browser::Page page = co_await person.own_page();
      back = co_await person.github_return(page.hidden("csrf"));
    });
    site.die_during(moment,
                    [&]() -> async::Task<void> { (void)co_await person.browser.visit(back); });
    site.start();
    Browser::Page page = back_to_own_page(person, back);
    if (!Person::is_connected(page)) {
      ++started_over;
      run([&]() -> async::Task<void> { page = co_await person.connect(); });
    }
    BOOST_TEST(Person::is_connected(page), page.url << ": " << page.body.substr(0, 2'000));
    site.wait_until("weeks", [&] {
      return site.state(id) == "active" && site.job_state("sync", id) == "done" && files() > 0;
    });
  }

  void disconnect(Person& person, microseconds moment) {
    (void)site.die_during(
        moment, [&]() -> async::Task<void> { (void)co_await person.press("/member/disconnect"); });
    site.start();
    run([&]() -> async::Task<void> {
      const Browser::Page page = co_await person.own_page();
      if (Person::is_connected(page)) (void)co_await person.press("/member/disconnect");
    });
    site.wait_until("the end of disconnecting", [&] {
      return site.state(id) == "not connected" && site.job_state("disconnect", id) == "done";
    });
    BOOST_TEST(site.live_tokens("github", "mona").used == 0U);
  }

  void leave(Person& person, microseconds moment, bool with_files) {
    const http::Form form{{"remove_files", with_files ? "yes" : "no"}};
    (void)site.die_during(moment, [&]() -> async::Task<void> {
      (void)co_await person.press("/member/delete", form);
    });
    site.start();
    run([&]() -> async::Task<void> {
      const Browser::Page page = co_await person.own_page();
      if (person.is_own(page)) (void)co_await person.press("/member/delete", form);
    });
    site.wait_until("the end of leaving", [&] { return site.state(id) == "gone"; });
    BOOST_TEST((files() == 0) == with_files);
  }

  [[nodiscard]] std::size_t files() const {
    return site.simulator.admin("GET", "/files/" + id).at("files").as_array().size();
  }

  const std::string id = "00000042", login = "mona";
  DaemonFolder world;
  SiteOnSockets site;
  async::SeededRandom random;
  int went_on = 0, started_over = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sign_in_killed)

BOOST_AUTO_TEST_CASE(after_a_death_at_any_step_the_person_gets_there_and_nothing_is_left_behind) {
  Killed all(test_seed());
  constexpr std::size_t rounds = steps + 5;
  all.site.start();
  for (std::size_t round = 0; round < rounds; ++round) {
    const bool sweep = round < steps;
    Person person = all.site.person(all.id, all.login);
    BOOST_TEST_CONTEXT("round " << round) {
      all.sign_in(person, sweep ? moment_of_step(round) : all.random_moment(3 * upstream_ms));
      all.connect(person, sweep ? moment_of_step(round) : all.random_moment(3 * upstream_ms));
      if (round % 3 == 0) all.disconnect(person, all.random_moment(20));
      all.leave(person, all.random_moment(80), round % 4 != 3);
    }
  }
  BOOST_TEST_MESSAGE(all.site.deaths << " deaths: " << all.went_on << " times the page that did "
                                     << "not come was good after all, " << all.started_over
                                     << " times the person started over");
  // Deaths fell before and after the instants that decide.
  BOOST_TEST(all.went_on >= 5);
  BOOST_TEST(all.started_over >= 3);

  all.site.stop();
  const std::size_t half_done = half_done_sign_ins(all.site.folder);
  age_sign_ins(all.site.folder, std::chrono::hours(1));
  all.site.start();
  all.site.wait_until("an end of the job tidy",
                      [&] { return all.site.job_state("tidy", "all") == "done"; });
  std::uint64_t unheard = 0;
  for (const auto& [provider, whose] :
       {std::pair("openhumans", all.id), std::pair("github", all.login)}) {
    const auto live = all.site.live_tokens(provider, whose);
    BOOST_TEST(live.used == 0U, provider << " still has tokens of a sign-in that ended");
    unheard += live.unheard;
  }
  BOOST_TEST_MESSAGE(half_done << " sign-ins were left half done and are tidied; of " << unheard
                               << " tokens the answer was lost, so that nobody can end them");
  BOOST_TEST(unheard <= all.site.deaths);
  all.site.stop();
  BOOST_TEST(half_done_sign_ins(all.site.folder) == 0U);
  const auto check = all.site.folder.run({"check"});
  BOOST_TEST(check.code == 0, check.output << check.errors);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
