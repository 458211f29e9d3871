#include "storage/jobs.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/storage/memory_store.hpp"

namespace tidemark::storage {
namespace {

bool any_kind(const Job&) { return true; }

struct JobsFixture : test::MemoryStore {
  Enqueued enqueue(const std::string& key, std::uint32_t priority = 50, std::int64_t due_ms = 0,
                   std::int64_t now_ms = 1'000) {
    Job job;
    job.kind = "sync";
    job.key = key;
    job.priority = priority;
    job.due_ms = due_ms;
    return write([&](Writer& writer) { return enqueue_job(writer, job, now_ms); });
  }
  std::optional<Job> claim(std::int64_t now_ms = 1'000) {
    return write([&](Writer& writer) { return claim_job(writer, now_ms, any_kind); });
  }
  std::optional<Job> find(std::uint64_t id) {
    return read([&](const Reader& reader) { return find_job(reader, id); });
  }
  std::optional<std::int64_t> next_due() {
    return read([](const Reader& reader) { return next_due_ms(reader); });
  }
  JobCounts counts() {
    return read([](const Reader& reader) { return job_counts(reader); });
  }
  void suspend(const Job& job, std::int64_t until_ms, std::int64_t now_ms = 1'000) {
    write([&](Writer& writer) {
      suspend_job(writer, job.id, job.fence, until_ms, "waiting for quota", now_ms);
    });
  }
  void finish(const Job& job, std::int64_t now_ms = 1'000) {
    write([&](Writer& writer) { finish_job(writer, job.id, job.fence, now_ms); });
  }
  void fail(const Job& job, std::optional<std::int64_t> retry_ms, std::string_view error = "502") {
    write([&](Writer& writer) { fail_job(writer, job.id, job.fence, error, retry_ms, 1'000); });
  }
  bool leased(const Job& job) {
    try {
      write([&](Writer& writer) { check_lease(writer, job.id, job.fence); });
      return true;
    } catch (const LostLease&) {
      return false;
    }
  }
  bool requeue(std::uint64_t id, std::int64_t now_ms = 1'000) {
    return write([&](Writer& writer) { return requeue_job(writer, id, now_ms); });
  }
  bool drop(std::uint64_t id) {
    return write([&](Writer& writer) { return drop_job(writer, id); });
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(jobs)

BOOST_FIXTURE_TEST_CASE(a_job_without_a_due_time_is_due_at_once, JobsFixture) {
  const auto enqueued = enqueue("a");
  BOOST_TEST(!enqueued.joined);
  BOOST_TEST(enqueued.job.due_ms == 1'000);
  BOOST_TEST(next_due().value() == 1'000);
  const auto job = claim();
  BOOST_REQUIRE(job);
  BOOST_TEST(job->id == enqueued.job.id);
  BOOST_TEST(job->started_ms == 1'000);
  BOOST_TEST((job->state == JobState::running));
  BOOST_TEST(!next_due());
  BOOST_TEST(!claim());
}

BOOST_FIXTURE_TEST_CASE(a_job_is_not_claimed_before_it_is_due, JobsFixture) {
  enqueue("a", 50, 5'000);
  BOOST_TEST(!claim(4'999));
  BOOST_TEST(next_due().value() == 5'000);
  BOOST_TEST(claim(5'000).has_value());
}

BOOST_FIXTURE_TEST_CASE(the_smallest_priority_goes_first_then_the_earliest_due, JobsFixture) {
  enqueue("late", 50, 900);
  enqueue("early", 50, 800);
  enqueue("person", 10, 950);
  enqueue("crawl", 90, 1);
  BOOST_TEST(claim()->key == "person");
  BOOST_TEST(claim()->key == "early");
  BOOST_TEST(claim()->key == "late");
  BOOST_TEST(claim()->key == "crawl");
}

BOOST_FIXTURE_TEST_CASE(kinds_that_are_not_accepted_are_passed_over, JobsFixture) {
  enqueue("a", 10);
  Job other;
  other.kind = "heartbeat";
  write([&](Writer& writer) { return enqueue_job(writer, other, 1'000); });
  const auto not_sync = [](const Job& job) { return job.kind != "sync"; };
  const auto job = write([&](Writer& writer) { return claim_job(writer, 1'000, not_sync); });
  BOOST_REQUIRE(job);
  BOOST_TEST(job->kind == "heartbeat");
  BOOST_TEST(!write([&](Writer& writer) { return claim_job(writer, 1'000, not_sync); }));
  BOOST_TEST(next_due().value() == 1'000);
}

BOOST_FIXTURE_TEST_CASE(a_second_ready_job_of_a_key_joins_and_the_sooner_wish_wins, JobsFixture) {
  const auto first = enqueue("a", 50, 9'000);
  const auto second = enqueue("a", 10, 5'000);
  BOOST_TEST(second.joined);
  BOOST_TEST(second.job.id == first.job.id);
  BOOST_TEST(second.job.priority == 10U);
  BOOST_TEST(second.job.due_ms == 5'000);
  const auto third = enqueue("a", 90, 7'000);
  BOOST_TEST(third.job.priority == 10U);
  BOOST_TEST(third.job.due_ms == 5'000);
  BOOST_TEST((counts() == JobCounts{.ready = 1}));
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(a_waiting_job_keeps_its_wait_when_joined, JobsFixture) {
  enqueue("a");
  suspend(*claim(), 60'000);
  const auto joined = enqueue("a", 10, 2'000);
  BOOST_TEST(joined.joined);
  BOOST_TEST(joined.job.due_ms == 60'000);
  BOOST_TEST(joined.job.priority == 10U);
  BOOST_TEST(joined.job.wait_reason == "waiting for quota");
  BOOST_TEST((joined.job.state == JobState::waiting));
  BOOST_TEST(!claim(59'999));
  BOOST_TEST(claim(60'000)->priority == 10U);
}

BOOST_FIXTURE_TEST_CASE(a_running_job_that_is_joined_runs_once_more, JobsFixture) {
  enqueue("a");
  const auto run = claim();
  BOOST_TEST(enqueue("a").job.again);
  enqueue("a");
  finish(*run, 3'000);
  const auto again = find(run->id);
  BOOST_TEST((again->state == JobState::ready));
  BOOST_TEST(again->due_ms == 3'000);
  BOOST_TEST(!again->again);
  const auto second = claim(3'000);
  BOOST_TEST(second->id == run->id);
  finish(*second, 4'000);
  BOOST_TEST((find(run->id)->state == JobState::done));
  BOOST_TEST(find(run->id)->finished_ms == 4'000);
}

BOOST_FIXTURE_TEST_CASE(a_finished_key_gets_a_new_job, JobsFixture) {
  const auto first = enqueue("a").job.id;
  finish(*claim());
  const auto second = enqueue("a");
  BOOST_TEST(!second.joined);
  BOOST_TEST(second.job.id > first);
  const auto newest = read([](const Reader& reader) { return find_job(reader, "sync", "a"); });
  BOOST_TEST(newest->id == second.job.id);
}

BOOST_FIXTURE_TEST_CASE(a_suspension_is_no_failure_and_says_why_and_until_when, JobsFixture) {
  enqueue("a");
  fail(*claim(), 1'000);
  BOOST_TEST(find(1)->attempts == 1U);
  suspend(*claim(), 70'000);
  const auto job = find(1);
  BOOST_TEST((job->state == JobState::waiting));
  BOOST_TEST(job->wait_reason == "waiting for quota");
  BOOST_TEST(job->due_ms == 70'000);
  BOOST_TEST(job->suspensions == 1U);
  BOOST_TEST(job->attempts == 0U);
  BOOST_TEST(next_due().value() == 70'000);
}

BOOST_FIXTURE_TEST_CASE(a_failed_job_waits_for_its_retry_and_then_dies, JobsFixture) {
  enqueue("a");
  fail(*claim(), 2'000, "502 from api.github.com");
  auto job = find(1);
  BOOST_TEST((job->state == JobState::waiting));
  BOOST_TEST(job->last_error == "502 from api.github.com");
  BOOST_TEST(job->wait_reason.find("502") != std::string::npos);
  BOOST_TEST(!claim(1'999));
  fail(*claim(2'000), std::nullopt, "gone");
  job = find(1);
  BOOST_TEST((job->state == JobState::dead));
  BOOST_TEST(job->attempts == 2U);
  BOOST_TEST(job->last_error == "gone");
  BOOST_TEST(!next_due());
}

BOOST_FIXTURE_TEST_CASE(a_long_error_is_cut_between_characters, JobsFixture) {
  enqueue("a");
  std::string error = "x";
  for (int n = 0; n < 3'000; ++n) error += "ä";
  fail(*claim(), std::nullopt, error);
  const auto kept = find(1)->last_error;
  BOOST_TEST(kept.size() < 2'010U);
  BOOST_TEST(kept.substr(kept.size() - 5) == "ä…");
}

BOOST_FIXTURE_TEST_CASE(a_stale_fence_is_refused_and_nothing_is_kept, JobsFixture) {
  enqueue("a");
  const auto old_run = *claim();
  write([](Writer& writer) { return reclaim_jobs(writer, 1'000); });
  BOOST_TEST(!leased(old_run));
  const auto new_run = *claim();
  BOOST_TEST(new_run.id == old_run.id);
  BOOST_TEST(new_run.fence > old_run.fence);
  BOOST_TEST(leased(new_run));
  BOOST_CHECK_THROW(suspend(old_run, 9'000), LostLease);
  BOOST_CHECK_THROW(finish(old_run), LostLease);
  BOOST_CHECK_THROW(fail(old_run, std::nullopt), LostLease);
  const auto progress = [&](Writer& writer) {
    set_progress(writer, old_run.id, old_run.fence, {1, 2, "weeks"}, 1'000);
  };
  BOOST_CHECK_THROW(write(progress), LostLease);
  BOOST_TEST((find(1)->state == JobState::running));
  BOOST_TEST(find(1)->progress.total == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_removed_job_gives_its_id_to_no_other, JobsFixture) {
  enqueue("a");
  const auto run = *claim();
  write([](Writer& writer) { cancel_jobs(writer, "sync", "a"); });
  BOOST_TEST(!find(run.id));
  enqueue("a");
  const auto next = *claim();
  BOOST_TEST(next.id > run.id);
  BOOST_TEST(!leased(run));
  BOOST_CHECK_THROW(finish(run), LostLease);
  BOOST_TEST(leased(next));
}

BOOST_FIXTURE_TEST_CASE(after_a_crash_running_jobs_are_ready_at_once, JobsFixture) {
  enqueue("a");
  enqueue("b");
  enqueue("c", 50, 90'000);
  claim();
  claim();
  BOOST_TEST(write([](Writer& writer) { return reclaim_jobs(writer, 5'000); }) == 2U);
  BOOST_TEST((counts() == JobCounts{.ready = 3}));
  BOOST_TEST(next_due().value() == 5'000);
  BOOST_TEST(write([](Writer& writer) { return reclaim_jobs(writer, 5'000); }) == 0U);
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(dead_and_waiting_jobs_can_be_requeued, JobsFixture) {
  enqueue("dead");
  fail(*claim(), std::nullopt);
  enqueue("waiting");
  suspend(*claim(), 90'000);
  enqueue("running");
  claim();
  enqueue("done");
  finish(*claim());
  BOOST_TEST(requeue(1, 2'000));
  BOOST_TEST(find(1)->attempts == 0U);
  BOOST_TEST(find(1)->due_ms == 2'000);
  BOOST_TEST(requeue(2, 2'000));
  BOOST_TEST(find(2)->wait_reason == "");
  BOOST_TEST(!requeue(3));
  BOOST_TEST(!requeue(4));
  BOOST_TEST(!requeue(99));
  BOOST_TEST((counts() == JobCounts{.ready = 2, .running = 1, .done = 1}));
}

BOOST_FIXTURE_TEST_CASE(a_dead_job_stays_dead_while_another_of_its_key_is_unfinished, JobsFixture) {
  enqueue("a");
  fail(*claim(), std::nullopt);
  enqueue("a");
  BOOST_TEST(!requeue(1));
  finish(*claim());
  BOOST_TEST(requeue(1));
  BOOST_TEST(enqueue("a").job.id == 1U);
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(a_running_job_cannot_be_dropped, JobsFixture) {
  enqueue("a");
  const auto run = *claim();
  BOOST_TEST(!drop(1));
  finish(run);
  BOOST_TEST(drop(1));
  BOOST_TEST(!drop(1));
  BOOST_TEST((counts() == JobCounts{}));
  BOOST_TEST(!read([](const Reader& reader) { return find_job(reader, "sync", "a"); }));
}

BOOST_FIXTURE_TEST_CASE(pruning_keeps_the_newest_done_jobs_and_all_dead_ones, JobsFixture) {
  enqueue("dead");
  fail(*claim(), std::nullopt);
  for (int n = 0; n < 5; ++n) {
    enqueue("a");
    finish(*claim());
  }
  enqueue("b");
  BOOST_TEST(write([](Writer& writer) { return prune_jobs(writer, 2); }) == 3U);
  BOOST_TEST(write([](Writer& writer) { return prune_jobs(writer, 2); }) == 0U);
  BOOST_TEST((counts() == JobCounts{.ready = 1, .done = 2, .dead = 1}));
  BOOST_TEST(!find(4));
  BOOST_TEST(find(5).has_value());
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(lists_are_newest_first_filtered_and_paged, JobsFixture) {
  for (int n = 0; n < 10; ++n) enqueue(n % 2 == 0 ? "even" : "odd" + std::to_string(n));
  finish(*claim());
  enqueue("even");
  const auto page = [&](const JobFilter& filter, std::uint64_t before, std::size_t most) {
    std::vector<std::uint64_t> ids;
    const auto list = [&](const Reader& reader) { return list_jobs(reader, filter, before, most); };
    for (const auto& job : read(list)) ids.push_back(job.id);
    return ids;
  };
  using Ids = std::vector<std::uint64_t>;
  BOOST_TEST(page({}, 0, 3) == (Ids{7, 6, 5}), boost::test_tools::per_element());
  BOOST_TEST(page({}, 5, 3) == (Ids{4, 3, 2}), boost::test_tools::per_element());
  BOOST_TEST(page({}, 2, 3) == (Ids{1}), boost::test_tools::per_element());
  BOOST_TEST(page({}, 1, 3).empty());
  BOOST_TEST(page({}, 0, 0).empty());
  BOOST_TEST(page({.state = JobState::done}, 0, 9) == (Ids{1}), boost::test_tools::per_element());
  BOOST_TEST(page({.state = JobState::ready}, 6, 2) == (Ids{5, 4}),
             boost::test_tools::per_element());
  BOOST_TEST(page({.key = "even"}, 0, 9) == (Ids{7, 1}), boost::test_tools::per_element());
  BOOST_TEST(page({.kind = "sync", .key = "even"}, 7, 9) == (Ids{1}),
             boost::test_tools::per_element());
  BOOST_TEST(page({.state = JobState::ready, .key = "even"}, 0, 9) == (Ids{7}),
             boost::test_tools::per_element());
  BOOST_TEST(page({.kind = "other"}, 0, 9).empty());
}

BOOST_FIXTURE_TEST_CASE(a_key_with_a_zero_byte_is_refused, JobsFixture) {
  BOOST_CHECK_THROW(enqueue(std::string("a\0b", 3)), std::invalid_argument);
  BOOST_TEST((counts() == JobCounts{}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
