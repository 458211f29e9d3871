#include "storage/job_queue.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "storage/jobs.hpp"
#include "tests/storage/memory_store.hpp"

namespace tidemark::storage {

BOOST_AUTO_TEST_SUITE(job_queue)

BOOST_AUTO_TEST_CASE(ten_thousand_waiting_jobs_do_not_slow_a_claim) {
  using Clock = std::chrono::steady_clock;
  const auto accepts = [](const Job& job) { return job.kind == "sync"; };
  const auto claims = [&](std::size_t waiting, std::size_t held) {
    test::MemoryStore store;
    store.write([&](Writer& writer) {
      for (std::size_t n = 0; n < waiting + held + 100; ++n) {
        Job job;
        job.kind = n < held ? "held" : "sync";
        job.key = std::to_string(n);
        job.priority = n % 2 == 0 ? 50 : 90;
        job.due_ms = n < waiting + held ? (n < held ? 1 : 1'000'000) : 10;
        enqueue_job(writer, std::move(job), 1);
      }
    });
    const auto start = Clock::now();
    for (int n = 0; n < 100; ++n) {
      const auto claim = [&](Writer& writer) { return claim_job(writer, 10, accepts); };
      BOOST_REQUIRE(store.write(claim));
    }
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  const auto few = claims(0, 0);
  const auto many = claims(5'000, 5'000);
  BOOST_TEST_MESSAGE("100 claims: " << few * 1e3 << " ms, among 10,000 others: " << many * 1e3);
  // A claim that looks at all of them would take a hundred times as long.
  BOOST_TEST(many < 8 * few + 0.05);
}

BOOST_AUTO_TEST_CASE(the_lower_bound_of_a_group_follows_its_claims_and_falls_for_an_older_due) {
  // Claimed entries leave tombstones; without the bound every claim would walk over all of them.
  test::MemoryStore store;
  const auto enqueue = [&](const std::string& key, std::int64_t due_ms) {
    Job job;
    job.kind = "sync";
    job.key = key;
    job.due_ms = due_ms;
    store.write([&](Writer& writer) { enqueue_job(writer, job, 1); });
  };
  const auto bound = [&] {
    return store.read([](const Reader& reader) {
      const auto key = group_key(50, "sync");
      return decode_group(key, reader.get(Table::job_queue, key).value()).bound;
    });
  };
  const auto any = [](const Job&) { return true; };
  const auto claim = [&](Writer& writer) { return claim_job(writer, 100, any).value().key; };
  for (int n = 0; n < 50; ++n) enqueue(std::to_string(n), 10 + n);
  for (int n = 0; n < 40; ++n) BOOST_REQUIRE_EQUAL(store.write(claim), std::to_string(n));
  BOOST_TEST(bound().due_ms == 49);
  enqueue("older", 5);
  BOOST_TEST(bound().due_ms == 5);
  BOOST_TEST(store.write(claim) == "older");
  BOOST_TEST(store.write(claim) == "40");
  BOOST_TEST(bound().due_ms == 50);
  BOOST_TEST(store.first_problem() == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
