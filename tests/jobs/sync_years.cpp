#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/jobs/sync_life.hpp"
#include "tests/jobs/sync_world.hpp"
#include "tests/support/history.hpp"

// Ten years of weekly runs: what Open Humans sees of them.

using namespace tidemark;  // NOLINT: a test of everything together
using test::SyncWorld;

namespace {

namespace json = boost::json;

const std::string member = "09999999";
constexpr std::int64_t week_s = 7 * 86'400;

// The commits of a history, oldest first by committer time, as they come into being.
class Unfolding {
 public:
  explicit Unfolding(const test::HistorySettings& settings) {
    for (const std::string& line : test::make_history(settings)) {
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

// Which commits each file held, so that a removal can be judged.
class Shelf {
 public:
  void look(SyncWorld& world) {
    std::set<std::string> held;
    std::set<std::uint64_t> there;
    for (const simulators::StoredFile* file : world.openhumans.files(member)) {
      there.insert(file->id);
      const std::set<std::string>& shas = shas_of(*file);
      held.insert(shas.begin(), shas.end());
    }
    for (const std::uint64_t id : there_) {
      if (there.contains(id)) continue;
      for (const std::string& sha : shas_.at(id)) {
        BOOST_REQUIRE_MESSAGE(held.contains(sha), "a reader lost commit " << sha);
      }
    }
    there_ = std::move(there);
  }

 private:
  const std::set<std::string>& shas_of(const simulators::StoredFile& file) {
    const auto [place, fresh] = shas_.try_emplace(file.id);
    if (!fresh || file.basename == "github-profile.json") return place->second;
    const json::value root = json::parse(file.content);
    for (const json::value& week : root.at("weeks").as_array()) {
      for (const json::value& commit : week.at("commits").as_array()) {
        place->second.emplace(commit.at("sha").as_string());
      }
    }
    return place->second;
  }

  std::map<std::uint64_t, std::set<std::string>> shas_;
  std::set<std::uint64_t> there_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sync_years)

BOOST_AUTO_TEST_CASE(ten_years_of_weekly_runs_send_each_byte_less_than_four_times) {
  constexpr int weeks = 522;
  SyncWorld world;
  test::HistorySettings history;
  history.oddities = false;
  history.commits = 1'300;
  history.from_s = 1'767'571'200;  // the simulation's first Monday
  history.until_s = history.from_s + weeks * week_s;
  Unfolding unfolding(history);
  world.world.account("mona");
  world.add_member(member, "mona");
  Shelf shelf;
  world.after_openhumans = [&](const http::Request&) { shelf.look(world); };
  for (int week = 1; week <= weeks; ++week) {
    world.pass(std::chrono::hours(24 * 7));
    unfolding.until(world, history.from_s + week * week_s);
    const storage::Job job = world.sync(member);
    BOOST_REQUIRE_MESSAGE((job.state == storage::JobState::done), job.last_error);
  }
  const auto seen = world.seen(member);
  const auto expected = world.expected("mona", world.this_week());
  BOOST_TEST((seen.commits == expected));
  std::uint64_t held = 0;
  for (const auto& [name, bytes] : world.file_bytes(member)) held += bytes.size();
  const auto* remote = world.openhumans.find_member(member);
  const double ratio = static_cast<double>(remote->bytes_put) / static_cast<double>(held);
  BOOST_TEST_MESSAGE("bytes uploaded per byte held: " << ratio);
  BOOST_TEST(ratio <= 4.0);
  BOOST_TEST(remote->largest_beside_years <= 17U);  // sixteen, and the profile
  const auto& line = world.github.ledger().total("graphql");
  BOOST_TEST_MESSAGE("points a week: " << static_cast<double>(line.points) / weeks);
  BOOST_TEST(line.points <= 2U * weeks);
}

BOOST_AUTO_TEST_SUITE_END()
