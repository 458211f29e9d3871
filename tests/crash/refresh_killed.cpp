#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <thread>

#include "http/async/random.hpp"
#include "tests/binary/site_on_sockets.hpp"
#include "tests/crash/stored.hpp"
#include "tests/support/run.hpp"
#include "tests/support/simulation.hpp"

// kill -9 of the real daemon while it renews tokens all the time. Who must sign in again may only
// be one whose new pair died on its way to us: the simulators know whose newest pair was answered
// and never used, while the older ones are dead.

namespace tidemark::test {

namespace {

constexpr int kills = 30;
const std::vector<std::string> logins{"ada", "ben", "cleo"};

std::string id_of(const std::string& login) { return fmt::format("{:0>8}", 100 + login[0]); }

std::string commits(const DaemonFolder& folder) {
  std::string lines;
  int made = 0;
  for (const std::string& login : logins) {
    for (int month = 1; month <= 3; ++month) {
      const auto when = fmt::format("2025-{:02}-11T10:00:00+00:00", month);
      lines += fmt::format(R"({{"repo":"{0}/one","sha":"{1:040x}","author":"{0}",)"
                           R"("authored":"{2}","committed":"{2}","merge":false,"additions":3,)"
                           R"("deletions":1,"subject":"step"}})",
                           login, ++made, when);
      lines += '\n';
    }
  }
  return folder.write("commits.ndjson", lines);
}

// Tokens end in less than the minute before which they are renewed: each use is a renewal first.
std::vector<std::string> arguments(const DaemonFolder& world) {
  std::vector<std::string> words{"--commits",
                                 commits(world),
                                 "--github-app",
                                 "--access-lifetime-s",
                                 "30",
                                 "--github-access-lifetime-s",
                                 "30"};
  for (const std::string& login : logins) words.insert(words.end(), {"--person", id_of(login)});
  return words;
}

struct Renewing {
  explicit Renewing(std::uint64_t seed)
      : site(arguments(world), {"github.app=github_app"}), random(seed) {
    site.start();
    for (const std::string& login : logins) {
      people.push_back(site.person(id_of(login), login));
      Person& person = people.back();
      run([&]() -> async::Task<void> {
        (void)co_await person.sign_in();
        (void)co_await person.connect();
      });
    }
    for (const Person& person : people) settle(person);
  }

  void settle(const Person& person) {
    site.wait_until("weeks of " + person.login(), [&] { return is_over(person); });
  }
  [[nodiscard]] bool is_over(const Person& person) const {
    return site.state(person.id()) != "active" || site.job_state("sync", person.id()) == "done";
  }
  void ask_for_sync(const Person& person) const {
    (void)ask(site.folder.file("control.sock"), "POST", "/v1/members/" + person.id() + "/sync",
              {{"Content-Type", "application/json"}}, "{}");
  }
  // As the simulators count: the newest pair was answered and not used yet, the others are dead.
  [[nodiscard]] std::uint64_t unused() const {
    const auto found = site.simulator.admin("GET", "/ledger").at("lost_pairs").as_object();
    return found.at("answered_unused").to_number<std::uint64_t>() +
           found.at("answer_cut").to_number<std::uint64_t>();
  }
  // Between two lives: "provider member" of stored pairs that the provider does not take any more.
  [[nodiscard]] std::set<std::string> lost() const {
    std::set<std::string> found;
    for (const StoredToken& token : stored_tokens(site.folder)) {
      const auto body = boost::json::serialize(boost::json::object{{"is_live", token.refresh}});
      const auto said = site.simulator.admin("POST", "/tokens", body);
      if (!said.at("is_live").as_bool()) found.insert(token.provider + " " + token.member);
    }
    return found;
  }

  // Everybody's tokens are tried; who must, signs in again. Returns how many had to.
  std::size_t mend() {
    std::size_t signed_in_again = 0;
    for (const Person& person : people) ask_for_sync(person);
    for (Person& person : people) {
      settle(person);
      // Both pairs may have been lost at once.
      for (int turn = 0; turn < 2 && site.state(person.id()) != "active"; ++turn) {
        BOOST_REQUIRE(site.state(person.id()) == "needs sign-in");
        ++signed_in_again;
        sign_in_again(person);
        settle(person);
      }
      BOOST_REQUIRE(site.state(person.id()) == "active");
    }
    return signed_in_again;
  }

  // Pairs that both providers answered, ever.
  [[nodiscard]] std::uint64_t answered() const {
    std::uint64_t count = 0;
    for (const Person& person : people) {
      count += site.live_tokens("openhumans", person.id()).issued +
               site.live_tokens("github", person.login()).issued;
    }
    return count;
  }

  void sign_in_again(Person& person) {
    const auto reason = site.member(person.id()).at("state_reason").as_string();
    const bool of_github = reason.find("GitHub") != std::string_view::npos;
    run([&]() -> async::Task<void> {
      if (of_github) {
        (void)co_await person.connect();
      } else {
        (void)co_await person.sign_in();
      }
    });
    ask_for_sync(person);
  }

  DaemonFolder world;
  SiteOnSockets site;
  async::SeededRandom random;
  std::vector<Person> people;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(refresh_killed)

BOOST_AUTO_TEST_CASE(a_death_costs_a_sign_in_only_when_the_answer_to_the_refresh_is_lost) {
  using Clock = std::chrono::steady_clock;
  Renewing all(test_seed());
  std::size_t again = 0, lost = 0;
  std::uint64_t renewals = 0;
  std::chrono::duration<double, std::milli> under_way{0};
  std::set<std::string> known;  // lost, and of no use yet: nobody noticed
  for (int death = 0; death < kills; ++death) {
    const std::uint64_t before = all.answered();
    const auto began = Clock::now();
    for (const Person& person : all.people) all.ask_for_sync(person);
    std::this_thread::sleep_for(std::chrono::microseconds(all.random.below(60'000)));
    all.site.die();
    under_way += Clock::now() - began;
    renewals += all.answered() - before;
    const std::set<std::string> lost_now = all.lost();
    BOOST_TEST(lost_now.size() <= all.unused(), "a pair is dead, and no answer was lost");
    for (const std::string& pair : lost_now) {
      if (!known.contains(pair)) ++lost;
    }
    all.site.start();
    const std::size_t again_now = all.mend();
    BOOST_TEST(again_now <= lost_now.size(), "death " << death);
    again += again_now;
    known = again_now == 0 ? lost_now : std::set<std::string>();
  }
  BOOST_TEST_MESSAGE("members who must sign in again: " << again << " (answers lost: " << lost
                                                        << ") in " << kills << " deaths");
  // Little's law: how many are lost at once is how many are answered a time, times how long each is
  // at risk, from the provider's books to our disk.
  const double a_ms = static_cast<double>(renewals) / under_way.count();
  BOOST_TEST_MESSAGE(renewals << " renewals in " << under_way.count()
                              << " ms: each is at risk for about "
                              << static_cast<double>(lost) / kills / a_ms << " ms");
  BOOST_TEST(again <= lost);
  BOOST_TEST(renewals > 30U);
  all.site.stop();
  const auto check = all.site.folder.run({"check"});
  BOOST_TEST(check.code == 0, check.output << check.errors);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
