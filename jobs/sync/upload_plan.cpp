#include <algorithm>
#include <functional>
#include <set>

#include "jobs/sync/document.hpp"
#include "jobs/sync/md5.hpp"
#include "jobs/sync/uploads.hpp"
#include "storage/facts.hpp"
#include "storage/members.hpp"
#include "storage/repositories.hpp"
#include "storage/weeks.hpp"

namespace tidemark::jobs::sync {
namespace {

using storage::Fact;
using storage::RemoteFile;
using storage::Week;
using storage::WeekRecord;
using storage::WeekState;

constexpr Week first_week_of_all{-110'000};
constexpr Week last_week_of_all{430'000};

bool holds_anything(const WeekRecord& record, bool over) {
  const bool gap = record.state == WeekState::partial && over;
  return record.commits > 0 || record.others > 0 || record.days > 0 || gap;
}

// Weeks that hold anything, and of those the ones that Open Humans does not have as they are now.
struct Standing {
  std::set<Week> filled, changed;
};

Standing standing_of(const storage::Reader& reader, const std::string& member, Week now) {
  Standing standing;
  storage::scan_weeks(reader, member, first_week_of_all, last_week_of_all,
                      [&](Week week, const WeekRecord& record) {
                        if (holds_anything(record, week < now)) standing.filled.insert(week);
                        // An emptied week too has to go from the file that it stands in.
                        if (record.file.empty()) standing.changed.insert(week);
                        return true;
                      });
  return standing;
}

bool touches(const std::set<Week>& weeks, const PlannedFile& file) {
  const auto found = weeks.lower_bound(file.first);
  return found != weeks.end() && *found <= file.last;
}

RemoteFile planned(const PlannedFile& file, const std::string& bytes) {
  RemoteFile upload;
  upload.name = file.name;
  upload.first = file.first;
  upload.last = file.last;
  upload.md5 = md5_hex(bytes);
  upload.size = bytes.size();
  return upload;
}

// All planned files are up and fresh: one that is not planned holds nothing that they do not hold.
UploadStep redundant_file(const storage::Reader& reader, const std::string& member,
                          const Standing& standing, Week known_until, Week now) {
  std::set<std::string> wanted{std::string(profile_name)};
  for (const PlannedFile& file : plan_files(standing.filled, known_until, now)) {
    wanted.insert(file.name);
  }
  UploadStep step;
  for (const RemoteFile& file : storage::list_files(reader, member)) {
    if (wanted.contains(file.name)) continue;
    step.kind = UploadStep::Kind::remove;
    step.file = file;
    step.remote_id = file.remote_id;
    break;
  }
  return step;
}

// Changes the week records in the range of a file.
void change_weeks(storage::Writer& writer, const std::string& member, const RemoteFile& file,
                  const std::function<void(WeekRecord&)>& change) {
  std::vector<std::pair<Week, WeekRecord>> changed;
  storage::scan_weeks(writer, member, file.first, file.last + 1,
                      [&](Week week, const WeekRecord& record) {
                        WeekRecord next = record;
                        change(next);
                        if (next != record) changed.emplace_back(week, std::move(next));
                        return true;
                      });
  for (const auto& [week, record] : changed) storage::put_week(writer, member, week, record);
}

void mark_there(WeekRecord& record, const std::string& name) {
  if (record.state == WeekState::complete) record.state = WeekState::uploaded;
  record.file = name;
}

void mark_missing(WeekRecord& record) {
  if (record.state == WeekState::uploaded) record.state = WeekState::complete;
  record.file.clear();
}

bool is_week_file(const PlannedFile& file) { return file.first == file.last; }

}  // namespace

UploadStep next_upload_step(const storage::Reader& reader, const std::string& member, Week now) {
  UploadStep step;
  if (auto under_way = storage::find_upload(reader, member)) {
    step.kind = UploadStep::Kind::go_on;
    step.file = std::move(*under_way);
    return step;
  }
  if (const auto doomed = storage::list_doomed(reader, member, 1); !doomed.empty()) {
    step.kind = UploadStep::Kind::remove;
    step.remote_id = doomed.front();
    return step;
  }
  const auto who = storage::find_member(reader, member);
  if (!who || !who->known_until) return step;
  const auto begin = [&](const PlannedFile& file) {
    const std::string bytes = compose_file(reader, member, file);
    const auto there = storage::find_file(reader, member, file.name);
    step.kind = UploadStep::Kind::plan;
    step.file = planned(file, bytes);
    return !there || there->md5 != step.file.md5;
  };
  // Folds come before the profile, and the profile before the single weeks: never a file too many.
  const Standing standing = standing_of(reader, member, now);
  const PlannedFile profile{std::string(profile_name), Week{0}, Week{0}};
  bool profile_seen = false;
  for (const PlannedFile& file : plan_files(standing.filled, *who->known_until, now)) {
    if (is_week_file(file) && !profile_seen) {
      profile_seen = true;
      if (begin(profile)) return step;
    }
    const bool there = storage::find_file(reader, member, file.name).has_value();
    if (there && !touches(standing.changed, file)) continue;
    (void)begin(file);  // the same bytes too: their weeks have to be marked
    return step;
  }
  if (!profile_seen && !who->github_node_id.empty() && begin(profile)) return step;
  return redundant_file(reader, member, standing, *who->known_until, now);
}

std::string compose_file(const storage::Reader& reader, const std::string& member,
                         const PlannedFile& file) {
  const auto who = storage::find_member(reader, member).value_or(storage::Member{});
  const auto repositories = storage::list_repositories(reader, member);
  if (file.name == profile_name) return write_profile(who, repositories);
  WeeksDocument document;
  document.private_work = who.wants_private;
  document.login = who.login;
  document.github_id = who.github_id;
  document.github_node_id = who.github_node_id;
  document.first = file.first;
  document.last = file.last;
  storage::scan_weeks(
      reader, member, file.first, file.last + 1, [&](Week week, const WeekRecord& record) {
        if (!holds_anything(record, true)) return true;
        document.weeks.push_back({week, record.state != WeekState::partial, record.reason, {}});
        return true;
      });
  std::map<std::string, std::string> names;  // id → name
  for (const auto& repository : repositories) names[repository.id] = repository.name;
  for (WeekDocument& week : document.weeks) {
    storage::scan_facts(reader, member, week.week, week.week + 1, [&](const Fact& fact) {
      week.facts.push_back(fact);
      if (fact.kind == storage::FactKind::commit) {
        document.repositories[repository_name(fact.json)] = fact.id.substr(0, fact.id.find(' '));
      }
      return true;
    });
  }
  return write_weeks(document);
}

void take_uploaded(storage::Writer& writer, const std::string& member, const RemoteFile& file) {
  const PlannedFile plan{file.name, file.first, file.last};
  // The facts may have moved on since the bytes were sent, while the run waited.
  const bool current = md5_hex(compose_file(writer, member, plan)) == file.md5;
  for (const RemoteFile& other : storage::list_files(writer, member)) {
    const bool same = other.name == file.name;
    const bool inside = file.name != profile_name && other.name != profile_name &&
                        other.first >= file.first && other.last <= file.last;
    if (!same && !(inside && current)) continue;
    if (other.remote_id != file.remote_id) storage::put_doomed(writer, member, other.remote_id);
    storage::erase_file(writer, member, other.name);
  }
  storage::put_file(writer, member, file);
  storage::erase_upload(writer, member);
  if (file.name == profile_name) return;
  change_weeks(writer, member, file, [&](WeekRecord& record) {
    if (current) {
      mark_there(record, file.name);
    } else {
      mark_missing(record);
    }
  });
}

void take_removed(storage::Writer& writer, const std::string& member, std::uint64_t remote_id) {
  storage::erase_doomed(writer, member, remote_id);
  for (const RemoteFile& file : storage::list_files(writer, member)) {
    if (file.remote_id != remote_id) continue;
    storage::erase_file(writer, member, file.name);
    change_weeks(writer, member, file, [&](WeekRecord& record) {
      if (record.file == file.name) mark_missing(record);
    });
  }
}

}  // namespace tidemark::jobs::sync
