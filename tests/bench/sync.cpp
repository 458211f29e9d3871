// The main job against its aims: points, time under quota, memory, start, bytes uploaded.
// usage: bench_sync [--commits FILE] [--json]; FILE is NDJSON of commits, plain or .gz. Without it
// the real history beside the checkout is taken if there is one, and a made-up one if not.
#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "tests/bench/report.hpp"
#include "tests/bench/sync_processes.hpp"
#include "tests/binary/simulator_process.hpp"
#include "tests/jobs/weekly_years.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/history.hpp"

namespace tidemark::bench {

namespace {

// Bytes that Open Humans receives for each byte that was new, over ten years of weekly runs; the
// usual way sends everything again each week.
Measure measure_uploads() {
  test::SyncWorld world;
  const auto years = test::live_weekly_years(world, "09999999");
  const auto new_bytes = static_cast<double>(years.bytes_held);
  Measure measure{"bytes_uploaded_per_new_byte", "bytes vs the whole file each week", 4.0 / 260,
                  Measure::Aim::at_most};
  return measure.add(static_cast<double>(years.bytes_put) / new_bytes,
                     static_cast<double>(years.whole_file_bytes) / new_bytes);
}

std::string made_up(const test::Folder& folder, std::size_t commits) {
  test::HistorySettings history;
  history.commits = commits;
  return test::write_history(folder.file(fmt::format("{}.ndjson", commits)), history);
}

std::string file_of(const std::vector<std::string>& words) {
  const std::string beside = TIDEMARK_SOURCE_DIR "/../shared/data/commits.ndjson.gz";
  if (words.empty()) return std::filesystem::exists(beside) ? beside : "";
  if (words.size() == 2 && words.front() == "--commits") return words.back();
  throw std::invalid_argument("usage: bench_sync [--commits FILE] [--json]");
}

int run(const std::string& given, bool json) {
  const test::Folder folder;
  fmt::print(stderr, "commits: {}\n", given.empty() ? "made up" : given);
  const std::string commits = given.empty() ? made_up(folder, 4'000) : given;
  const std::string many = given.empty() ? made_up(folder, 17'000) : given;
  bool reached = true;
  const auto show = [&](const std::vector<Measure>& measures) {
    reached = print(measures, json) && reached;
  };
  show({measure_start()});
  show(measure_memory(many));
  show(measure_points(commits));
  for (const int a_window : {20, 4}) show(measure_quota(many, a_window));
  show({measure_uploads()});
  return reached ? 0 : 1;
}

}  // namespace

}  // namespace tidemark::bench

int main(int count, char** arguments) {
  const auto words = tidemark::bench::words_of(count, arguments, 2);
  try {
    return tidemark::bench::run(tidemark::bench::file_of(words.others), words.json);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench sync: {}\n", error.what());
    return 2;
  }
}
