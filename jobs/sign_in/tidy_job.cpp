#include <fmt/format.h>

#include "http/digest.hpp"
#include "jobs/discovery/context.hpp"
#include "jobs/leave/given_up.hpp"
#include "jobs/leave/leave_job.hpp"
#include "jobs/leave/orphans.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "jobs/sign_in/held_tokens.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"
#include "storage/purge.hpp"
#include "storage/quota.hpp"
#include "storage/sessions.hpp"

namespace tidemark::jobs::sign_in {

using storage::Durability;
using storage::SignIn;
using storage::SignInPhase;

namespace {

constexpr std::string_view device_provider = "github-device";
constexpr std::size_t rows_at_once = 200;
constexpr std::int64_t under_way_ms = 600'000;       // longer, and whoever held the tokens is gone
constexpr std::int64_t give_up_ms = 24 * 3'600'000;  // after the state's end
constexpr std::int64_t purge_again_ms = 3'600'000;
constexpr std::string_view purge_waits =
    "what was erased is still in the store's files: to rewrite them waits for room on the disk "
    "(512 MiB to spare, or the store's size), or for a long reading to end";
constexpr std::int64_t session_idle_ms = std::int64_t{14} * 24 * 3'600'000;

class TidyRun {
 public:
  TidyRun(SignInServices& services, Run& run) : services_(services), run_(run) {}

  async::Task<RunResult> go() {
    // Nobody who left waits for what others do not answer.
    co_await purge();
    co_await see_off_leavers();
    co_await tidy_sessions();
    co_await drop_stray_quotas();
    co_await tidy_sign_ins();
    co_await leave::revoke_orphans(services_, run_, silent_);
    const bool purged = co_await purge();
    if (run_.stopping()) co_return Suspended{now_ms(), "tidemark is stopping"};
    if (!purged) co_return Suspended{now_ms() + purge_again_ms, std::string(purge_waits)};
    co_return Done{};
  }

 private:
  [[nodiscard]] std::int64_t now_ms() const { return wall_ms(services_.clock); }

  async::Task<void> tidy_sign_ins() {
    std::string after;
    while (!run_.stopping()) {
      auto list = [&](const storage::Reader& reader) {
        return storage::list_sign_ins(reader, after, rows_at_once);
      };
      const std::vector<SignIn> page = co_await services_.store.read(std::move(list));
      for (const SignIn& sign_in : page) {
        if (run_.stopping()) co_return;
        co_await tidy_one(sign_in);
      }
      if (page.size() < rows_at_once) co_return;
      after = page.back().digest;
    }
  }

  async::Task<void> tidy_one(SignIn sign_in) {
    if (sign_in.phase == SignInPhase::done) {
      if (sign_in.expires_ms < now_ms()) co_await erase(sign_in);
      co_return;
    }
    // By a clock that was set back since then it was made in the future.
    const std::int64_t age_ms = now_ms() - sign_in.created_ms;
    if (age_ms < under_way_ms && age_ms > -under_way_ms) co_return;
    auto look = [&](const storage::Reader& reader) { return is_tried(reader, sign_in); };
    const bool tried = co_await services_.store.read(std::move(look));
    if (tried) co_return;
    if (!silent_.contains(sign_in.provider)) {
      const bool answered = co_await discard(services_, sign_in);
      if (!answered) silent_.insert(sign_in.provider);
    }
    auto find = [&](const storage::Reader& reader) {
      return storage::find_sign_in(reader, sign_in.digest);
    };
    const std::optional<SignIn> left = co_await services_.store.read(std::move(find));
    if (!left) co_return;
    const bool alive = left->phase == SignInPhase::exchanged;
    if (sign_in.expires_ms + (alive ? give_up_ms : 0) >= now_ms()) co_return;
    co_await erase(sign_in, alive);
  }

  // The device flow still asks GitHub whose the tokens are. It may do so for ever.
  [[nodiscard]] bool is_tried(const storage::Reader& reader, const SignIn& sign_in) const {
    using storage::JobState;
    if (sign_in.member.empty() || sign_in.expires_ms < now_ms()) return false;
    const auto code =
        storage::find_token(reader, services_.sealer, sign_in.member, device_provider);
    if (!code || http::sha256_hex(code->access) != sign_in.digest) return false;
    const auto job = storage::find_job(reader, connect_kind, sign_in.member);
    return job && job->state != JobState::done && job->state != JobState::dead;
  }

  async::Task<void> erase(SignIn sign_in, bool alive = false) {
    auto drop = [&](storage::Writer& writer) {
      storage::erase_sign_in(writer, sign_in.digest);
      if (!alive) return;
      leave::note_given_up(writer,
                           fmt::format("ending the token of a sign-in at {} that came to nothing",
                                       title_of(sign_in.provider)),
                           now_ms());
    };
    co_await run_.commit(Durability::soon, std::move(drop));
  }

  async::Task<void> tidy_sessions() {
    std::string after;
    while (!run_.stopping()) {
      auto drop = [&](storage::Writer& writer) {
        const std::int64_t now = now_ms();
        return storage::erase_old_sessions(writer, after, rows_at_once, now, now - session_idle_ms);
      };
      after = co_await run_.commit(Durability::soon, std::move(drop));
      if (after.empty()) co_return;
    }
  }

  // A member whose job of leaving died would stay half gone for ever.
  async::Task<void> see_off_leavers() {
    std::string after;
    while (!run_.stopping()) {
      auto enqueue = [&](storage::Writer& writer) {
        // Whose row is damaged is not known to leave; their sync says what is wrong.
        const auto damaged = [](const std::string&, const std::string&) {};
        const auto members = storage::list_members(writer, after, rows_at_once, damaged);
        for (const storage::Member& member : members) {
          if (member.state != storage::MemberState::leaving) continue;
          storage::Job job;
          job.kind = leave::leave_kind;
          job.key = member.id;
          storage::enqueue_job(writer, std::move(job), now_ms());
        }
        return members.size() < rows_at_once ? std::string() : members.back().id;
      };
      after = co_await run_.commit(Durability::soon, std::move(enqueue));
      if (after.empty()) co_return;
    }
  }

  async::Task<void> drop_stray_quotas() {
    auto drop = [](storage::Writer& writer) {
      const auto kept = discovery::quota_owner(discovery::load_crawl(writer));
      return storage::erase_stray_quotas(writer, rows_at_once, kept);
    };
    const std::vector<std::string> owners = co_await run_.commit(Durability::soon, std::move(drop));
    for (const std::string& owner : owners) services_.ledger.forget(owner);
  }

  // False: it is still owed.
  async::Task<bool> purge() {
    auto goes_on = [this] { return !run_.stopping(); };
    co_return co_await storage::purge(services_.store, std::move(goes_on));
  }

  SignInServices& services_;
  Run& run_;
  Silent silent_;
};

class TidyJob final : public JobKind {
 public:
  explicit TidyJob(SignInServices services) : services_(services) {}
  [[nodiscard]] std::string name() const override { return std::string(tidy_kind); }
  async::Task<RunResult> run(Run& run) override {
    TidyRun tidy(services_, run);
    co_return co_await tidy.go();
  }

 private:
  SignInServices services_;
};

}  // namespace

void enqueue_tidy(storage::Writer& writer, std::int64_t now_ms) {
  storage::Job job;
  job.kind = tidy_kind;
  job.key = "all";
  storage::enqueue_job(writer, std::move(job), now_ms);
}

std::unique_ptr<JobKind> make_tidy_job(SignInServices services) {
  return std::make_unique<TidyJob>(services);
}

}  // namespace tidemark::jobs::sign_in
