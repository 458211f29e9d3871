#include <boost/test/unit_test.hpp>
#include <set>

#include "storage/job_rows.hpp"
#include "tests/storage/job_model.hpp"
#include "tests/storage/memory_store.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::storage {
namespace {

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : dice_(seed) {}

  void step() {
    now_ms_ += static_cast<std::int64_t>(dice_.below(20));
    switch (dice_.below(10)) {
      case 0:
      case 1:
      case 2: return enqueue();
      case 3:
      case 4:
      case 5: return claim();
      case 6:
      case 7: return end_run();
      case 8: return manage();
      default: return dice_.below(8) == 0 ? clean_up() : end_run();
    }
  }

  void compare() {
    const auto list = [](const Reader& reader) { return list_jobs(reader, {}, 0, 10'000); };
    const auto jobs = store_.read(list);
    BOOST_REQUIRE_EQUAL(jobs.size(), model_.jobs.size());
    auto expected = model_.jobs.rbegin();
    std::set<std::pair<std::string, std::string>> open;
    for (const auto& job : jobs) {
      BOOST_REQUIRE_EQUAL(job.id, expected->first);
      BOOST_REQUIRE(encode_job(job) == encode_job(expected->second));
      if (unfinished(job.state)) BOOST_REQUIRE(open.emplace(job.kind, job.key).second);
      ++expected;
    }
    const auto next = [](const Reader& reader) { return next_due_ms(reader); };
    BOOST_REQUIRE(store_.read(next) == model_.next_due());
    const auto counts = [](const Reader& reader) { return job_counts(reader); };
    BOOST_REQUIRE(store_.read(counts) == model_.counts());
  }

  void check() { BOOST_REQUIRE_EQUAL(store_.first_problem(), ""); }

 private:
  void enqueue() {
    Job job;
    job.kind = dice_.pick(kinds_);
    job.key = dice_.pick(std::vector<std::string>{"a", "b", "c", "d", "e", ""});
    job.priority = dice_.pick(std::vector<std::uint32_t>{10, 50, 90});
    if (dice_.below(2) == 0) job.due_ms = now_ms_ - 20 + static_cast<std::int64_t>(dice_.below(90));
    const auto expected = model_.enqueue(job, now_ms_);
    const auto got =
        store_.write([&](Writer& writer) { return enqueue_job(writer, job, now_ms_); });
    BOOST_REQUIRE_EQUAL(got.joined, expected.joined);
    BOOST_REQUIRE_EQUAL(got.job.id, expected.job.id);
    BOOST_REQUIRE(encode_job(got.job) == encode_job(expected.job));
  }

  void claim() {
    std::set<std::string> accepted;
    for (const auto& kind : kinds_) {
      if (dice_.below(4) != 0) accepted.insert(kind);
    }
    const auto accepts = [&](const Job& job) { return accepted.contains(job.kind); };
    const auto expected = model_.claim(now_ms_, accepted);
    const auto got =
        store_.write([&](Writer& writer) { return claim_job(writer, now_ms_, accepts); });
    BOOST_REQUIRE_EQUAL(got.has_value(), expected.has_value());
    if (!got) return;
    BOOST_REQUIRE_EQUAL(got->id, expected->id);
    BOOST_REQUIRE(encode_job(*got) == encode_job(*expected));
    // Never twice the same lease, whatever happened in between.
    BOOST_REQUIRE(leases_.emplace(got->id, got->fence).second);
  }

  // With any lease ever given: most are stale, and must change nothing.
  void end_run() {
    if (leases_.empty()) return;
    const auto [id, fence] = dice_.pick(leases_);
    const auto found = model_.jobs.find(id);
    const bool held = found != model_.jobs.end() && found->second.state == JobState::running &&
                      found->second.fence == fence;
    const auto choice = dice_.below(5);
    const auto later_ms = now_ms_ + static_cast<std::int64_t>(dice_.below(60));
    const auto body = [&](Writer& writer) {
      if (choice == 0) suspend_job(writer, id, fence, later_ms, "quota", now_ms_);
      if (choice == 1) finish_job(writer, id, fence, now_ms_);
      if (choice == 2) fail_job(writer, id, fence, "error", later_ms, now_ms_);
      if (choice == 3) fail_job(writer, id, fence, "error", std::nullopt, now_ms_);
      if (choice == 4) set_progress(writer, id, fence, {1, 2, "weeks"}, now_ms_);
    };
    if (!held) {
      BOOST_REQUIRE_THROW(store_.write(body), LostLease);
      return;
    }
    store_.write(body);
    end_model(found->second, choice, later_ms);
  }

  void end_model(Job& job, std::uint64_t choice, std::int64_t later_ms) {
    job.updated_ms = now_ms_;
    if (choice == 0) {
      job.state = JobState::waiting;
      job.due_ms = later_ms;
      job.wait_reason = "quota";
      job.attempts = 0;
      ++job.suspensions;
    } else if (choice == 1) {
      job.attempts = 0;
      job.last_error = "";
      if (job.again) {
        job.again = false;
        job.progress = {};
        job.state = JobState::ready;
        job.due_ms = now_ms_;
      } else {
        job.state = JobState::done;
        job.finished_ms = now_ms_;
      }
    } else if (choice == 2) {
      ++job.attempts;
      job.last_error = "error";
      job.state = JobState::waiting;
      job.due_ms = later_ms;
      job.wait_reason = "to be tried again after an error: error";
    } else if (choice == 3) {
      ++job.attempts;
      job.last_error = "error";
      job.state = JobState::dead;
      job.again = false;
      job.finished_ms = now_ms_;
    } else {
      job.progress = {1, 2, "weeks"};
    }
  }

  void manage() {
    const auto id = 1 + dice_.below(model_.last_id + 2);
    const auto found = model_.jobs.find(id);
    const auto choice = dice_.below(3);
    if (choice == 0) {
      const auto got =
          store_.write([&](Writer& writer) { return requeue_job(writer, id, now_ms_); });
      bool expected = found != model_.jobs.end();
      if (expected) {
        auto& job = found->second;
        const auto* open = model_.open(job.kind, job.key);
        expected = queued(job.state) || (job.state == JobState::dead && open == nullptr);
        if (expected) requeue_model(job);
      }
      BOOST_REQUIRE_EQUAL(got, expected);
    } else if (choice == 1) {
      const auto got = store_.write([&](Writer& writer) { return drop_job(writer, id); });
      const bool expected = found != model_.jobs.end() && found->second.state != JobState::running;
      BOOST_REQUIRE_EQUAL(got, expected);
      if (expected) model_.jobs.erase(found);
    } else if (found != model_.jobs.end()) {
      const auto kind = found->second.kind, key = found->second.key;
      store_.write([&](Writer& writer) { cancel_jobs(writer, kind, key); });
      if (const auto* open = model_.open(kind, key)) model_.jobs.erase(open->id);
    }
  }

  void requeue_model(Job& job) {
    if (job.state == JobState::dead) job.attempts = 0;
    if (job.state == JobState::dead) job.finished_ms = 0;
    job.state = JobState::ready;
    job.due_ms = job.updated_ms = now_ms_;
    job.wait_reason = "";
  }

  void clean_up() {
    if (dice_.below(2) == 0) {
      std::size_t expected = 0;
      for (auto& [id, job] : model_.jobs) {
        if (job.state != JobState::running) continue;
        requeue_model(job);
        ++expected;
      }
      const auto got = store_.write([&](Writer& writer) { return reclaim_jobs(writer, now_ms_); });
      BOOST_REQUIRE_EQUAL(got, expected);
      return;
    }
    const auto keep = dice_.below(6);
    std::size_t kept = 0;
    std::set<std::uint64_t> old;
    for (auto at = model_.jobs.rbegin(); at != model_.jobs.rend(); ++at) {
      if (at->second.state == JobState::done && ++kept > keep) old.insert(at->first);
    }
    for (const auto id : old) model_.jobs.erase(id);
    const auto got = store_.write([&](Writer& writer) { return prune_jobs(writer, keep); });
    BOOST_REQUIRE_EQUAL(got, old.size());
  }

  test::MemoryStore store_;
  test::Dice dice_;
  test::JobModel model_;
  std::int64_t now_ms_ = 1'000;
  std::set<std::pair<std::uint64_t, std::uint64_t>> leases_;
  const std::vector<std::string> kinds_{"sync", "sweep", "crawl"};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(job_properties)

BOOST_AUTO_TEST_CASE(any_sequence_of_operations_behaves_like_a_naive_queue) {
  const auto seed = tidemark::test::test_seed();
  BOOST_TEST_CONTEXT("TIDEMARK_SEED=" << seed) {
    Walk walk(seed);
    for (int step = 0; step < 3'000; ++step) {
      BOOST_TEST_CONTEXT("step " << step) {
        walk.step();
        walk.compare();
        if (step % 50 == 0) walk.check();
      }
    }
    walk.check();
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
