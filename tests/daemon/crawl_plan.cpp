#include "daemon/crawl_plan.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

#include "jobs/discovery/graph_jobs.hpp"
#include "jobs/discovery/services.hpp"
#include "storage/jobs.hpp"
#include "storage/rocks/open.hpp"
#include "storage/schedules.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::int64_t hour_ms = 3'600'000, start_ms = 1'000 * hour_ms;

struct Room {
  void start(std::vector<std::string> flags, std::int64_t at_ms) {
    const Settings settings = load_settings({.flags = std::move(flags)}).settings;
    engine->write([&](storage::Writer& writer) { plan_crawl(writer, settings, at_ms); });
  }
  std::map<std::string, storage::Schedule> schedules() {
    std::map<std::string, storage::Schedule> rows;
    engine->read([&](const storage::Reader& reader) {
      for (const auto& row : storage::list_schedules(reader)) rows[row.name] = row;
    });
    return rows;
  }
  // Which jobs there are after the schedules ran at this time.
  std::vector<std::string> due(std::int64_t at_ms) {
    std::vector<std::string> kinds;
    engine->write([&](storage::Writer& writer) {
      (void)storage::run_schedules(writer, at_ms);
      const auto any = [](const storage::Job&) { return true; };
      while (const auto job = storage::claim_job(writer, at_ms, any)) {
        kinds.push_back(job->kind + " " + job->key);
        storage::finish_job(writer, job->id, job->fence, at_ms);
      }
    });
    return kinds;
  }

  std::unique_ptr<storage::Engine> engine = storage::open_rocks_in_memory();
};

using Texts = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(crawl_plan, Room)

BOOST_AUTO_TEST_CASE(the_crawl_starts_every_hour_and_the_graph_is_tidied_every_day) {
  start({}, start_ms);
  const auto rows = schedules();
  BOOST_TEST(rows.size() == 2u);
  BOOST_TEST(rows.at("discovery").every_ms == hour_ms);
  BOOST_TEST(rows.at("discovery").priority == 90u);
  BOOST_TEST(rows.at("graph_tidy").every_ms == 24 * hour_ms);
  BOOST_TEST(due(start_ms + hour_ms - 1).empty());
  BOOST_TEST((due(start_ms + hour_ms) == Texts{"discovery all"}));
  BOOST_TEST((due(start_ms + 2 * hour_ms) == Texts{"discovery all"}));
  BOOST_TEST(due(start_ms + 24 * hour_ms).size() == 2u);
}

BOOST_AUTO_TEST_CASE(another_interval_holds_from_the_next_start_on) {
  start({}, start_ms);
  BOOST_TEST((due(start_ms + hour_ms) == Texts{"discovery all"}));
  start({"discovery.every_hours=6"}, start_ms + hour_ms);
  BOOST_TEST(schedules().at("discovery").every_ms == 6 * hour_ms);
  start({"discovery.every_hours=2"}, start_ms + 2 * hour_ms);
  BOOST_TEST(schedules().at("discovery").every_ms == 2 * hour_ms);
  // Nobody waits longer for it than either interval says.
  BOOST_TEST(schedules().at("discovery").next_ms <= start_ms + 3 * hour_ms);
  // A start with the same interval does not put it off.
  const auto next_ms = schedules().at("discovery").next_ms;
  start({"discovery.every_hours=2"}, next_ms - 1);
  BOOST_TEST(schedules().at("discovery").next_ms == next_ms);
  bool live = true;
  for (const auto& row : setting_rows()) {
    if (row.name == "discovery.every_hours") live = row.live;
  }
  BOOST_TEST(!live);  // so that a reload says that it takes effect at the next start
}

BOOST_AUTO_TEST_CASE(where_discovery_is_off_only_what_is_there_is_tidied) {
  start({"discovery.seeds=octocat"}, start_ms);
  BOOST_TEST((due(start_ms) == Texts{"discovery all"}));  // a seed that is new
  start({"discovery.enabled=false"}, start_ms + hour_ms);
  BOOST_TEST(schedules().size() == 1u);
  BOOST_TEST(due(start_ms + 23 * hour_ms).empty());
  BOOST_TEST((due(start_ms + 24 * hour_ms) == Texts{"graph_tidy all"}));
  // The seed waits for it still.
  start({}, start_ms + 30 * hour_ms);
  BOOST_TEST((due(start_ms + 30 * hour_ms) == Texts{"discovery all"}));
  start({}, start_ms + 30 * hour_ms + 1);
  BOOST_TEST(due(start_ms + 31 * hour_ms - 1).empty());
  BOOST_TEST((due(start_ms + 31 * hour_ms) == Texts{"discovery all"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
