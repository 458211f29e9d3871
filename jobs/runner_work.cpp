#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "jobs/runner_state.hpp"

namespace tidemark::jobs {

namespace asio = boost::asio;
using storage::Durability;

namespace {

constexpr const char* stopped_text = "the daemon stopped; goes on at its next start";
constexpr const char* no_room_text = "there was no room on the disk of the store";

// Why a run is not allowed to write any more. A job that is not there any more went with its
// member, most likely: nobody else runs it.
async::Task<std::string> dropped_text(storage::Store& store, std::uint64_t id, std::string what) {
  auto find = [id](const storage::Reader& reader) { return storage::find_job(reader, id); };
  std::optional<storage::Job> job;
  try {
    job = co_await store.read(std::move(find));
  } catch (const std::exception&) {
    co_return "dropped: " + what;
  }
  co_return job ? "dropped: " + what : "dropped: the job was removed while it ran";
}

}  // namespace

async::Task<void> Runner::State::work(storage::Job job) {
  // Says last of all that the run is over.
  struct Over {
    State& state;
    ~Over() {
      --state.active;
      state.wake.set();
      state.ended.set();
    }
  };
  Over over{*this};
  std::optional<RunResult> result;
  std::exception_ptr error;
  if (stopping) {
    result = Suspended{now_ms(), stopped_text};
  } else {
    Run run(job, store, clock);
    runs.insert(&run);
    try {
      result = co_await kinds.at(job.kind)->run(run);
    } catch (...) {
      error = std::current_exception();
    }
    runs.erase(&run);
  }
  // What follows must be stored also when the run was cancelled.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  if (error && diagnose(error).trouble == Trouble::lost_lease) {
    std::string text = co_await dropped_text(store, job.id, diagnose(error).what);
    on_event(job, text);
    co_return;
  }
  if (error) result = judge(job, error);
  if (!result) co_return;
  if (const Done* done = std::get_if<Done>(&*result); done != nullptr && done->removed) {
    on_event(job, "done: " + done->note);
    co_return;
  }
  co_await store_end(conclude(std::move(job), *result, settings, random, now_ms()));
}

std::optional<RunResult> Runner::State::judge(const storage::Job& job,
                                              const std::exception_ptr& error) {
  const Diagnosis diagnosis = diagnose(error);
  switch (diagnosis.trouble) {
    case Trouble::lost_lease: return std::nullopt;  // told already
    case Trouble::disk_full:
      hold_for_room(diagnosis.what);
      on_event(job, "waiting: " + no_room);  // the store cannot be told yet
      return Suspended{now_ms(), no_room_text};
    case Trouble::damaged: return Failed{diagnosis.what, false};  // nobody else's trouble
    case Trouble::store:
      fail_all(error);  // the job stays marked running, and is reclaimed at the next start
      return std::nullopt;
    case Trouble::pool_full:
    case Trouble::cancelled:
    case Trouble::other:
      // What a cancelled run throws may be anything that it made of the cancellation.
      if (cancelled) return Suspended{now_ms(), stopped_text};
      return Failed{diagnosis.what, true};
  }
  return std::nullopt;
}

async::Task<void> Runner::State::store_end(Conclusion conclusion) {
  if (no_room.empty()) {
    co_await try_store(std::move(conclusion));
  } else {
    owed.push_back(std::move(conclusion));
  }
}

async::Task<void> Runner::State::pay_owed() {
  // Our own runs' last words are the small write that finds out whether there is room again.
  std::deque<Conclusion> due = std::exchange(owed, {});
  while (!due.empty() && owed.empty() && !fatal) {
    Conclusion conclusion = std::move(due.front());
    due.pop_front();
    co_await try_store(std::move(conclusion));
  }
  for (Conclusion& conclusion : due) owed.push_back(std::move(conclusion));
}

async::Task<void> Runner::State::try_store(Conclusion conclusion) {
  const std::int64_t now = now_ms();
  auto body = [&conclusion, now](storage::Writer& writer) {
    store_conclusion(writer, conclusion, now);
  };
  std::exception_ptr error;
  try {
    co_await store.write(Durability::soon, std::move(body));
  } catch (...) {
    error = std::current_exception();
  }
  if (!error) {
    if (conclusion.kind == Conclusion::Kind::finish) ++finished;
    on_event(conclusion.job, describe(conclusion, now));
    co_return;
  }
  const Diagnosis diagnosis = diagnose(error);
  switch (diagnosis.trouble) {
    case Trouble::lost_lease: {
      const std::uint64_t id = conclusion.job.id;
      std::string text = co_await dropped_text(store, id, diagnosis.what);
      on_event(conclusion.job, text);
      break;
    }
    case Trouble::disk_full:
      hold_for_room(diagnosis.what);
      owed.push_back(std::move(conclusion));
      break;
    case Trouble::pool_full:
      retry_at = clock.steady_now() + std::chrono::seconds(1);
      owed.push_back(std::move(conclusion));
      break;
    default: fail_all(error);
  }
}

void Runner::State::hold_for_room(const std::string& what) {
  no_room = std::string("no room on the disk of the store: ") + what;
  retry_at = clock.steady_now() + settings.disk_retry_ms;
  wake.set();
}

void Runner::State::fail_all(std::exception_ptr error) {
  if (!fatal) fatal = std::move(error);
  wake.set();
}

}  // namespace tidemark::jobs
