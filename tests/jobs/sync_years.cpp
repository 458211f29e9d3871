#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/jobs/sync_life.hpp"
#include "tests/jobs/sync_world.hpp"
#include "tests/jobs/weekly_years.hpp"

// Ten years of weekly runs: what Open Humans sees of them.

using namespace tidemark;  // NOLINT: a test of everything together
using test::SyncWorld;

namespace {

namespace json = boost::json;

const std::string member = "09999999";

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
  const test::WeeklyYears years;
  SyncWorld world;
  Shelf shelf;
  world.after_openhumans = [&](const http::Request&) { shelf.look(world); };
  const test::WeeklyYearsResult result = test::live_weekly_years(world, member, years);
  const auto seen = world.seen(member);
  const auto expected = world.expected("mona", world.this_week());
  BOOST_TEST((seen.commits == expected));
  const double ratio =
      static_cast<double>(result.bytes_put) / static_cast<double>(result.bytes_held);
  BOOST_TEST_MESSAGE("bytes uploaded per byte held: " << ratio);
  BOOST_TEST(ratio <= 4.0);
  BOOST_TEST(result.beside_years_most <= 17U);  // sixteen, and the profile
  BOOST_TEST_MESSAGE("points a week: " << static_cast<double>(result.points) / years.weeks);
  BOOST_TEST(result.points <= 2U * static_cast<unsigned>(years.weeks));
}

BOOST_AUTO_TEST_SUITE_END()
