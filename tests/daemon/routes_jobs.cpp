#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include "storage/jobs.hpp"
#include "tests/daemon/service_room.hpp"

namespace tidemark::daemon {

namespace {

storage::Job claim(test::ServiceRoom& room) {
  std::optional<storage::Job> job;
  room.write([&](storage::Writer& writer) {
    job = storage::claim_job(writer, room.services.now_ms(),
                             [](const storage::Job&) { return true; });
  });
  return job.value();
}

std::string path(const storage::Job& job) { return "/v1/jobs/" + std::to_string(job.id); }

std::size_t count(test::ServiceRoom& room, const std::string& query) {
  return room.get("/v1/jobs" + query).json.at("jobs").as_array().size();
}

void let_the_runner_notice(test::ServiceRoom& room) {
  auto& simulation = room.simulation;
  simulation.run([&]() -> async::Task<void> {
    async::TaskGroup tasks(simulation.executor(), 1, {});
    BOOST_REQUIRE(tasks.spawn("runner", room.runner.run()));
    co_await simulation.clock().sleep_for(async::Milliseconds(1'000));
    co_await room.runner.stop(async::Deadline::none());
    co_await tasks.join();
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(routes_jobs)

BOOST_AUTO_TEST_CASE(jobs_are_filtered_and_paged_newest_first) {
  test::ServiceRoom room;
  for (int i = 1; i <= 5; ++i) room.add_member(std::to_string(i));
  (void)claim(room);
  BOOST_TEST(count(room, "") == 5);
  BOOST_TEST(count(room, "?state=running") == 1);
  BOOST_TEST(count(room, "?state=ready&kind=sync") == 4);
  BOOST_TEST(count(room, "?key=3") == 1);
  BOOST_TEST(count(room, "?kind=sweep") == 0);
  std::string keys, cursor;
  do {
    const auto page = room.get("/v1/jobs?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& job : page.json.at("jobs").as_array()) {
      keys += std::string(job.as_object().at("key").as_string());
    }
    const auto& next = page.json.at("next");
    cursor = next.is_null() ? "" : std::string(next.as_string());
  } while (!cursor.empty());
  BOOST_TEST(keys == "54321");
  BOOST_TEST(room.get("/v1/jobs?state=lost").status == 400);
}

BOOST_AUTO_TEST_CASE(while_the_disk_is_full_jobs_are_filtered_by_the_state_that_is_shown) {
  test::ServiceRoom room;
  for (int i = 1; i <= 3; ++i) room.add_member(std::to_string(i));
  const auto done = claim(room);
  room.write([&](storage::Writer& writer) {
    storage::finish_job(writer, done.id, done.fence, room.services.now_ms());
  });
  (void)claim(room);  // nobody runs it
  room.engine->full = true;
  let_the_runner_notice(room);
  BOOST_REQUIRE(!room.runner.held_reason().empty());
  BOOST_TEST(count(room, "") == 3);
  BOOST_TEST(count(room, "?state=ready") == 0);
  BOOST_TEST(count(room, "?state=running") == 0);
  BOOST_TEST(count(room, "?state=waiting") == 2);
  BOOST_TEST(count(room, "?state=done") == 1);
  const auto page = room.get("/v1/jobs?state=waiting&limit=1");
  const auto& first = page.json.at("jobs").as_array();
  BOOST_REQUIRE(first.size() == 1);
  BOOST_TEST(first.at(0).at("state").as_string() == "waiting");
  const std::string cursor(page.json.at("next").as_string());
  const auto last = room.get("/v1/jobs?state=waiting&limit=1&cursor=" + cursor);
  BOOST_TEST(last.json.at("jobs").as_array().size() == 1);
  BOOST_TEST(last.json.at("next").is_null());
}

BOOST_AUTO_TEST_CASE(a_dead_job_can_be_requeued_and_a_running_one_cannot) {
  test::ServiceRoom room;
  room.add_member("1");
  const auto job = claim(room);
  BOOST_TEST(room.ask("POST", path(job) + "/requeue").status == 409);
  BOOST_TEST(room.ask("DELETE", path(job)).status == 409);
  room.write([&](storage::Writer& writer) {
    storage::fail_job(writer, job.id, job.fence, "it broke", std::nullopt, room.services.now_ms());
  });
  BOOST_TEST(room.get(path(job)).json.at("state").as_string() == "dead");
  BOOST_TEST(room.get(path(job)).json.at("last_error").as_string() == "it broke");
  const auto answer = room.ask("POST", path(job) + "/requeue");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.json.at("state").as_string() == "ready");
}

BOOST_AUTO_TEST_CASE(a_job_that_does_not_run_can_be_dropped) {
  test::ServiceRoom room;
  room.add_member("1");
  const auto id = room.get("/v1/jobs").json.at("jobs").as_array().at(0).as_object().at("id");
  const auto target = "/v1/jobs/" + std::to_string(id.to_number<int>());
  BOOST_TEST(room.ask("DELETE", target).status == 204);
  BOOST_TEST(room.get(target).status == 404);
  BOOST_TEST(room.ask("DELETE", target).status == 404);
  BOOST_TEST(room.ask("POST", target + "/requeue").status == 404);
  BOOST_TEST(room.get("/v1/jobs/seven").status == 404);
}

BOOST_AUTO_TEST_CASE(status_counts_the_jobs_and_tells_the_clock) {
  test::ServiceRoom room;
  room.add_member("1");
  room.add_member("2");
  (void)claim(room);
  const auto status = room.get("/v1/status").json;
  BOOST_TEST(status.at("version").as_string() == TIDEMARK_VERSION);
  BOOST_TEST(status.at("now").as_string() == "2026-01-05T00:00:00.000Z");
  BOOST_TEST(status.at("jobs").as_object().at("ready").to_number<int>() == 1);
  BOOST_TEST(status.at("jobs").as_object().at("running").to_number<int>() == 1);
  BOOST_TEST(status.at("activity").as_string() == "1 job running, 1 queued, 0 waiting");
  BOOST_TEST(status.at("held").is_null());
}

BOOST_AUTO_TEST_CASE(quota_shows_windows_and_forecasts_on_request) {
  test::ServiceRoom room;
  storage::QuotaWindow window;
  window.owner = "github:10308";
  window.resource = "graphql";
  window.limit = 5000;
  window.remaining = 4000;
  window.resets_ms = room.services.now_ms() + 3'600'000;
  room.ledger.load({window});
  const auto plain = room.get("/v1/quota").json.at("windows").as_array();
  BOOST_REQUIRE_EQUAL(plain.size(), 1);
  BOOST_TEST(plain.at(0).as_object().at("usable").to_number<int>() == 4000);
  BOOST_TEST(plain.at(0).as_object().at("forecast").is_null());
  const auto asked = room.get("/v1/quota?points=4001&owner=github%3A10308").json;
  const auto& forecast = asked.at("windows").as_array().at(0).as_object().at("forecast");
  BOOST_TEST(forecast.as_object().at("done_ms").to_number<std::int64_t>() >= window.resets_ms);
  BOOST_TEST(room.get("/v1/quota?owner=nobody").json.at("windows").as_array().empty());
}

BOOST_AUTO_TEST_CASE(check_finds_nothing_in_a_sound_store) {
  test::ServiceRoom room;
  room.add_member("1");
  const auto answer = room.ask("POST", "/v1/check").json;
  BOOST_TEST(answer.at("rows").to_number<int>() > 3);
  BOOST_TEST(answer.at("problems").as_array().empty());
}

BOOST_AUTO_TEST_CASE(metrics_are_prometheus_text) {
  test::ServiceRoom room;
  room.add_member("1");
  const auto answer = room.get("/metrics");
  BOOST_TEST(answer.headers.find("Content-Type").value().starts_with("text/plain; version=0.0.4"));
  BOOST_TEST(answer.body.find("# TYPE tidemark_jobs gauge\ntidemark_jobs{state=\"ready\"} 1\n") !=
             std::string::npos);
  BOOST_TEST(answer.body.ends_with('\n'));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
