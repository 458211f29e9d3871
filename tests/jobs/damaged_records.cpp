#include <boost/test/unit_test.hpp>
#include <set>

#include "jobs/sync/sync_job.hpp"
#include "storage/codec.hpp"
#include "storage/members.hpp"
#include "tests/jobs/runner_fixture.hpp"

// A row that cannot be read is the trouble of whoever needs it.

using namespace tidemark;
using async::Task;
using jobs::Done;
using jobs::Run;
using jobs::RunResult;
using storage::Durability;
using storage::JobState;
using test::Workshop;

BOOST_TEST_DONT_PRINT_LOG_VALUE(storage::JobState)

BOOST_AUTO_TEST_SUITE(damaged_records)

BOOST_AUTO_TEST_CASE(a_damaged_record_ends_its_own_job_and_no_other) {
  Workshop shop;
  shop.add("sync", [&](Run& run) -> Task<RunResult> {
    co_await shop.sleep_ms(1'000);
    auto body = [&](storage::Writer& writer) { (void)storage::find_member(writer, run.job().key); };
    co_await run.commit(Durability::soon, std::move(body));
    co_return Done{};
  });
  shop.engine.write([](storage::Writer& writer) {
    writer.put(storage::Table::members, storage::KeyWriter().text("anna").bytes(), "\x02nonsense");
  });
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("sync", "anna");
    (void)co_await shop.enqueue("sync", "bert");
    co_await shop.sleep_ms(60'000);
    const storage::Job anna = co_await shop.job("sync", "anna");
    BOOST_TEST(anna.state == JobState::dead);
    BOOST_TEST(anna.last_error.find("members[\"anna\"]") != std::string::npos, anna.last_error);
    BOOST_TEST(anna.last_error.find("restore a backup") != std::string::npos, anna.last_error);
    const storage::Job bert = co_await shop.job("sync", "bert");
    BOOST_TEST(bert.state == JobState::done);
  });
}

// Not even whose row it is can always be read.
BOOST_AUTO_TEST_CASE(a_sweep_gets_past_damaged_members_and_has_them_told) {
  Workshop shop;
  std::set<std::string> synced;
  shop.add("sync", [&](Run& run) -> Task<RunResult> {
    synced.insert(run.job().key);
    co_return Done{};
  });
  shop.runner->add(jobs::sync::make_sweep_job(shop.clock(), std::chrono::hours(96)));
  shop.engine.write([](storage::Writer& writer) {
    for (const char* id : {"1", "3"}) {
      storage::Member member;
      member.id = id;
      storage::put_member(writer, member);
    }
    writer.put(storage::Table::members, storage::KeyWriter().text("2").bytes(), "\x02nonsense");
  });
  shop.live([&]() -> Task<void> {
    (void)co_await shop.enqueue("sweep", "all");
    co_await shop.sleep_ms(5'000);
    storage::Job sweep = co_await shop.job("sweep", "all");
    BOOST_TEST(sweep.state == JobState::done);
    BOOST_TEST((synced == std::set<std::string>{"1", "2", "3"}));
    shop.engine.write([](storage::Writer& writer) {
      writer.put(storage::Table::members, "no key", "\x02nonsense");
    });
    (void)co_await shop.enqueue("sweep", "all");
    synced.clear();
    co_await shop.sleep_ms(5'000);
    sweep = co_await shop.job("sweep", "all");
    BOOST_TEST(sweep.state == JobState::dead);
    BOOST_TEST((synced == std::set<std::string>{"1", "2", "3"}));
  });
}

BOOST_AUTO_TEST_SUITE_END()
