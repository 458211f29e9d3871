#include "jobs/sync/choice.hpp"

#include <fmt/format.h>

#include <functional>

#include "jobs/sign_in/connect_job.hpp"
#include "jobs/sync/adopt.hpp"
#include "jobs/sync/state.hpp"
#include "jobs/sync/sync_job.hpp"
#include "storage/cursors.hpp"
#include "storage/files.hpp"
#include "storage/jobs.hpp"
#include "storage/weeks.hpp"
#include "storage/work.hpp"

namespace tidemark::jobs::sync {

using http::openhumans::ListedFile;
using http::openhumans::Nothing;
using http::openhumans::Result;
using storage::Durability;
using storage::Week;
using storage::WeekRecord;

namespace {

constexpr std::string_view order_name = "sync-remove-files";
constexpr std::size_t doomed_at_once = 1'000;
constexpr int listings_most = 3;

// What is known is public work alone: until it is read again, no week is complete.
void mark_unread(storage::Writer& writer, const storage::Member& member) {
  if (!member.known_until) return;
  std::vector<std::pair<Week, WeekRecord>> weeks;
  storage::scan_weeks(writer, member.id, member.first_week.value_or(*member.known_until),
                      *member.known_until, [&](Week week, const WeekRecord& record) {
                        weeks.emplace_back(week, record);
                        return true;
                      });
  for (auto& [week, record] : weeks) {
    record.state = storage::WeekState::partial;
    record.reason = "its private work was not read yet";
    storage::put_week(writer, member.id, week, record);
  }
}

class Removal {
 public:
  Removal(SyncServices& services, Run& run, Session& session, const std::string& member)
      : services_(services), run_(run), session_(session), member_(member) {}

  async::Task<Stop> go();

 private:
  async::Task<Stop> count_upload();
  async::Task<Stop> remove(std::uint64_t id);
  async::Task<void> finish();

  SyncServices& services_;
  Run& run_;
  Session& session_;
  const std::string& member_;
};

// Open Humans may have been asked to count an upload, and would list it a moment after we looked.
// Counted by us first, it is listed now; to count one that was deleted since does not bring it
// back.
async::Task<Stop> Removal::count_upload() {
  auto find = [&](const storage::Reader& reader) { return storage::find_upload(reader, member_); };
  const auto upload = co_await services_.store.read(std::move(find));
  if (!upload || upload->phase != storage::UploadPhase::stored) co_return std::nullopt;
  const std::uint64_t id = upload->remote_id;
  std::function<async::Task<Result<std::uint64_t>>(std::string)> ask = [this,
                                                                        id](std::string token) {
    return services_.openhumans.complete_upload(std::move(token), id);
  };
  auto answer = co_await session_.call(std::move(ask));
  if (auto* end = std::get_if<RunResult>(&answer)) co_return std::move(*end);
  // Whatever it says: a file that was not counted is listed nowhere and ages away.
  co_return std::nullopt;
}

async::Task<Stop> Removal::remove(std::uint64_t id) {
  std::function<async::Task<Result<Nothing>>(std::string)> ask = [this, id](std::string token) {
    return services_.openhumans.delete_file(std::move(token), id);
  };
  auto answer = co_await session_.call(std::move(ask));
  if (auto* end = std::get_if<RunResult>(&answer)) co_return std::move(*end);
  const auto& result = std::get<Result<Nothing>>(answer);
  if (!result.ok()) {
    co_return Session::failed(fmt::format("removing file {} from Open Humans", id), result.outcome,
                              result.message);
  }
  co_return std::nullopt;
}

async::Task<void> Removal::finish() {
  auto end = [&](storage::Writer& writer) {
    storage::erase_upload(writer, member_);
    for (const std::uint64_t id : storage::list_doomed(writer, member_, doomed_at_once)) {
      storage::erase_doomed(writer, member_, id);
    }
    storage::erase_cursor(writer, member_, order_name);
    auto member = storage::find_member(writer, member_);
    if (!member) return;
    member->adopted = true;
    storage::put_member(writer, *member);
  };
  co_await run_.commit(Durability::now, std::move(end));
}

// What Open Humans lists decides, not what was stored: a kill only repeats the listing.
async::Task<Stop> Removal::go() {
  Stop stop = co_await count_upload();
  if (stop) co_return stop;
  for (int turn = 0; turn < listings_most; ++turn) {
    auto listed = co_await list_ours(services_, session_);
    if (auto* end = std::get_if<RunResult>(&listed)) co_return std::move(*end);
    const auto& files = std::get<std::vector<ListedFile>>(listed);
    if (files.empty()) {
      co_await finish();
      co_return std::nullopt;
    }
    for (const ListedFile& file : files) {
      if (run_.stopping()) co_return Suspended{wall_ms(services_.clock), "tidemark is stopping"};
      stop = co_await remove(file.id);
      if (stop) co_return stop;
    }
  }
  co_return Failed{"Open Humans still lists files that were removed", true};
}

}  // namespace

void forget_work(storage::Writer& writer, storage::Member& member, std::int64_t now_ms) {
  storage::erase_work(writer, member.id);
  erase_state(writer, member.id);
  for (const storage::RemoteFile& file : storage::list_files(writer, member.id)) {
    storage::erase_file(writer, member.id, file.name);
  }
  member.first_week.reset();
  member.known_until.reset();
  member.last_synced_ms = 0;
  member.adopted = false;
  storage::put_cursor(writer, member.id, order_name, "{}");
  sign_in::enqueue_tidy(writer, now_ms);  // takes it off the disk
}

void choose_work(storage::Writer& writer, storage::Member& member, bool wants_private,
                 std::int64_t now_ms) {
  if (member.wants_private == wants_private) return;
  member.wants_private = wants_private;
  // It would go on by the choice that it began with.
  storage::cancel_jobs(writer, sync_kind, member.id);
  if (!wants_private) return forget_work(writer, member, now_ms);
  mark_unread(writer, member);
  erase_state(writer, member.id);
  storage::erase_windows(writer, member.id);
}

bool must_remove_files(const storage::Reader& reader, const std::string& member) {
  return storage::find_cursor(reader, member, order_name).has_value();
}

async::Task<Stop> remove_files(SyncServices& services, Run& run, Session& session,
                               const std::string& member) {
  Removal removal(services, run, session, member);
  co_return co_await removal.go();
}

}  // namespace tidemark::jobs::sync
