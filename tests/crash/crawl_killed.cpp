#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <thread>

#include "http/async/random.hpp"
#include "tests/crash/crawl_on_sockets.hpp"
#include "tests/support/simulation.hpp"

// kill -9 of the real daemon, again and again, while it crawls under small quotas; the simulator of
// another process is the judge of what is there, and of what was spent.

namespace tidemark::test {

namespace {

using Words = std::vector<std::string>;

Words graph_of(std::uint64_t seed, int users, int edges) {
  return {"--graph-seed",    std::to_string(seed),
          "--graph-users",   std::to_string(users),
          "--graph-edges",   std::to_string(edges),
          "--service-ms",    "30",
          "--window-s",      "1",
          "--window-anchor", "grid"};
}

Words operator+(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// Lives until a moment after it began to serve, or seldom while it is starting.
void live_and_die(const CrawlOnSockets& crawl, async::Random& random, std::uint64_t most_us) {
  Process process(crawl.launch());
  if (random.below(8) != 0) {
    BOOST_REQUIRE_MESSAGE(process.wait_for_error_text(" serves "), process.errors());
  }
  std::this_thread::sleep_for(std::chrono::microseconds(random.below(most_us)));
  process.signal(SIGKILL);
  BOOST_REQUIRE_MESSAGE(process.wait() == -SIGKILL, "it ended by itself: " << process.errors());
}

// So many deaths on the way, the first right after the seed is named; then it may finish.
struct Storm {
  Storm(const CrawlOnSockets& crawl, std::uint64_t seed) : crawl(crawl), random(seed) {}

  void rage(int deaths, std::uint64_t most_us) {
    const auto began = std::chrono::steady_clock::now();
    truth = crawl.truth();
    {
      ServingDaemon first(crawl.folder, crawl.settings());
      crawl.name_seed();
      first.process.signal(SIGKILL);
      first.process.wait();
    }
    std::uint64_t asked = 0;
    for (int death = 1; death < deaths; ++death) {
      live_and_die(crawl, random, most_us);
      const std::uint64_t now = crawl.spent().asked();
      if (now > asked) ++asking;
      asked = now;
      if (death % 3 == 0) look();
    }
    before_last = crawl.spent();
    {
      ServingDaemon last(crawl.folder, crawl.settings());
      BOOST_TEST(crawl.wait(last, std::chrono::seconds(60)) == "done");
      expect_same(crawl.exported(), truth);
      last.process.signal(SIGTERM);
      last.process.wait();
    }
    look();
    BOOST_TEST(complete > truth.users.size());
    const auto check = crawl.folder.run({"check"});
    BOOST_TEST(check.code == 0, check.output << check.errors);
    took = std::chrono::steady_clock::now() - began;
    spent = crawl.spent();
    tell(deaths);
  }
  // Between two lives.
  void look() {
    std::size_t now = 0;
    for (const std::string& problem : crawl.problems(truth, now)) BOOST_TEST(false, problem);
    complete = now;
  }
  void tell(int deaths) const {
    BOOST_TEST_MESSAGE(truth.users.size()
                       << " users, " << truth.follows.size() << " edges, "
                       << truth.repositories.size() << " repositories; " << deaths << " deaths, in "
                       << asking << " lives GitHub was asked; " << spent.graphql.points
                       << " points, " << spent.core.requests << " REST requests, "
                       << spent.repeated() << " repeated (" << spent.pages_repeated << " pages), "
                       << spent.while_blocked() << " while blocked; " << complete
                       << " complete lists; " << took.count() << " s");
    for (const auto& resource : {spent.graphql, spent.core}) {
      for (const std::string& repeat : resource.repeats) {
        BOOST_TEST_MESSAGE("repeated: " << repeat.substr(0, 160));
      }
    }
  }
  // A refusal that died with the process on its way was not known: what is asked again is the one
  // request that the death may cost.
  void judge(int deaths) const {
    BOOST_TEST(spent.repeated() + spent.while_blocked() <= static_cast<std::uint64_t>(deaths));
    // The last life was not killed: it asks for what the one before it did not hear, and no more.
    BOOST_TEST(spent.while_blocked() <= before_last.while_blocked() + 1);
    for (const auto& resource : {spent.graphql, spent.core}) {
      BOOST_TEST(resource.refused_per_window_max <= 1 + resource.while_blocked);
    }
  }

  const CrawlOnSockets& crawl;
  async::SeededRandom random;
  KnownGraph truth;
  Spent before_last, spent;
  int asking = 0;
  std::size_t complete = 0;
  std::chrono::duration<double> took{0};
};

// The same without deaths, beside it.
struct Calm {
  explicit Calm(const CrawlOnSockets& crawl)
      : crawl(crawl), daemon(crawl.folder, crawl.settings()) {
    crawl.name_seed();
  }
  Spent finish() {
    BOOST_TEST(crawl.wait(daemon, std::chrono::seconds(60)) == "done");
    expect_same(crawl.exported(), crawl.truth());
    Spent spent = crawl.spent();
    BOOST_TEST(spent.while_blocked() == 0U);
    BOOST_TEST(spent.graphql.refused_per_window_max <= 1U);
    BOOST_TEST(spent.core.refused_per_window_max <= 1U);
    BOOST_TEST_MESSAGE("without deaths: " << spent.graphql.points << " points, "
                                          << spent.core.requests << " REST requests, "
                                          << spent.repeated() << " repeated");
    return spent;
  }
  const CrawlOnSockets& crawl;
  ServingDaemon daemon;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(crawl_killed)

BOOST_AUTO_TEST_CASE(deaths_of_a_crawl_cost_a_request_each_at_most_and_change_nothing) {
  constexpr int deaths = 9;
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const Words words =
        graph_of(seed, 320, 2'200) + Words{"--quota-graphql", "5", "--quota-core", "20"};
    const CrawlOnSockets undisturbed(words, true), crawl(words, true);
    undisturbed.plant_oddities(150);
    crawl.plant_oddities(150);
    Calm calm(undisturbed);
    Storm storm(crawl, test_seed() + seed);
    storm.rage(deaths, 300'000);
    storm.judge(deaths);
    const Spent without = calm.finish();
    // One more or less goes into a question by what REST had quota for before it.
    BOOST_TEST(storm.spent.graphql.points <= without.graphql.points + deaths + 1);
    // Which accounts are compared is chosen by chance.
    BOOST_TEST(storm.spent.core.requests <= without.core.requests + deaths + 4);
    // Deaths fell into the crawl.
    BOOST_TEST(storm.asking >= deaths / 3);
  }
}

BOOST_AUTO_TEST_CASE(deaths_of_a_crawl_without_a_token_cost_a_request_each_at_most) {
  constexpr int deaths = 7;
  const CrawlOnSockets crawl(graph_of(3, 20, 70) + Words{"--quota-anonymous", "30"}, false);
  Storm storm(crawl, test_seed());
  storm.rage(deaths, 300'000);
  storm.judge(deaths);
  BOOST_TEST(storm.asking >= deaths / 3);
  BOOST_TEST(storm.spent.graphql.requests == 0U);
}

BOOST_AUTO_TEST_CASE(deaths_among_faults_and_lists_cut_short_leave_nothing_out) {
  constexpr int deaths = 9;
  const CrawlOnSockets crawl(
      graph_of(4, 260, 1'800) +
          Words{"--truncate-parents", "25", "--fault",
                R"({"kind":"status_html","every":17,"resource":"graphql"})", "--fault",
                R"({"kind":"cut_after","every":13,"resource":"graphql"})", "--fault",
                R"({"kind":"slow","every":5,"delay_ms":200})", "--fault",
                R"({"kind":"resource_limits","every":11,"weight":60})"},
      true);
  crawl.plant_oddities(120);
  Storm storm(crawl, test_seed());
  storm.rage(deaths, 400'000);
  BOOST_TEST(storm.spent.while_blocked() == 0U);
  BOOST_TEST(storm.asking >= deaths / 3);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
