#include "tests/support/history.hpp"

#include <fmt/format.h>

#include <ctime>

#include "http/async/random.hpp"

namespace tidemark::test {
namespace {

std::string time_text(std::int64_t unix_s, int offset_minutes) {
  const std::time_t local = unix_s + std::int64_t{offset_minutes} * 60;
  std::tm parts{};
  gmtime_r(&local, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  const int size = offset_minutes < 0 ? -offset_minutes : offset_minutes;
  return fmt::format("{}{}{:02}:{:02}", text, offset_minutes < 0 ? '-' : '+', size / 60, size % 60);
}

struct Row {
  std::string repository, author;
  std::int64_t authored_s = 0, committed_s = 0;
  int offset_minutes = 0;
  bool merge = false;
};

std::string line_of(const Row& row, std::size_t number, async::Random& random) {
  return fmt::format(
      R"({{"repo":"{}","sha":"{:08x}{:016x}{:016x}","author":"{}","authored":"{}","committed":"{}",)"
      R"("merge":{},"additions":{},"deletions":{},"subject":"change {} of \"{}\""}})",
      row.repository, number, random.next(), random.next(), row.author,
      time_text(row.authored_s, row.offset_minutes), time_text(row.committed_s, row.offset_minutes),
      row.merge, random.below(900), random.below(300), number, row.repository);
}

// Dates as real histories have them, which software gets wrong.
std::vector<Row> odd_rows(const HistorySettings& settings) {
  const std::string& repository = settings.repositories.front();
  const auto at = [&](std::int64_t authored_s, std::int64_t committed_s, int offset) {
    return Row{repository, settings.author, authored_s, committed_s, offset, false};
  };
  return {
      at(1'609'459'199, 1'609'459'199, -480),  // 2020-12-31T23:59:59Z: 2020-W53
      at(1'609'632'000, 1'609'632'000, 540),   // 2021-01-03: still 2020-W53
      at(1'609'718'400, 1'609'718'400, 0),     // 2021-01-04T00:00:00Z: 2021-W01
      at(1'609'718'399, 1'609'718'399, 0),     // the second before
      at(1'230'508'800, 1'230'508'800, 0),     // 2008-12-29: 2009-W01
      at(1'400'000'000, 1'460'000'000, 330),   // rebased two years later
      at(1'460'100'000, 1'400'100'000, 0),     // authored after it was committed
      at(1'500'000'000, 0, 0),                 // committed at the beginning of 1970
      at(1'500'100'000, 4'294'967'295, 0),     // committed in 2106
  };
}

}  // namespace

std::vector<std::string> make_history(const HistorySettings& settings) {
  async::SeededRandom random(settings.seed);
  std::vector<std::string> lines;
  const auto add = [&](const Row& row) { lines.push_back(line_of(row, lines.size(), random)); };
  const auto span = static_cast<std::uint64_t>(settings.until_s - settings.from_s);
  for (std::size_t i = 0; i < settings.commits; ++i) {
    Row row;
    row.repository = settings.repositories[random.below(settings.repositories.size())];
    row.author = settings.author;
    // Oldest first, in bursts, as people work.
    const std::uint64_t base = span * i / settings.commits;
    row.committed_s = settings.from_s +
                      static_cast<std::int64_t>(base - base % 604'800 / 2 + random.below(90'000));
    row.authored_s = row.committed_s;
    if (settings.oddities && random.below(20) == 0) {
      row.authored_s -= static_cast<std::int64_t>(random.below(200 * 86'400));
    }
    row.offset_minutes = settings.oddities ? static_cast<int>(random.below(27)) * 60 - 720 : 0;
    row.merge = settings.oddities && random.below(10) == 0;
    add(row);
    if (settings.oddities && random.below(5) == 0) {
      row.author = "somebody-else";
      add(row);
    }
  }
  if (settings.oddities) {
    for (const Row& row : odd_rows(settings)) add(row);
  }
  return lines;
}

}  // namespace tidemark::test
