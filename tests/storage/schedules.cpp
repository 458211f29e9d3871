#include "storage/schedules.hpp"

#include <boost/test/unit_test.hpp>

#include "storage/jobs.hpp"
#include "tests/storage/memory_store.hpp"

namespace tidemark::storage {
namespace {

struct SchedulesFixture : test::MemoryStore {
  void define(std::int64_t every_ms, std::int64_t next_ms, const std::string& kind = "sweep") {
    Schedule schedule;
    schedule.name = "daily";
    schedule.kind = kind;
    schedule.key = "all";
    schedule.priority = 90;
    schedule.every_ms = every_ms;
    schedule.next_ms = next_ms;
    write([&](Writer& writer) { define_schedule(writer, schedule); });
  }
  Schedule only() {
    return read([](const Reader& reader) { return list_schedules(reader); }).at(0);
  }
  std::optional<std::int64_t> run(std::int64_t now_ms) {
    return write([&](Writer& writer) { return run_schedules(writer, now_ms); });
  }
  std::size_t jobs() {
    const auto list = [](const Reader& reader) { return list_jobs(reader, {}, 0, 100); };
    return read(list).size();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(schedules)

BOOST_FIXTURE_TEST_CASE(without_schedules_there_is_no_next_time, SchedulesFixture) {
  BOOST_TEST(!run(1'000));
}

BOOST_FIXTURE_TEST_CASE(a_schedule_enqueues_its_job_when_due_and_not_before, SchedulesFixture) {
  define(100, 1'000);
  BOOST_TEST(run(999).value() == 1'000);
  BOOST_TEST(jobs() == 0U);
  BOOST_TEST(run(1'000).value() == 1'100);
  const auto find = [](const Reader& reader) { return find_job(reader, "sweep", "all"); };
  const auto job = read(find);
  BOOST_REQUIRE(job);
  BOOST_TEST(job->priority == 90U);
  BOOST_TEST(job->due_ms == 1'000);
  BOOST_TEST(only().last_ms == 1'000);
}

BOOST_FIXTURE_TEST_CASE(a_late_schedule_runs_once_and_keeps_its_rhythm, SchedulesFixture) {
  define(100, 1'000);
  BOOST_TEST(run(1'730).value() == 1'800);
  BOOST_TEST(jobs() == 1U);
  BOOST_TEST(run(1'799).value() == 1'800);
  BOOST_TEST(run(1'800).value() == 1'900);
  // The job of the last time is still there: the new one joined it.
  BOOST_TEST(jobs() == 1U);
}

BOOST_FIXTURE_TEST_CASE(defining_it_again_at_every_start_does_not_move_it, SchedulesFixture) {
  define(100, 1'000);
  run(1'000);
  define(100, 5'000);
  BOOST_TEST(only().next_ms == 1'100);
  define(100, 1);
  BOOST_TEST(only().next_ms == 1'100);
  BOOST_TEST(only().last_ms == 1'000);
}

BOOST_FIXTURE_TEST_CASE(a_changed_interval_moves_the_next_time_only_forward, SchedulesFixture) {
  define(100, 1'000);
  run(1'000);
  define(1'000, 0);
  BOOST_TEST(only().every_ms == 1'000);
  BOOST_TEST(only().next_ms == 1'100);
  define(30, 0, "discovery");
  BOOST_TEST(only().next_ms == 1'030);
  BOOST_TEST(only().kind == "discovery");
}

BOOST_FIXTURE_TEST_CASE(an_interval_must_be_positive, SchedulesFixture) {
  BOOST_CHECK_THROW(define(0, 1'000), std::invalid_argument);
  BOOST_CHECK_THROW(define(-5, 1'000), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
