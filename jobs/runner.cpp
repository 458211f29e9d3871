#include "jobs/runner.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "jobs/runner_state.hpp"

namespace tidemark::jobs {

namespace asio = boost::asio;

void Run::progress(storage::Writer& writer, const storage::Progress& progress) const {
  const std::int64_t now_ms = clock_.wall_now().time_since_epoch().count();
  storage::set_progress(writer, job_.id, job_.fence, progress, now_ms);
}

Runner::State::State(async::Executor executor, storage::Store& its_store, async::Clock& its_clock,
                     async::Random& its_random, RunnerSettings its_settings, OnEvent its_on_event)
    : store(its_store),
      clock(its_clock),
      random(its_random),
      settings(its_settings),
      on_event(std::move(its_on_event)),
      retry_at(its_clock.steady_now()),
      wake(executor),
      ended(executor),
      // Runs that have said their last word stay in the group for a turn of the loop.
      group(executor, 2 * its_settings.concurrency + 1,
            [this](const std::string&, std::exception_ptr error) { fail_all(std::move(error)); }) {
  if (!on_event) on_event = [](const storage::Job&, const std::string&) {};
}

bool Runner::State::accepts(const std::string& kind) const {
  return kinds.contains(kind) && !held.contains(kind);
}

std::int64_t Runner::State::now_ms() const { return clock.wall_now().time_since_epoch().count(); }

Runner::Runner(async::Executor executor, storage::Store& store, async::Clock& clock,
               async::Random& random, RunnerSettings settings, OnEvent on_event)
    : state_(std::make_unique<State>(std::move(executor), store, clock, random, settings,
                                     std::move(on_event))) {}

Runner::~Runner() = default;

void Runner::add(std::unique_ptr<JobKind> kind) {
  std::string name = kind->name();
  state_->kinds[std::move(name)] = std::move(kind);
}

async::Task<void> Runner::run() {
  State& state = *state_;
  state.looping = true;
  std::exception_ptr error;
  try {
    co_await state.loop();
  } catch (...) {
    error = std::current_exception();
  }
  if (error) {
    state.stopping = state.cancelled = true;
    state.group.cancel();
    // When it was we who were cancelled, the end of the runs must be awaited all the same.
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await state.group.join();
    co_await asio::this_coro::throw_if_cancelled(true);
  }
  state.looping = false;
  state.ended.set();
  if (error) std::rethrow_exception(error);
}

void Runner::wake() { state_->wake.set(); }

void Runner::hold(const std::string& kind, const std::string& reason) {
  state_->held[kind] = reason;
}

void Runner::release(const std::string& kind) {
  state_->held.erase(kind);
  state_->wake.set();
}

async::Task<void> Runner::stop(async::Deadline deadline) {
  State& state = *state_;
  state.stopping = true;
  state.wake.set();
  for (Run* run : state.runs) run->stop();
  while ((state.active > 0 || state.looping) && !deadline.passed(state.clock)) {
    co_await state.ended.wait_until(state.clock, deadline.at);
  }
  state.cancelled = true;
  state.group.cancel();
  co_await state.group.join();
  // What the loop still does is one look at the store, which cannot be cut short.
  while (state.looping) {
    co_await state.ended.wait_until(state.clock, async::Deadline::none().at);
  }
}

std::size_t Runner::running() const { return state_->active; }

std::string Runner::held_reason() const {
  if (!state_->no_room.empty()) return state_->no_room;
  std::string reasons;
  for (const auto& [kind, reason] : state_->held) {
    if (!reasons.empty()) reasons += "; ";
    reasons += kind + ": " + reason;
  }
  return reasons;
}

std::string Runner::held_reason(std::string_view kind) const {
  if (!state_->no_room.empty()) return state_->no_room;
  const auto found = state_->held.find(std::string(kind));
  return found == state_->held.end() ? std::string() : found->second;
}

storage::Job Runner::as_it_is(storage::Job job) const {
  using storage::JobState;
  const State& state = *state_;
  if (state.no_room.empty()) return job;
  const auto is_of_job = [&job](const Run* run) { return run->job().id == job.id; };
  const bool running = std::any_of(state.runs.begin(), state.runs.end(), is_of_job);
  const bool ended = job.state == JobState::running && !running;
  const std::int64_t now_ms = state.now_ms();
  const bool due =
      (job.state == JobState::ready || job.state == JobState::waiting) && job.due_ms <= now_ms;
  if (!ended && !due) return job;
  const auto wait = state.retry_at - state.clock.steady_now();
  const auto wait_ms = std::chrono::duration_cast<async::Milliseconds>(wait).count();
  job.state = JobState::waiting;
  job.wait_reason = state.no_room;
  job.due_ms = now_ms + std::max<std::int64_t>(0, wait_ms);
  return job;
}

}  // namespace tidemark::jobs
