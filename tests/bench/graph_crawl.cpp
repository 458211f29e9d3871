#include "tests/bench/graph_crawl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <utility>

#include "http/digest.hpp"
#include "tests/bench/graph_figures.hpp"
#include "tests/binary/daemon_process.hpp"
#include "tests/binary/simulator_process.hpp"

namespace tidemark::bench {

using namespace test;  // NOLINT: the drivers of the real programs

namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;
using Totals = SimulatorProcess::Totals;

constexpr const char* token = "ghp_0perat0r5t0ken";
constexpr double window_s = 5;
constexpr std::uint64_t made_users = 40'000, made_follows = 300'000;

// How fast, and for how long at most.
struct Pace {
  std::uint64_t points_a_window = 0;
  std::chrono::seconds limit{0};
};
// Some 26 windows: what the last one takes, which no ideal knows, must not decide. A large graph
// takes more of them, not faster ones: it is the quota that must decide, and not the processor.
Pace pace_for(std::uint64_t users) {
  constexpr std::uint64_t users_a_point = 40, windows = 25, points_least = 12, points_most = 40;
  const std::uint64_t points = users / users_a_point;
  const auto a_window = std::clamp(points / windows, points_least, points_most);
  const double ideal_s = static_cast<double>(points) / static_cast<double>(a_window) * window_s;
  return {a_window, std::chrono::minutes(2) + std::chrono::seconds(static_cast<int>(3 * ideal_s))};
}

std::vector<std::string> simulator_arguments(const CrawlFiles& files, const Pace& pace) {
  const auto stop_after_s = (pace.limit + std::chrono::minutes(5)).count();
  std::vector<std::string> words{"--github-token",  files.seed + ":" + token,
                                 "--quota-graphql", std::to_string(pace.points_a_window),
                                 "--window-s",      std::to_string(window_s),
                                 "--window-anchor", "grid",
                                 "--stop-after-s",  std::to_string(stop_after_s)};
  if (files.edges.empty()) {
    words.insert(words.end(), {"--graph-seed", "1", "--graph-users", std::to_string(made_users),
                               "--graph-edges", std::to_string(made_follows)});
  } else {
    words.insert(words.end(), {"--edges", files.edges, "--logins", files.logins});
  }
  return words;
}

std::vector<std::string> daemon_settings(const SimulatorProcess& simulator,
                                         const DaemonFolder& folder) {
  const auto file = folder.write("github-token", std::string(token) + "\n");
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  auto settings = simulator.settings();
  settings.insert(settings.end(), {"github.token_file=" + file, "discovery.depth=1000",
                                   "quota.crawl_share=1", "quota.crawl_reserve=0"});
  return settings;
}

// The ideal uses all of the first window; who comes at its end could not.
void wait_for_a_window() {
  using Milliseconds = std::chrono::milliseconds;
  constexpr auto window = Milliseconds(static_cast<int>(1'000 * window_s));
  const auto now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
  std::this_thread::sleep_for(window - now.time_since_epoch() % window);
}

// From the seed's arrival to the end of the job; seconds.
double whole_crawl(const DaemonFolder& folder, ServingDaemon& daemon, const std::string& seed,
                   std::chrono::seconds limit) {
  const auto began = Clock::now();
  const auto named = folder.run({"discover", seed});
  if (named.code != 0) throw std::runtime_error("discover failed: " + named.errors);
  std::string told;
  while (Clock::now() - began < limit) {
    (void)daemon.process.errors();  // keeps its pipe from filling up
    const auto answer = ask(folder.file("control.sock"), "GET", "/v1/discovery");
    told = answer.body;
    const json::object& state = answer.json;
    // An empty store's crawl is done at once, before the seed comes.
    const bool any = state.at("totals").at("read").to_number<std::uint64_t>() > 0;
    if (any && state.at("job").is_object() && state.at("job").at("state") == "done") {
      return std::chrono::duration<double>(Clock::now() - began).count();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  throw std::runtime_error("the crawl does not end: " + told);
}

// What the store holds, in the form of the simulator's digests.
struct Known {
  using Pairs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
  std::vector<std::uint64_t> users;
  Pairs follows, repositories;

  static std::string digest(Pairs pairs) {
    std::sort(pairs.begin(), pairs.end());
    std::string text;
    for (const auto& [one, other] : pairs) {
      fmt::format_to(std::back_inserter(text), "{},{}\n", one, other);
    }
    return http::sha256_hex(text);
  }
  static std::string digest(std::vector<std::uint64_t> numbers) {
    std::sort(numbers.begin(), numbers.end());
    std::string text;
    for (const std::uint64_t number : numbers) {
      fmt::format_to(std::back_inserter(text), "{}\n", number);
    }
    return http::sha256_hex(text);
  }
};

Known known(const DaemonFolder& folder) {
  const auto exported =
      run_process(folder.launch({"graph", "export", "--output", folder.file("graph.ndjson")}),
                  std::chrono::minutes(10));
  if (exported.code != 0) throw std::runtime_error("graph export failed: " + exported.errors);
  Known found;
  std::ifstream lines(folder.file("graph.ndjson"));
  for (std::string line; std::getline(lines, line);) {
    const json::object row = json::parse(line).as_object();
    const auto number = [&row](const char* key) { return row.at(key).to_number<std::uint64_t>(); };
    const json::string& type = row.at("type").as_string();
    if (type == "user") found.users.push_back(number("id"));
    if (type == "follows") found.follows.emplace_back(number("from"), number("to"));
    if (type == "repository") {
      found.repositories.emplace_back(number("owner_github_id"), number("id"));
    }
  }
  return found;
}

// Rows found of those that there are; nothing counts of a kind of which one is missing or invented.
Measure coverage(const Known& found, const json::object& expected) {
  struct Kind {
    std::string name;
    std::size_t count;
    std::string digest;
  };
  double right = 0, all = 0;
  for (const Kind& kind :
       {Kind{"users", found.users.size(), Known::digest(found.users)},
        Kind{"follows", found.follows.size(), Known::digest(found.follows)},
        Kind{"repositories", found.repositories.size(), Known::digest(found.repositories)}}) {
    const auto there = expected.at(kind.name).to_number<std::uint64_t>();
    all += static_cast<double>(there);
    if (kind.digest == expected.at(kind.name + "_digest").as_string()) {
      right += static_cast<double>(there);
    } else {
      fmt::print(stderr, "bench graph: the crawl found {} {}, and there are {}: not the same\n",
                 kind.count, kind.name, there);
    }
  }
  return at_least("crawl_coverage", "users, follows, repositories", right, all, 1);
}

double per(std::uint64_t count, std::uint64_t of) {
  return static_cast<double>(count) / static_cast<double>(of);
}

// One point for 40 users, and one for 149 further pages.
double ideal_points(const json::object& expected) {
  const auto count = [&expected](const char* key) { return expected.at(key).to_number<double>(); };
  return std::ceil(count("users_read") / 40) + std::ceil(count("further_pages") / 149);
}

// When the last window that is needed begins, counted from the first request.
double ideal_s(const Totals& totals, const Pace& pace) {
  const double windows = std::ceil(per(totals.points, pace.points_a_window));
  if (windows < 2) throw std::runtime_error("one window was enough: the graph is too small");
  const auto begins_ms = static_cast<double>(totals.windows_ms.at(0) - totals.first_ms);
  return begins_ms / 1'000 + (windows - 1) * window_s;
}

}  // namespace

std::vector<Measure> measure_crawl(const CrawlFiles& files) {
  const DaemonFolder folder;
  const Pace pace = pace_for(files.edges.empty() ? made_users : files.users);
  const SimulatorProcess simulator(simulator_arguments(files, pace));
  ServingDaemon daemon(folder, daemon_settings(simulator, folder));
  wait_for_a_window();
  const double took_s = whole_crawl(folder, daemon, files.seed, pace.limit);
  const double most_mb = memory_mb(daemon.process.id(), "VmHWM");
  const json::object expected = simulator.admin("GET", "/graph?seeds=" + files.seed);
  const Totals graphql = simulator.totals("graphql"), core = simulator.totals("core");
  const auto users = expected.at("users_read").to_number<std::uint64_t>();
  const double users_a_point = per(users, graphql.points);
  fmt::print(stderr, "crawl: {} users, {} follows, {} points, {} requests of REST, {:.1f} s\n",
             users, expected.at("follows").to_number<std::uint64_t>(), graphql.points,
             core.requests, took_s);
  const auto refused = std::max(graphql.refused_per_window_max, core.refused_per_window_max);
  return {
      coverage(known(folder), expected),
      at_most("crawl_points", "points vs ideal", static_cast<double>(graphql.points),
              ideal_points(expected), 1.3),
      at_least("crawl_users_per_point_vs_rest", "users vs 3 requests each", users_a_point, 1.0 / 3,
               100),
      at_least("crawl_users_per_point", "users vs 49", users_a_point, 49, 0.75),
      at_most("crawl_refused_per_window", "calls", static_cast<double>(refused), 1),
      at_most("crawl_calls_while_blocked", "calls",
              static_cast<double>(graphql.while_blocked + core.while_blocked), 1, 0),
      // At most 1.02 times the ideal and one second more.
      at_most("crawl_wall_time", "s vs ideal + 1 s", took_s, ideal_s(graphql, pace) + 1 / 1.02,
              1.02),
      at_most("crawl_memory_most", "MB vs 64", most_mb, 64),
  };
}

}  // namespace tidemark::bench
