// A crowd signs in: time, the pages' own latency, memory, start, bytes in the store.
// usage: bench_pages [--json]
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "http/client.hpp"
#include "tests/bench/pages_crowd.hpp"
#include "tests/bench/report.hpp"
#include "tests/support/history.hpp"

namespace tidemark::bench {

namespace {

using namespace test;  // NOLINT: the drivers of the real programs
using Aim = Measure::Aim;
using Steady = std::chrono::steady_clock;

constexpr std::size_t members = 1'000, flat_out = 300, busy_members = 20;
constexpr double over_s = 50;    // they come evenly
constexpr int upstream_ms = 20;  // each answer of a provider
constexpr std::size_t starts = 10'000;

Measure at_most(std::string name, std::string unit, double value, double baseline,
                double ratio = 1) {
  Measure measure{std::move(name), std::move(unit), ratio, Aim::at_most};
  return measure.add(value, baseline);
}

// VmRSS is now, VmHWM the most there was.
double memory_mb(SiteOnSockets& site, const std::string& field) {
  const pid_t process = site.daemon().process.id();
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024;
  }
  throw std::runtime_error("there is no " + field + " of the daemon");
}

double store_bytes(const SiteOnSockets& site) {
  double bytes = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(site.folder.file("store"))) {
    const std::string name = entry.path().filename().string();
    // Not what RocksDB says of itself.
    if (entry.is_regular_file() && !name.starts_with("LOG")) {
      bytes += static_cast<double>(entry.file_size());
    }
  }
  return bytes;
}

// Five commits for each of the crowd, two thousand for each of those who sync meanwhile.
std::string world(const Folder& folder) {
  std::ofstream stream(folder.file("commits.ndjson"), std::ios::binary);
  for (std::size_t i = 0; i < members + flat_out + busy_members; ++i) {
    HistorySettings history;
    history.seed = i + 1;
    history.author = crowd_login(i);
    history.repositories = {history.author + "/one"};
    history.commits = i < busy_members ? 2'000 : 5;
    history.from_s = 1'735'689'600;  // 2025
    history.oddities = false;
    for (const std::string& line : make_history(history)) stream << line << '\n';
  }
  return folder.file("commits.ndjson");
}

std::vector<std::string> arguments(const Folder& folder) {
  std::vector<std::string> words{"--commits", world(folder), "--service-ms",
                                 std::to_string(upstream_ms)};
  for (std::size_t i = 0; i < members + flat_out + busy_members; ++i) {
    words.insert(words.end(), {"--person", crowd_id(i)});
  }
  return words;
}

const std::vector<std::string> settings{"public.trusted_proxies=127.0.0.1",
                                        "public.requests_per_minute=300"};

void wait_for_syncs(SiteOnSockets& site) {
  const auto until = Steady::now() + std::chrono::minutes(3);
  while (Steady::now() < until) {
    (void)site.daemon().process.errors();
    bool all = true;
    for (const char* state : {"ready", "running", "waiting"}) {
      const auto answer = ask(site.folder.file("control.sock"), "GET",
                              std::string("/v1/jobs?kind=sync&state=") + state);
      all = all && answer.json.at("jobs").as_array().empty();
    }
    if (all) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw std::runtime_error("the syncs do not end");
}

std::vector<Measure> measure_crowd() {
  const Folder folder;
  SiteOnSockets site(arguments(folder), settings);
  site.start();
  std::vector<std::string> busy;
  for (std::size_t i = 0; i < busy_members; ++i) busy.push_back(crowd_id(i));
  (void)let_in(site, {0, busy_members, 0, 4}, {});
  const double before = store_bytes(site);
  const CrowdResult paced = let_in(site, {busy_members, members, over_s}, busy);
  const CrowdResult flat = let_in(site, {busy_members + members, flat_out, 0, 48}, busy);
  wait_for_syncs(site);
  const double most_mb = memory_mb(site, "VmHWM");
  site.stop();
  const double after = store_bytes(site);
  const auto& all = paced.latencies;
  Measure rate{"sign_ins_a_minute_flat_out", "people", 1, Aim::at_least};
  rate.add(60.0 * flat_out / flat.took_s, members);
  return {
      at_most("sign_ins_of_1000_members", "s", paced.took_s, 60),
      at_most("page_p50", "ms", quantile(all.pages, 0.5), 50),
      at_most("page_p99", "ms", quantile(all.pages, 0.99), 50),
      at_most("page_p99_flat_out", "ms", quantile(flat.latencies.pages, 0.99), 50, 10),
      // Two requests to the provider are within a callback.
      at_most("callback_p99", "ms vs the provider's own time", quantile(all.callbacks, 0.99),
              2 * quantile(all.provider, 0.99), 2),
      rate,
      at_most("memory_with_the_crowd", "MB", most_mb, 64),
      at_most("store_of_a_member", "bytes", (after - before) / (members + flat_out), 32'768),
  };
}

std::vector<Measure> measure_idle() {
  SiteOnSockets site({}, settings);
  site.start();
  std::this_thread::sleep_for(std::chrono::seconds(2));
  const double idle_mb = memory_mb(site, "VmRSS"), idle_bytes = store_bytes(site);
  start_and_go_away(site, starts);
  const double after_mb = memory_mb(site, "VmRSS"), after_bytes = store_bytes(site);
  site.stop();
  return {at_most("memory_idle_with_the_site", "MB", idle_mb, 24),
          at_most("memory_of_10000_starts", "MB", after_mb - idle_mb, 4),
          at_most("store_of_10000_starts", "bytes", after_bytes - idle_bytes, 1, 0)};
}

Measure measure_start() {
  constexpr int lives = 15;
  Measure measure{"start_to_first_page", "ms", 1, Aim::at_most};
  SiteOnSockets site({}, settings);
  site.start();
  site.stop();  // the store is there
  const std::string where = site.places().site.substr(7);
  for (int life = 0; life < lives; ++life) {
    const auto began = Steady::now();
    Process process(site.folder.launch({"serve"}, site.settings()));
    bool answered = false;
    while (!answered) {
      try {
        answered = ask(where, "GET", "/", {{"Host", where}}).status == 200;
      } catch (const http::TransportError&) {
        std::this_thread::sleep_for(std::chrono::microseconds(200));  // not yet
      }
      if (Steady::now() - began > std::chrono::seconds(10)) throw std::runtime_error("no answer");
    }
    measure.add(std::chrono::duration<double, std::milli>(Steady::now() - began).count(), 50);
    process.signal(SIGTERM);
    process.wait();
  }
  return measure;
}

int run_all(bool json) {
  bool reached = print({measure_start()}, json);
  reached = print(measure_idle(), json) && reached;
  reached = print(measure_crowd(), json) && reached;
  return reached ? 0 : 1;
}

}  // namespace

}  // namespace tidemark::bench

int main(int count, char** arguments) {
  const auto words = tidemark::bench::words_of(count, arguments);
  try {
    return tidemark::bench::run_all(words.json);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench pages: {}\n", error.what());
    return 2;
  }
}
