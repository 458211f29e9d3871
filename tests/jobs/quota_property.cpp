#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>

#include "http/async/task_group.hpp"
#include "jobs/ledger.hpp"
#include "tests/jobs/quota_server.hpp"
#include "tests/support/simulation.hpp"

using namespace tidemark;
using async::Milliseconds;
using async::Task;

namespace {

struct Plan {
  test::QuotaServer::Settings server;
  jobs::QuotaShare share;
  std::size_t tasks = 3;
  std::uint64_t cost_most = 1;
  bool other_tool = false;
  bool restarts = false;
  bool clock_is_set = false;
  std::int64_t runs_s = 300;
};

// Tasks that spend all they may, a store that survives restarts, and what went wrong.
class World {
 public:
  World(test::Simulation& simulation, const Plan& plan)
      : plan_(plan),
        clock_(simulation.clock()),
        random_(simulation.random()),
        simulation_(simulation),
        server_(clock_, plan.server),
        end_(clock_.steady_now() + std::chrono::seconds(plan.runs_s)) {
    start();
  }

  Task<void> live() {
    async::TaskGroup group(simulation_.executor(), 64,
                           [](const std::string&, auto error) { std::rethrow_exception(error); });
    for (std::size_t task = 0; task < plan_.tasks; ++task) {
      BOOST_REQUIRE(group.spawn("task", spend()));
    }
    if (plan_.other_tool) BOOST_REQUIRE(group.spawn("other tool", other_tool()));
    if (plan_.restarts) BOOST_REQUIRE(group.spawn("restarts", restart_now_and_then()));
    if (plan_.clock_is_set) BOOST_REQUIRE(group.spawn("clock", set_clock_now_and_then()));
    co_await group.join();
  }

  const test::QuotaServer& server() const { return server_; }
  std::uint64_t sent_while_blocked = 0;
  std::uint64_t reserved_beyond_knowledge = 0;  // under way when the process was killed

 private:
  bool over() const { return clock_.steady_now() >= end_; }
  Task<void> sleep(std::int64_t least_ms, std::int64_t most_ms) {
    const auto spread = static_cast<std::uint64_t>(most_ms - least_ms + 1);
    return clock_.sleep_for(
        Milliseconds(least_ms + static_cast<std::int64_t>(random_.below(spread))));
  }

  void start() {
    ledger_ = std::make_unique<jobs::QuotaLedger>(clock_, random_);
    ledger_->set_share("github:", plan_.share);
    if (row_) ledger_->load({*row_});
  }

  Task<void> spend() {
    while (!over()) {
      const jobs::QuotaAsk ask{"github:1", "graphql", 1 + random_.below(plan_.cost_most)};
      auto answer = ledger_->reserve(ask);
      if (const auto* wait = std::get_if<jobs::QuotaWait>(&answer)) {
        const std::int64_t now_ms = clock_.wall_now().time_since_epoch().count();
        BOOST_REQUIRE(wait->until_ms > now_ms);
        co_await clock_.sleep_for(Milliseconds(wait->until_ms - now_ms));
        continue;
      }
      co_await request(std::get<jobs::QuotaPermit>(answer));
    }
  }

  Task<void> request(jobs::QuotaPermit permit) {
    const std::uint64_t life = life_;
    const async::WallTime sent = clock_.wall_now();
    if (server_.now_ms() < blocked_until_ms_) ++sent_while_blocked;
    co_await sleep(5, 30);
    bool granted = false;
    http::RateReading reading = server_.serve(permit.ask.cost, true, granted);
    const std::int64_t reset_ms = server_.reset_ms();
    co_await sleep(5, 30);
    if (life != life_) {  // killed with the request under way
      ++reserved_beyond_knowledge;
      co_return;
    }
    reading.sent = sent;
    reading.received = clock_.wall_now();
    const auto verdict = granted ? jobs::QuotaVerdict::answered : jobs::QuotaVerdict::primary_limit;
    row_ = ledger_->settle(permit, verdict, reading);
    if (!granted) blocked_until_ms_ = std::max(blocked_until_ms_, reset_ms);
  }

  Task<void> other_tool() {
    while (!over()) {
      co_await sleep(50, 2'000);
      bool granted = false;
      (void)server_.serve(1 + random_.below(2), false, granted);
    }
  }

  Task<void> restart_now_and_then() {
    while (!over()) {
      co_await sleep(100, 20'000);
      ++life_;
      start();
    }
  }

  Task<void> set_clock_now_and_then() {
    while (!over()) {
      co_await sleep(100, 30'000);
      const auto minutes = static_cast<std::int64_t>(random_.below(21)) - 10;
      simulation_.set_wall_offset(std::chrono::minutes(minutes));
    }
  }

  Plan plan_;
  async::Clock& clock_;
  async::Random& random_;
  test::Simulation& simulation_;
  test::QuotaServer server_;
  async::SteadyTime end_;
  std::unique_ptr<jobs::QuotaLedger> ledger_;
  std::optional<storage::QuotaWindow> row_;
  std::uint64_t life_ = 0;
  std::int64_t blocked_until_ms_ = 0;
};

// P3, by the server's own ledger.
void keeps_promises(const Plan& plan, std::uint64_t seed) {
  test::Simulation simulation(seed);
  World world(simulation, plan);
  simulation.run([&] { return world.live(); });
  BOOST_TEST(world.sent_while_blocked == 0u);
  const std::uint64_t ours = plan.server.limit - jobs::kept_back(plan.server.limit, plan.share);
  const std::uint64_t lost = plan.restarts ? plan.tasks * plan.cost_most : 0;
  for (const auto& [reset_s, kept] : world.server().windows()) {
    BOOST_TEST(kept.refused <= 1u);
    // What was under way at a kill is in no ledger but the server's.
    BOOST_TEST(kept.ours <= ours + lost);
  }
  BOOST_TEST(world.server().spent() > 0u);
}

// Part of what a tool could spend that knew everything beforehand.
double throughput(const Plan& plan, std::uint64_t seed) {
  test::Simulation simulation(seed);
  World world(simulation, plan);
  simulation.run([&] { return world.live(); });
  const std::uint64_t ours = plan.server.limit - jobs::kept_back(plan.server.limit, plan.share);
  const double ideal = static_cast<double>(ours) * static_cast<double>(plan.runs_s) /
                       static_cast<double>(plan.server.window_s);
  return static_cast<double>(world.server().spent()) / ideal;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(quota_property)

BOOST_AUTO_TEST_CASE(whatever_happens_the_quota_is_respected) {
  const std::uint64_t seed = test::test_seed();
  for (std::uint64_t round = 0; round < 24; ++round) {
    async::SeededRandom random(seed + round);
    Plan plan;
    plan.server.on_grid = random.below(2) == 0;
    plan.server.clock_ahead_ms = static_cast<std::int64_t>(random.below(1'200'000)) - 600'000;
    plan.server.limit = 20 + 40 * random.below(3);
    plan.share = {0.5 + 0.1 * static_cast<double>(random.below(6)), random.below(10)};
    plan.tasks = 1 + random.below(6);
    plan.cost_most = 1 + random.below(3);
    plan.other_tool = random.below(2) == 0;
    plan.restarts = random.below(2) == 0;
    // A clock that is set while we are down cannot be told from time that passed.
    plan.clock_is_set = !plan.restarts && random.below(2) == 0;
    BOOST_TEST_CONTEXT("round " << round << ": grid " << plan.server.on_grid << ", limit "
                                << plan.server.limit << ", share " << plan.share.share << ", tasks "
                                << plan.tasks << ", other tool " << plan.other_tool << ", restarts "
                                << plan.restarts << ", clock set " << plan.clock_is_set) {
      keeps_promises(plan, seed + round);
    }
  }
}

BOOST_AUTO_TEST_CASE(short_windows_lose_less_than_two_percent) {
  const std::uint64_t seed = test::test_seed();
  for (std::uint64_t round = 0; round < 12; ++round) {
    Plan plan;
    plan.server.on_grid = round % 2 == 0;
    plan.server.clock_ahead_ms = static_cast<std::int64_t>(round) * 61'237 - 300'000;
    plan.tasks = 1 + round % 4;
    plan.runs_s = 600;
    BOOST_TEST_CONTEXT("round " << round) { BOOST_TEST(throughput(plan, seed + round) >= 0.98); }
  }
}

BOOST_AUTO_TEST_CASE(long_windows_are_spent_whole) {
  Plan plan;
  plan.server.limit = 5'000;
  plan.server.window_s = 3'600;
  plan.share = {0.8, 100};
  plan.tasks = 8;
  plan.runs_s = 6 * 3'600;
  BOOST_TEST(throughput(plan, test::test_seed()) >= 0.999);
}

BOOST_AUTO_TEST_SUITE_END()
