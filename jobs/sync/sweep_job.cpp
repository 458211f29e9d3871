#include "jobs/sync/sync_job.hpp"
#include "storage/members.hpp"

namespace tidemark::jobs::sync {
namespace {

constexpr std::size_t members_at_once = 200;

class SweepJob final : public JobKind {
 public:
  SweepJob(async::Clock& clock, async::Milliseconds stale_after)
      : clock_(clock), stale_after_(stale_after) {}

  [[nodiscard]] std::string name() const override { return std::string(sweep_kind); }

  async::Task<RunResult> run(Run& run) override {
    std::string after;
    unreadable_.clear();
    while (true) {
      auto enqueue = [&](storage::Writer& writer) { return sweep_page(writer, after); };
      after = co_await run.commit(storage::Durability::soon, std::move(enqueue));
      if (after.empty()) {
        if (!unreadable_.empty()) co_return Failed{unreadable_, false};
        co_return Done{};
      }
      if (run.stopping()) co_return Suspended{wall_ms(clock_), "tidemark is stopping"};
    }
  }

 private:
  static void enqueue_sync(storage::Writer& writer, const std::string& member,
                           std::int64_t now_ms) {
    storage::Job job;
    job.kind = sync_kind;
    job.key = member;
    storage::enqueue_job(writer, std::move(job), now_ms);
  }

  // Gives the last member looked at; empty at the end.
  std::string sweep_page(storage::Writer& writer, const std::string& after) {
    const std::int64_t now_ms = wall_ms(clock_);
    // The job of one whose row is damaged ends with the words for it; the others are synced.
    const auto damaged = [&](const std::string& id, const std::string& what) {
      if (id.empty()) {
        unreadable_ = what;
      } else {
        enqueue_sync(writer, id, now_ms);
      }
    };
    const auto members = storage::list_members(writer, after, members_at_once, damaged);
    for (const storage::Member& member : members) {
      if (member.state != storage::MemberState::active) continue;
      if (member.last_synced_ms > now_ms - stale_after_.count()) continue;
      enqueue_sync(writer, member.id, now_ms);
    }
    return members.size() < members_at_once ? std::string() : members.back().id;
  }

  async::Clock& clock_;
  async::Milliseconds stale_after_;
  std::string unreadable_;  // what is wrong with a row that does not even tell whose it is
};

}  // namespace

std::unique_ptr<JobKind> make_sweep_job(async::Clock& clock, async::Milliseconds stale_after) {
  return std::make_unique<SweepJob>(clock, stale_after);
}

}  // namespace tidemark::jobs::sync
