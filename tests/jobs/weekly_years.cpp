#include "tests/jobs/weekly_years.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <stdexcept>
#include <vector>

#include "storage/week.hpp"
#include "tests/support/history.hpp"

namespace tidemark::test {

namespace {

namespace json = boost::json;

constexpr std::int64_t week_s = 7 * 86'400;

// The commits of a history, oldest first by committer time, as they come into being.
class Unfolding {
 public:
  explicit Unfolding(const HistorySettings& settings) {
    for (const std::string& line : make_history(settings)) {
      lines_.emplace_back(std::string(json::parse(line).at("committed").as_string()), line);
    }
    std::sort(lines_.begin(), lines_.end());
  }
  void until(SyncWorld& world, std::int64_t now_s) {
    const std::string now = storage::format_time(now_s);
    for (; next_ < lines_.size() && lines_[next_].first < now; ++next_) {
      world.world.load_line(lines_[next_].second, "");
    }
  }

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
  std::size_t next_ = 0;
};

std::uint64_t bytes_held(SyncWorld& world, const std::string& member) {
  std::uint64_t bytes = 0;
  for (const auto* file : world.openhumans.files(member)) bytes += file->content.size();
  return bytes;
}

}  // namespace

WeeklyYearsResult live_weekly_years(SyncWorld& world, const std::string& member,
                                    const WeeklyYears& settings) {
  HistorySettings history;
  history.oddities = false;
  history.commits = settings.commits;
  history.from_s = 1'767'571'200;  // the simulation's first Monday
  history.until_s = history.from_s + settings.weeks * week_s;
  Unfolding unfolding(history);
  world.world.account("mona");
  world.add_member(member, "mona");
  WeeklyYearsResult result;
  for (int week = 1; week <= settings.weeks; ++week) {
    world.pass(std::chrono::hours(24 * 7));
    unfolding.until(world, history.from_s + week * week_s);
    const storage::Job job = world.sync(member);
    if (job.state != storage::JobState::done) throw std::runtime_error(job.last_error);
    result.bytes_held = bytes_held(world, member);
    result.whole_file_bytes += result.bytes_held;
  }
  const auto* remote = world.openhumans.find_member(member);
  result.bytes_put = remote->bytes_put;
  result.beside_years_most = remote->largest_beside_years;
  result.points = world.github.ledger().total("graphql").points;
  return result;
}

}  // namespace tidemark::test
