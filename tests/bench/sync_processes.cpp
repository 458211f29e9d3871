#include "tests/bench/sync_processes.hpp"

#include <boost/json/array.hpp>
#include <cmath>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/bench/sync_recount.hpp"
#include "tests/binary/sync_on_sockets.hpp"

namespace tidemark::bench {

using namespace test;  // NOLINT: the drivers of the real programs

namespace {

using Clock = std::chrono::steady_clock;
using Aim = Measure::Aim;

constexpr std::chrono::minutes sync_limit(10);

Measure at_most(std::string name, std::string unit, double aimed_ratio, double value,
                double baseline) {
  Measure measure{std::move(name), std::move(unit), aimed_ratio, Aim::at_most};
  return measure.add(value, baseline);
}

std::string login_of(const SimulatorProcess& simulator) {
  const auto& member = simulator.greeting().at("members").as_array().at(0);
  return std::string(member.at("login").as_string());
}

// The whole of it, from an empty store to the last file; seconds.
double whole_sync(const SyncOnSockets& sync, ServingDaemon& daemon) {
  const auto began = Clock::now();
  sync.add_member();
  const std::string state = sync.wait(daemon, sync_limit);
  if (state == "done") return std::chrono::duration<double>(Clock::now() - began).count();
  throw std::runtime_error("the sync is " + state + " instead of done");
}

// In megabytes, as the kernel counts: VmRSS is now, VmHWM the most there was.
double memory_mb(pid_t process, const std::string& field) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024;
  }
  throw std::runtime_error("there is no " + field + " of the daemon");
}

// When the last window that is needed begins, counted from the first request.
double ideal_s(const SimulatorProcess::Totals& totals, double a_window, double window_s) {
  const double windows = std::ceil(static_cast<double>(totals.points) / a_window);
  if (windows < 2) throw std::runtime_error("one window was enough: the file is too small");
  const auto begins_ms = static_cast<double>(totals.windows_ms.at(0) - totals.first_ms);
  return begins_ms / 1'000 + (windows - 1) * window_s;
}

}  // namespace

std::vector<Measure> measure_points(const std::string& commits) {
  const SyncOnSockets sync({"--commits", commits, "--busiest"});
  ServingDaemon daemon(sync.folder, sync.simulator.settings());
  whole_sync(sync, daemon);
  const Recount expected = recount(commits, login_of(sync.simulator));
  require_equal(recount_files(sync.simulator.files()), expected);
  const double detail = std::ceil(static_cast<double>(expected.commits.size()) / 100);
  const double allowed = 2 * static_cast<double>(expected.active_years) + detail;
  const auto points = static_cast<double>(sync.simulator.totals("graphql").points);
  return {at_most("graphql_points_of_a_sync", "points", 1, points, allowed)};
}

std::vector<Measure> measure_quota(const std::string& commits, int a_window) {
  constexpr double window_s = 5;
  const SyncOnSockets sync({"--commits", commits, "--merge-authors", "mona", "--busiest",
                            "--quota-graphql", std::to_string(a_window), "--window-s", "5",
                            "--window-anchor", "grid"});
  ServingDaemon daemon(sync.folder, sync.simulator.settings());
  const double took_s = whole_sync(sync, daemon);
  require_equal(recount_files(sync.simulator.files()), recount(commits, ""));
  const auto totals = sync.simulator.totals("graphql");
  const double ideal = ideal_s(totals, a_window, window_s);
  const std::string of = "_of_" + std::to_string(a_window) + "_points";
  // At most 1.02 times the ideal and one second more.
  return {at_most("wall_time_under_quota" + of, "s vs ideal + 1 s", 1.02, took_s, ideal + 1 / 1.02),
          at_most("refused_calls_per_window" + of, "calls", 1,
                  static_cast<double>(totals.refused_per_window_max), 1),
          at_most("calls_while_blocked" + of, "calls", 0, static_cast<double>(totals.while_blocked),
                  1)};
}

std::vector<Measure> measure_memory(const std::string& commits) {
  const SyncOnSockets sync({"--commits", commits, "--merge-authors", "mona", "--busiest"});
  ServingDaemon daemon(sync.folder, sync.simulator.settings());
  std::this_thread::sleep_for(std::chrono::seconds(2));
  const double idle_mb = memory_mb(daemon.process.id(), "VmRSS");
  whole_sync(sync, daemon);
  const double most_mb = memory_mb(daemon.process.id(), "VmHWM");
  const Recount expected = recount(commits, "");
  require_equal(recount_files(sync.simulator.files()), expected);
  return {at_most("memory_idle", "MB", 1, idle_mb, 24),
          at_most("memory_during_sync_of_" + std::to_string(expected.commits.size()) + "_commits",
                  "MB", 1, most_mb, 64)};
}

Measure measure_start() {
  constexpr int starts = 15;
  Measure measure{"start_to_first_answer", "ms", 1, Aim::at_most};
  const DaemonFolder folder;
  {
    const ServingDaemon first(folder);
  }  // makes the store
  for (int start = 0; start < starts; ++start) {
    const auto began = Clock::now();
    Process process(folder.launch({"serve"}));
    bool answered = false;
    while (!answered) {
      try {
        answered = ask(folder.file("control.sock"), "GET", "/v1/status").status == 200;
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

}  // namespace tidemark::bench
