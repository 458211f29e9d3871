#include "tests/bench/graph_daemon.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <random>
#include <set>
#include <stdexcept>
#include <thread>

#include "tests/bench/graph_figures.hpp"
#include "tests/bench/graph_load.hpp"

namespace tidemark::bench {

namespace {

using Clock = std::chrono::steady_clock;
using Targets = std::vector<std::string>;

constexpr int starts = 15, rounds = 5, round_s = 1;
constexpr std::size_t some = 100, anybody = 100'000;
constexpr std::uint64_t requests = 10'000;

// No crawl: there is no GitHub here.
const std::vector<std::string> settings{"discovery.enabled=false"};

Targets users(const std::vector<std::uint64_t>& numbers, std::size_t most,
              const std::string& list = "") {
  Targets targets;
  std::mt19937_64 random{2};
  std::uniform_int_distribution<std::size_t> place(0, numbers.size() - 1);
  while (targets.size() < most) {
    targets.push_back("/v1/users/" + account_login(numbers[place(random)]) + list);
  }
  return targets;
}

const std::string followers = "/followers?limit=30", users_page = "/v1/users?limit=30";

Targets everything(const GraphAccounts& accounts) {
  Targets targets;
  for (const Targets& each :
       {users(accounts.numbers, 1'000), users(accounts.numbers, 1'000, "/following"),
        users(accounts.popular, 1'000, followers), Targets(100, users_page)}) {
    targets.insert(targets.end(), each.begin(), each.end());
  }
  std::mt19937_64 random{4};
  std::shuffle(targets.begin(), targets.end(), random);
  return targets;
}

struct Asked {
  std::string name;
  Targets targets;
};

Measure by_turns(Measure measure, const Load& ours, const Load& theirs) {
  for (int round = 0; round < rounds; ++round) {
    const double baseline = theirs.run(round_s).per_s;
    measure.add(ours.run(round_s).per_s, baseline);
  }
  return measure;
}

std::string token_of(const test::DaemonFolder& folder) {
  std::string token = folder.read("token");
  while (!token.empty() && token.back() == '\n') token.pop_back();
  return token;
}

std::set<std::string> tables_of(const GraphSite& site) {
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(site.folder.file("store"))) {
    if (file.path().extension() == ".sst") names.insert(file.path().filename());
  }
  return names;
}

// Whoever wrote the store has left tables to be merged. Lives that end with their first answer
// never get to the end of that, and each would begin anew: this one does, for two seconds without
// change.
void let_it_merge(const GraphSite& site) {
  test::Process process(site.folder.launch({"serve"}, settings));
  std::set<std::string> tables;
  for (int unchanged = 0; unchanged < 20; ++unchanged) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    auto now = tables_of(site);
    if (now != tables) unchanged = 0;
    tables = std::move(now);
  }
  process.signal(SIGTERM);
  process.wait();
}

}  // namespace

Measure measure_start(const GraphSite& site) {
  let_it_merge(site);
  Measure measure{"start_to_first_answer_" + site.size, "ms", 1, Measure::Aim::at_most};
  const std::string target = "/v1/users/" + account_login(site.accounts.numbers.front());
  for (int start = 0; start < starts; ++start) {
    const auto began = Clock::now();
    test::Process process(site.folder.launch({"serve"}, settings));
    bool answered = false;
    while (!answered) {
      try {
        answered = test::ask(site.folder.file("control.sock"), "GET", target).status == 200;
      } catch (const std::exception&) {
        // The socket of the last life, or none: not yet.
        std::this_thread::sleep_for(std::chrono::microseconds(200));
      }
      if (Clock::now() - began > std::chrono::seconds(10)) throw std::runtime_error("no answer");
    }
    measure.add(std::chrono::duration<double, std::milli>(Clock::now() - began).count(), 50);
    process.signal(SIGTERM);
    process.wait();
  }
  return measure;
}

std::vector<Measure> measure_answers(const GraphSite& site) {
  test::ServingDaemon daemon(site.folder, settings);
  const std::string token = token_of(site.folder);
  const auto of_us = [&](const Targets& targets) { return Load(daemon.port, token, targets); };
  const Load mixed = of_us(everything(site.accounts));
  std::uint64_t answered = 0;
  while (answered < requests) answered += mixed.run(round_s).requests;
  std::vector<Measure> measures;
  measures.push_back(at_most("memory_after_10000_requests_" + site.size, "MB vs 64",
                             memory_mb(daemon.process.id(), "VmRSS"), 64));
  // A hundred users' rows stay in memory. Anybody's do not as a rule: blocks are read and unpacked.
  const auto& [numbers, popular] = site.accounts;
  const Load constant = of_us({"/health/"});
  for (const Asked& rows : {Asked{"rows_of_100_users_", users(numbers, some)},
                            Asked{"rows_of_anybody_", users(numbers, anybody)}}) {
    Measure measure{rows.name + site.size, "1/s vs a constant answer", 0.7};
    measures.push_back(by_turns(std::move(measure), of_us(rows.targets), constant));
  }
  const std::vector<Asked> pages = {
      {"pages_of_30_users_", {users_page}},
      {"pages_of_30_followers_of_100_users_", users(popular, some, followers)},
      {"pages_of_30_followers_of_anybody_", users(popular, anybody, followers)}};
  for (const Asked& page : site.flask_port.empty() ? std::vector<Asked>() : pages) {
    Measure measure{page.name + site.size, "1/s vs Flask + PostgreSQL", 10};
    const Load theirs(site.flask_port, "", page.targets);
    measures.push_back(by_turns(std::move(measure), of_us(page.targets), theirs));
  }
  measures.push_back(
      at_most("memory_most_" + site.size, "MB vs 64", memory_mb(daemon.process.id(), "VmHWM"), 64));
  return measures;
}

}  // namespace tidemark::bench
