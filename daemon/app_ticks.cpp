#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/app.hpp"
#include "daemon/routes/answers.hpp"
#include "daemon/status_line.hpp"
#include "storage/jobs.hpp"

namespace tidemark::daemon {

// What `Durability::soon` left behind; nothing written, nothing to wake the disk for.
async::Task<void> App::flush() {
  const std::uint64_t writes = parts_->engine->statistics().writes;
  if (writes == writes_flushed_) co_return;
  std::string full;
  try {
    co_await parts_->store.flush();
    writes_flushed_ = writes;
  } catch (const storage::DiskFull& error) {
    full = error.what();
  }
  if (!full.empty() && !disk_was_full_) log_.warning(full);
  if (full.empty() && disk_was_full_) log_.info("the disk has room again");
  disk_was_full_ = !full.empty();
}

async::Task<void> App::report_status() {
  auto body = [](const storage::Reader& reader) { return read_activity(reader); };
  Activity activity = co_await parts_->store.read(body);
  add_runner(activity, parts_->runner);
  std::string text = log_.clean(activity_text(activity, parts_->now_ms()));
  if (text == last_status_) co_return;
  last_status_ = std::move(text);
  notifier_.status(last_status_);
}

// The runner tells when jobs begin and end; between, their progress is in the store.
async::Task<void> App::report_progress() {
  if (parts_->events.followers() == 0) {
    shown_.clear();
    co_return;
  }
  auto body = [](const storage::Reader& reader) {
    storage::JobFilter filter;
    filter.state = storage::JobState::running;
    return storage::list_jobs(reader, filter, 0, 256);
  };
  const std::vector<storage::Job> jobs = co_await parts_->store.read(body);
  std::map<std::uint64_t, std::int64_t> seen;
  auto clean = [this](std::string_view text) { return log_.clean(text); };
  for (const storage::Job& job : jobs) {
    seen[job.id] = job.updated_ms;
    const auto before = shown_.find(job.id);
    if (before != shown_.end() && before->second == job.updated_ms) continue;
    boost::json::object event;
    event["what"] = "progress";
    event["job"] = job_json(parts_->runner.as_it_is(job), parts_->now_ms(), clean);
    parts_->events.publish("job", boost::json::serialize(event));
  }
  shown_ = std::move(seen);
}

async::Task<void> App::look_at_certificate() {
  parts_->site->refresh_certificate(false);
  co_return;
}

// From the loop: a loop that hangs is what systemd should restart.
async::Task<void> App::tell_watchdog() {
  notifier_.watchdog();
  co_return;
}

// After a key rotation: brings every secret under the newest key, a few at a time.
async::Task<void> App::seal_again() {
  constexpr std::size_t most = 100;
  std::size_t total = 0;
  while (true) {
    auto body = [this](storage::Writer& writer) {
      return storage::reseal(writer, parts_->sealer, most);
    };
    const std::size_t sealed = co_await parts_->store.write(storage::Durability::soon, body);
    total += sealed;
    if (sealed < most) break;
  }
  if (total > 0) log_.info(std::to_string(total) + " secrets sealed again under the newest key");
}

}  // namespace tidemark::daemon
