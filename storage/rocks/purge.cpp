#include "storage/rocks/purge.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "storage/rocks/engine.hpp"
#include "storage/rocks/errors.hpp"

namespace tidemark::storage::rocks {
namespace {

constexpr std::string_view purging = "taking what was erased off the disk";
constexpr std::chrono::milliseconds look_every(5);
constexpr int looks_per_step = 100, waits_most = 120;  // a minute
// What compactions of a piece may need at once, beside the old tables.
constexpr std::uint64_t room_bytes = 512 * 1024 * 1024;

bool is_log_or_list(const std::string& name) {
  return name.ends_with(".log") || name.starts_with("MANIFEST-");
}

std::vector<std::string> names_in(const Database& database) {
  std::vector<std::string> names;
  const std::string folder = database.db().GetName();
  check(database.db().GetEnv()->GetChildren(folder, &names), folder, purging);
  return names;
}

// With what is in them; an empty log may stay in use for long.
std::set<std::string> written_logs_and_lists(const Database& database) {
  std::vector<rocksdb::Env::FileAttributes> files;
  const std::string folder = database.db().GetName();
  check(database.db().GetEnv()->GetChildrenFileAttributes(folder, &files), folder, purging);
  std::set<std::string> names;
  for (const auto& file : files) {
    if (is_log_or_list(file.name) && file.size_bytes > 0) names.insert(file.name);
  }
  return names;
}

std::uint64_t table_bytes(const Database& database) {
  std::vector<rocksdb::LiveFileMetaData> files;
  database.db().GetLiveFilesMetaData(&files);
  std::uint64_t bytes = 0;
  for (const auto& file : files) bytes += file.size;
  return bytes;
}

// Begins another log. A family whose last flush was under way when a log began, and that got
// nothing since, holds on to the log before, until the next one begins. So something must be in the
// newest one: that a row is erased which never was.
void begin_log(const Database& database) {
  rocksdb::DB& db = database.db();
  auto* family = database.family(Family::standard);
  check(db.Delete(rocksdb::WriteOptions(), family, full_key(Table::meta, {})), db.GetName(),
        purging);
  check(db.Flush(rocksdb::FlushOptions(), family), db.GetName(), purging);
}

// Looks again and again for half a second.
template <class IsOver>
bool soon(const IsOver& is_over) {
  for (int look = 0; look < looks_per_step; ++look) {
    if (is_over()) return true;
    std::this_thread::sleep_for(look_every);
  }
  return false;
}

}  // namespace

Purge::Step FilesPurge::step() {
  Step made = Step::later;
  try {
    engine_.use([&](const Database& database) { made = step(database); });
  } catch (const DiskFull&) {
    engine_.ran_full();
    return Step::later;
  }
  if (made == Step::done) engine_.purged(known_.size());
  return made;
}

Purge::Step FilesPurge::step(const Database& database) {
  switch (phase_) {
    case Phase::flush: return flush(database);
    case Phase::readers: return wait_for_readers(database);
    case Phase::compact:
    case Phase::list: return compact(database);
    case Phase::judge: return judge(database);
    case Phase::files: return wait_for_files(database);
  }
  return Step::later;
}

Purge::Step FilesPurge::flush(const Database& database) {
  if (!engine_.has_room(std::min(room_bytes, table_bytes(database)))) return Step::later;
  old_files_ = written_logs_and_lists(database);
  sequence_ = database.db().GetLatestSequenceNumber();
  check(database.db().Flush(rocksdb::FlushOptions(), database.families()), database.db().GetName(),
        purging);
  begin_log(database);
  phase_ = Phase::readers;
  return Step::more;
}

Purge::Step FilesPurge::wait(bool over, Phase next) {
  if (!over) return ++waits_ < waits_most ? Step::more : Step::later;
  phase_ = next;
  return Step::more;
}

// A reader that began before the erasure keeps alive what it may still want to see.
Purge::Step FilesPurge::wait_for_readers(const Database& database) {
  const bool over = soon([&] {
    std::uint64_t oldest = 0;
    database.db().GetIntProperty(rocksdb::DB::Properties::kOldestSnapshotSequence, &oldest);
    return oldest == 0 || oldest >= sequence_;
  });
  if (over) plan(database);
  return wait(over, Phase::compact);
}

void FilesPurge::plan(const Database& database) {
  add(whole(database, Family::queue));
  add(whole(database, Family::entities));
  if (!knows_all_) return plan_everywhere(database);
  std::vector<const Range*> edges;
  for (const auto& transaction : known_) {
    for (const Erased& erased : transaction) {
      if (erased.family == Family::facts) compactions_.push_back(around(database, erased));
      if (erased.family == Family::edges) edges.push_back(&erased.range);
    }
  }
  add(around(database, Family::edges, edges));
}

void FilesPurge::plan_everywhere(const Database& database) {
  everywhere_ = true;
  add(whole(database, Family::facts));
  add(whole(database, Family::edges));
}

void FilesPurge::add(std::vector<Compaction> pieces) {
  for (Compaction& piece : pieces) compactions_.push_back(std::move(piece));
}

Purge::Step FilesPurge::compact(const Database& database) {
  if (compactions_.empty()) {
    phase_ = phase_ == Phase::list ? Phase::files : Phase::judge;
    return Step::more;
  }
  const Compaction next = std::move(compactions_.front());
  compactions_.pop_front();
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  options.exclusive_manual_compaction = false;
  const rocksdb::Slice begin(next.begin), end(next.end);
  check(database.db().CompactRange(options, database.family(next.family),
                                   next.begin.empty() ? nullptr : &begin,
                                   next.end.empty() ? nullptr : &end),
        database.db().GetName(), purging);
  return Step::more;
}

// Then the family that names nobody: its change writes the list of tables without the old ones.
Purge::Step FilesPurge::judge(const Database& database) {
  bool left = false;
  for (const auto& transaction : known_) {
    for (const Erased& erased : transaction) {
      left = left || anything_left(database, erased, sequence_);
    }
  }
  if (left && everywhere_) return Step::later;
  if (left) {
    plan_everywhere(database);
    phase_ = Phase::compact;
    return Step::more;
  }
  compactions_.push_back({Family::standard, {}, {}});
  phase_ = Phase::list;
  return Step::more;
}

Purge::Step FilesPurge::wait_for_files(const Database& database) {
  std::set<std::string> unused = old_files_;
  for (std::string& name : names_in(database)) {
    if (name.ends_with(".sst")) unused.insert(std::move(name));
  }
  // A table that is being written is in use in the end, or gone.
  const bool over = soon([&] {
    std::vector<rocksdb::LiveFileMetaData> tables;
    database.db().GetLiveFilesMetaData(&tables);
    for (const auto& table : tables) unused.erase(table.relative_filename);
    const auto names = names_in(database);
    std::erase_if(unused, [&](const std::string& name) {
      return std::find(names.begin(), names.end(), name) == names.end();
    });
    return unused.empty();
  });
  if (over) return Step::done;
  begin_log(database);
  return wait(false, Phase::files);
}

}  // namespace tidemark::storage::rocks
