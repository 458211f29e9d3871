#include "jobs/leave/leave_job.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "jobs/leave/doomed.hpp"
#include "jobs/leave/given_up.hpp"
#include "jobs/leave/remote_files.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "jobs/sign_in/held_tokens.hpp"
#include "jobs/sync/sync_job.hpp"
#include "storage/accounts.hpp"
#include "storage/cursors.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"
#include "storage/quota.hpp"
#include "storage/sessions.hpp"
#include "storage/sign_ins.hpp"

namespace tidemark::jobs::leave {

namespace json = boost::json;
using sign_in::wall_ms;
using storage::Durability;
using storage::MemberState;

namespace {

constexpr std::string_view cursor_name = "leave";
constexpr std::uint32_t person_waits = 10;
constexpr std::int64_t give_up_ms = 24 * 3'600'000;
constexpr const char *after_a_day = "given up after a day", *at_once = "given up";
constexpr std::size_t sign_ins_at_once = 200;

// The member's cursor: the order, and which steps are behind us.
struct Progress {
  LeaveOrder order;
  std::int64_t since_ms = 0;
  bool files_done = false, tokens_done = false;
};

std::string to_json(const Progress& progress) {
  return json::serialize(json::object{{"remove_files", progress.order.remove_files},
                                      {"asked_by", progress.order.asked_by},
                                      {"since_ms", progress.since_ms},
                                      {"files_done", progress.files_done},
                                      {"tokens_done", progress.tokens_done}});
}

std::optional<Progress> find_progress(const storage::Reader& reader, std::string_view member) {
  const auto text = storage::find_cursor(reader, member, cursor_name);
  if (!text) return std::nullopt;
  try {
    const json::value root = json::parse(*text);
    Progress progress;
    progress.order.remove_files = root.at("remove_files").as_bool();
    progress.order.asked_by = std::string(root.at("asked_by").as_string());
    progress.since_ms = root.at("since_ms").to_number<std::int64_t>();
    progress.files_done = root.at("files_done").as_bool();
    progress.tokens_done = root.at("tokens_done").as_bool();
    return progress;
  } catch (const std::exception&) {
    return std::nullopt;  // damaged: nobody's deletion may fail of it
  }
}

// All tokens that are the member's, or were about to be, go out of use at once.
void doom_all(storage::Writer& writer, const storage::Sealer& sealer, const std::string& member,
              std::int64_t now_ms) {
  for (const auto provider : {github_provider, openhumans_provider}) {
    const auto token = storage::find_token(writer, sealer, member, provider);
    if (!token) continue;
    doom_here(writer, sealer, member, provider, *token, provider == github_provider, now_ms);
    storage::erase_token(writer, member, provider);
  }
  std::string after;
  while (true) {
    const auto page = storage::list_sign_ins(writer, after, sign_ins_at_once);
    for (const storage::SignIn& sign_in : page) {
      if (sign_in.member != member) continue;
      const auto token = storage::find_sign_in_token(writer, sealer, sign_in);
      if (token) doom_here(writer, sealer, member, sign_in.provider, *token, false, now_ms);
      storage::erase_sign_in(writer, sign_in.digest);
    }
    if (page.size() < sign_ins_at_once) return;
    after = page.back().digest;
  }
}

class LeaveRun {
 public:
  LeaveRun(sign_in::SignInServices& services, Run& run)
      : services_(services), run_(run), member_(run.job().key) {}

  async::Task<RunResult> go();

 private:
  // Empty: the step is behind us. What an upstream will not do within a day is given up.
  async::Task<std::optional<RunResult>> files();
  async::Task<std::optional<RunResult>> tokens();
  [[nodiscard]] bool is_late() const {
    return wall_ms(services_.clock) >= progress_.since_ms + give_up_ms && !run_.stopping();
  }
  async::Task<RunResult> give_up(bool Progress::* step, const char* when,
                                 std::vector<std::string> what);
  async::Task<void> keep();
  async::Task<void> erase();

  sign_in::SignInServices& services_;
  Run& run_;
  std::string member_;
  Progress progress_;
};

async::Task<RunResult> LeaveRun::go() {
  auto load = [&](const storage::Reader& reader) {
    std::optional<Progress> found;
    const auto member = storage::find_member(reader, member_);
    if (!member || member->state != MemberState::leaving) return found;
    found = find_progress(reader, member_);
    if (!found) found.emplace();  // lost: whoever asks for the files again is heard
    return found;
  };
  std::optional<Progress> found = co_await services_.store.read(std::move(load));
  if (!found) co_return Done{};
  progress_ = std::move(*found);
  if (progress_.since_ms == 0) {
    progress_.since_ms = wall_ms(services_.clock);
    co_await keep();
  }
  std::optional<RunResult> end = co_await files();
  if (end) co_return std::move(*end);
  end = co_await tokens();
  if (end) co_return std::move(*end);
  co_await erase();
  co_return Done{.note = "nothing is kept of the member any more", .removed = true};
}

async::Task<std::optional<RunResult>> LeaveRun::files() {
  if (progress_.files_done) co_return std::nullopt;
  if (progress_.order.remove_files) {
    FilesRemoved removed = co_await remove_remote_files(services_, run_, member_);
    if (removed.not_yet && !is_late()) co_return std::move(removed.not_yet);
    if (!removed.left.empty()) {
      const char* when = removed.not_yet ? after_a_day : at_once;
      std::vector<std::string> what(1, std::move(removed.left));
      co_return co_await give_up(&Progress::files_done, when, std::move(what));
    }
  }
  progress_.files_done = true;
  co_await keep();
  co_return std::nullopt;
}

async::Task<std::optional<RunResult>> LeaveRun::tokens() {
  if (progress_.tokens_done) co_return std::nullopt;
  auto doom = [&](storage::Writer& writer) {
    doom_all(writer, services_.sealer, member_, wall_ms(services_.clock));
  };
  co_await run_.commit(Durability::now, std::move(doom));
  Revoked revoked = co_await revoke_doomed(services_, run_, member_);
  if (!revoked.not_yet) co_return std::nullopt;
  if (!is_late()) co_return std::move(revoked.not_yet);
  co_return co_await give_up(&Progress::tokens_done, after_a_day, std::move(revoked.left));
}

// Each for itself to the operator, who may do it there.
async::Task<RunResult> LeaveRun::give_up(bool Progress::* step, const char* when,
                                         std::vector<std::string> what) {
  const std::int64_t now_ms = wall_ms(services_.clock);
  progress_.*step = true;
  auto put = [&](storage::Writer& writer) {
    storage::put_cursor(writer, member_, cursor_name, to_json(progress_));
    for (const std::string& each : what) {
      note_given_up(writer, fmt::format("of a member who left, {}", each), now_ms);
    }
  };
  co_await run_.commit(Durability::now, std::move(put));
  // The way to say it in the log.
  co_return Suspended{now_ms, fmt::format("{}: {}", when, fmt::join(what, "; "))};
}

async::Task<void> LeaveRun::keep() {
  auto put = [&](storage::Writer& writer) {
    storage::put_cursor(writer, member_, cursor_name, to_json(progress_));
  };
  co_await run_.commit(Durability::soon, std::move(put));
}

// This job goes with the member.
async::Task<void> LeaveRun::erase() {
  std::string account;
  const std::string unknown = storage::unknown_account_owner(member_);
  auto drop = [&](storage::Writer& writer) {
    const auto member = storage::find_member(writer, member_);
    const bool alone = member && member->github_id != 0 &&
                       storage::members_of_account(writer, member->github_id).size() < 2;
    if (alone) account = storage::account_owner(member->github_id);
    erase_doomed_of(writer, member_);
    storage::erase_quotas(writer, unknown);
    storage::erase_member(writer, member_);
    sign_in::enqueue_tidy(writer, wall_ms(services_.clock));  // takes it off the disk
  };
  co_await run_.commit(Durability::now, std::move(drop));
  services_.ledger.forget(unknown);
  if (!account.empty()) services_.ledger.forget(account);
}

class LeaveJob final : public JobKind {
 public:
  explicit LeaveJob(sign_in::SignInServices services) : services_(services) {}
  [[nodiscard]] std::string name() const override { return std::string(leave_kind); }
  async::Task<RunResult> run(Run& run) override {
    LeaveRun leave(services_, run);
    co_return co_await leave.go();
  }

 private:
  sign_in::SignInServices services_;
};

}  // namespace

bool begin_leaving(storage::Writer& writer, std::string_view member, const LeaveOrder& order,
                   std::int64_t now_ms) {
  auto row = storage::find_member(writer, member);
  if (!row) return false;
  Progress progress = find_progress(writer, member).value_or(Progress{});
  if (row->state != MemberState::leaving) {
    progress = Progress{};
    progress.order.asked_by = order.asked_by;
    progress.since_ms = now_ms;
    row->state = MemberState::leaving;
    row->state_reason = fmt::format("to be deleted, asked by {}", order.asked_by);
    storage::put_member(writer, *row);
  }
  if (order.remove_files && !progress.order.remove_files) {
    progress.order.remove_files = true;
    progress.files_done = false;
  }
  storage::put_cursor(writer, member, cursor_name, to_json(progress));
  storage::erase_sessions(writer, member);
  for (const auto kind : {sync::sync_kind, sign_in::connect_kind, disconnect_kind}) {
    storage::cancel_jobs(writer, kind, member);
  }
  storage::erase_cursor(writer, member, "connect");
  storage::erase_token(writer, member, "github-device");
  storage::Job job;
  job.kind = leave_kind;
  job.key = member;
  job.priority = person_waits;
  storage::enqueue_job(writer, std::move(job), now_ms);
  return true;
}

std::unique_ptr<JobKind> make_leave_job(sign_in::SignInServices services) {
  return std::make_unique<LeaveJob>(services);
}

}  // namespace tidemark::jobs::leave
