#include "jobs/sync/sync_run.hpp"

#include <fmt/format.h>

#include "jobs/sync/adopt.hpp"
#include "jobs/sync/choice.hpp"
#include "jobs/sync/plan.hpp"
#include "jobs/sync/sync_job.hpp"
#include "jobs/sync/take.hpp"
#include "jobs/sync/uploads.hpp"
#include "jobs/sync/weeks.hpp"

namespace tidemark::jobs::sync {

using storage::Durability;
using storage::MemberState;

namespace {

// A run that got somewhere and then failed goes on soon, and its failures do not add up.
constexpr std::int64_t go_on_after_ms = 5'000;
constexpr std::chrono::seconds github_token_kept{30};

}  // namespace

async::Task<RunResult> SyncRun::go() {
  Stop early = co_await begin();
  if (early) co_return co_await explain(std::move(*early));
  RunResult result = co_await fetch_and_upload();
  co_return co_await explain(std::move(result));
}

async::Task<Stop> SyncRun::begin() {
  const std::string& id = run_.job().key;
  bool remove_first = false;
  auto load = [&](const storage::Reader& reader) {
    remove_first = must_remove_files(reader, id);
    return load_state(reader, id);
  };
  std::optional<State> found = co_await services_.store.read(std::move(load));
  Stop stopped = take_state(std::move(found));
  if (stopped) co_return stopped;
  if (remove_first) stopped = co_await remove_files(services_, run_, session_, id);
  if (stopped) co_return stopped;
  stopped = co_await take_github_token({});
  if (stopped) co_return stopped;
  if (!state_.member.adopted && !remove_first) {
    Stop stop = co_await adopt_files(services_, run_, session_, state_.member);
    if (stop) co_return stop;
  } else if (!state_.under_way) {
    Stop left = co_await still_a_member();
    if (left) co_return left;
  }
  auto plan = [&](const storage::Reader& reader) {
    std::optional<State> state = load_state(reader, id);
    if (state && !state->under_way) plan_run(reader, *state, wall_ms(services_.clock) / 1'000);
    return state;
  };
  found = co_await services_.store.read(std::move(plan));
  co_return take_state(std::move(found));
}

// Members leave, disconnect and are removed at any moment: with them goes the job's lease, and what
// it reads may be gone before it writes again.
Stop SyncRun::take_state(std::optional<State> found) {
  if (!found) return Failed{fmt::format("there is no member {} any more", run_.job().key), false};
  state_ = std::move(*found);
  if (state_.member.state != MemberState::active) return Done{};
  return std::nullopt;
}

// Open Humans tells nobody of a plain leave. Who has left is not read at GitHub any more, even when
// there would be nothing to upload; any other trouble of this question is none of ours.
async::Task<Stop> SyncRun::still_a_member() {
  using Asked = http::openhumans::Result<std::string>;
  const std::function<async::Task<Asked>(std::string)> ask = [this](std::string token) {
    return services_.openhumans.project_id(std::move(token));
  };
  auto asked = co_await session_.call<std::string>(ask);
  auto* end = std::get_if<RunResult>(&asked);
  if (end != nullptr && !std::holds_alternative<Failed>(*end)) co_return std::move(*end);
  co_return std::nullopt;
}

// The keeper's tokens are good for a minute at least: within half of that, one in hand will do, and
// hundreds of questions need not read the store each time.
async::Task<Stop> SyncRun::take_github_token(std::string refused) {
  const auto now = services_.clock.steady_now();
  if (refused.empty() && !github_token_.empty() && now < github_token_until_) {
    co_return std::nullopt;
  }
  auto given = co_await session_.token("github", std::move(refused));
  if (auto* end = std::get_if<RunResult>(&given)) co_return std::move(*end);
  github_token_ = std::get<std::string>(std::move(given));
  github_token_until_ = now + github_token_kept;
  co_return std::nullopt;
}

// What is complete goes to Open Humans however the fetching ended.
async::Task<RunResult> SyncRun::fetch_and_upload() {
  Stop fetched = co_await fetch();
  const bool member_is_out = fetched && std::holds_alternative<Done>(*fetched);
  if (member_is_out) co_return std::move(*fetched);
  Stop uploaded = co_await upload();
  if (fetched) {
    // Of two reasons to stop, the one that needs a person comes first.
    if (uploaded && std::holds_alternative<Done>(*uploaded)) co_return std::move(*uploaded);
    const Failed* unsent = uploaded ? std::get_if<Failed>(&*uploaded) : nullptr;
    if (unsent != nullptr && std::holds_alternative<Suspended>(*fetched)) {
      co_await note_error(unsent->error);  // the wait for quota must not hide it
    }
    co_return std::move(*fetched);
  }
  if (uploaded) co_return std::move(*uploaded);
  co_await finish();
  co_return Done{};
}

async::Task<Stop> SyncRun::fetch() {
  while (!all_taken(state_)) {
    if (run_.stopping()) co_return Suspended{wall_ms(services_.clock), "tidemark is stopping"};
    Stop stop = co_await ask_once();
    if (stop) co_return stop;
  }
  co_return std::nullopt;
}

async::Task<Stop> SyncRun::upload() {
  // Before the first answer nothing is new.
  if (state_.cursor.now_s == 0) co_return std::nullopt;
  Uploads uploads(services_, run_, session_, state_.member.id, now_week(state_.cursor));
  Stop stop = co_await uploads.run();
  steps_taken_ += uploads.steps();
  co_return stop;
}

async::Task<void> SyncRun::finish() {
  auto end = [&](storage::Writer& writer) {
    finish_state(writer, state_);
    run_.progress(writer, progress_of(state_));
  };
  co_await run_.commit(Durability::now, std::move(end));
}

// The member's page shows the last error; a run that got somewhere is suspended instead of failed.
async::Task<RunResult> SyncRun::explain(RunResult result) {
  const auto* failed = std::get_if<Failed>(&result);
  if (failed == nullptr) co_return result;
  const std::string error = failed->error;
  const bool retry = failed->retry;
  co_await note_error(error);
  if (retry && steps_taken_ > 0) {
    co_return Suspended{wall_ms(services_.clock) + go_on_after_ms, error};
  }
  co_return result;
}

async::Task<void> SyncRun::note_error(std::string error) {
  const std::int64_t now_ms = wall_ms(services_.clock);
  auto note = [&](storage::Writer& writer) {
    auto member = storage::find_member(writer, run_.job().key);
    if (!member) return;
    member->last_error = error;
    member->last_error_ms = now_ms;
    storage::put_member(writer, *member);
  };
  co_await run_.commit(Durability::soon, std::move(note));
}

namespace {

class SyncJob final : public JobKind {
 public:
  explicit SyncJob(SyncServices services) : services_(services) {}
  [[nodiscard]] std::string name() const override { return std::string(sync_kind); }
  async::Task<RunResult> run(Run& run) override {
    SyncRun sync(services_, run);
    co_return co_await sync.go();
  }

 private:
  SyncServices services_;
};

}  // namespace

std::unique_ptr<JobKind> make_sync_job(SyncServices services) {
  return std::make_unique<SyncJob>(services);
}

}  // namespace tidemark::jobs::sync
