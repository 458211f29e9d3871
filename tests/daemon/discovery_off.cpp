#include <boost/asio/co_spawn.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/daemon/composed.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

constexpr const char* why = "discovery is off; set discovery.enabled = true";

struct Daemon : test::Composed {
  Daemon(const test::Folder& folder, bool enabled)
      : Composed(folder, {std::string("discovery.enabled=") + (enabled ? "true" : "false")}) {}

  // As a store may hold one that an older daemon left.
  std::uint64_t put_job(storage::JobState state) {
    std::uint64_t id = 0;
    parts.engine->write([&](storage::Writer& writer) {
      storage::Job job;
      job.kind = jobs::discovery::discovery_kind;
      job.key = jobs::discovery::job_key;
      id = storage::enqueue_job(writer, job, parts.now_ms()).job.id;
      if (state == storage::JobState::ready) return;
      const auto any = [](const storage::Job&) { return true; };
      const auto claimed = storage::claim_job(writer, parts.now_ms(), any).value();
      storage::fail_job(writer, id, claimed.fence, "it broke", std::nullopt, parts.now_ms());
    });
    return id;
  }
  void work_for(async::Milliseconds time) {
    run([this, time]() -> async::Task<void> {
      boost::asio::co_spawn(parts.loop, parts.runner.run(), [](std::exception_ptr) {});
      co_await parts.clock.sleep_for(time);
      co_await parts.runner.stop(async::Deadline::none());
    });
  }
  storage::Job stored(std::uint64_t id) {
    std::optional<storage::Job> job;
    parts.engine->read([&](const storage::Reader& reader) { job = storage::find_job(reader, id); });
    return job.value();
  }
  std::pair<unsigned, json::object> ask(const std::string& method, const std::string& target) {
    http::Reply reply;
    run([&]() -> async::Task<void> {
      http::Request request;
      request.method = method;
      request.target = target;
      http::Peer peer;
      reply = co_await parts.router(std::move(request), std::move(peer));
    });
    return {reply.response.status, json::parse(reply.response.body).as_object()};
  }
};

std::string wait_of(const json::object& job) {
  return std::string(job.at("wait").as_object().at("text").as_string());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_off)

BOOST_AUTO_TEST_CASE(a_crawl_that_is_ready_runs_where_discovery_is_on_and_nowhere_else) {
  for (const bool enabled : {true, false}) {
    const test::Folder folder;
    Daemon daemon(folder, enabled);
    const auto id = daemon.put_job(storage::JobState::ready);
    daemon.work_for(async::Milliseconds(300));
    const auto job = daemon.stored(id);
    // Without a seed it has nothing to do.
    BOOST_TEST((job.state == storage::JobState::done) == enabled);
    BOOST_TEST((job.state == storage::JobState::ready) == !enabled);
  }
}

BOOST_AUTO_TEST_CASE(a_crawl_that_cannot_run_is_shown_with_the_reason) {
  const test::Folder folder;
  Daemon daemon(folder, false);
  const auto id = std::to_string(daemon.put_job(storage::JobState::ready));
  const auto shown = daemon.ask("GET", "/v1/jobs/" + id).second;
  BOOST_TEST(shown.at("state").as_string() == "waiting");
  BOOST_TEST(wait_of(shown).find(why) != std::string::npos, wait_of(shown));
  BOOST_TEST(shown.at("wait").as_object().at("until").is_null());
  const auto graph = daemon.ask("GET", "/v1/discovery").second;
  BOOST_TEST(wait_of(graph.at("job").as_object()) == wait_of(shown));
  auto count = [&daemon](const std::string& state) {
    return daemon.ask("GET", "/v1/jobs?state=" + state).second.at("jobs").as_array().size();
  };
  BOOST_TEST(count("waiting") == 1U);
  BOOST_TEST(count("ready") == 0U);
}

BOOST_AUTO_TEST_CASE(a_crawl_that_died_is_not_made_ready_again) {
  const test::Folder folder;
  Daemon daemon(folder, false);
  const auto id = daemon.put_job(storage::JobState::dead);
  const auto [status, problem] = daemon.ask("POST", "/v1/jobs/" + std::to_string(id) + "/requeue");
  BOOST_TEST(status == 409U);
  BOOST_TEST(problem.at("detail").as_string().find(why) != std::string::npos);
  BOOST_CHECK(daemon.stored(id).state == storage::JobState::dead);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
