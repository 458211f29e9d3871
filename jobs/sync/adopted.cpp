#include "jobs/sync/adopted.hpp"

#include <algorithm>

#include "jobs/sync/document.hpp"
#include "jobs/sync/layout.hpp"
#include "jobs/sync/weeks.hpp"
#include "storage/facts.hpp"
#include "storage/members.hpp"
#include "storage/repositories.hpp"
#include "storage/weeks.hpp"

namespace tidemark::jobs::sync {
namespace {

using storage::Fact;
using storage::RemoteFile;
using storage::Repository;
using storage::Week;
using storage::WeekRecord;
using storage::WeekState;

void take_account(storage::Writer& writer, const std::string& id, std::string_view node_id,
                  std::uint64_t github_id, const std::string& login) {
  auto member = storage::find_member(writer, id);
  if (!member || !member->github_node_id.empty()) return;
  member->github_node_id = node_id;
  member->github_id = github_id;
  member->login = login;
  storage::put_member(writer, *member);
}

void take_profile(storage::Writer& writer, const std::string& member, std::string_view bytes) {
  const auto read = read_profile(bytes);
  const auto* profile = std::get_if<std::pair<storage::Member, std::vector<Repository>>>(&read);
  if (profile == nullptr) return;
  take_account(writer, member, profile->first.github_node_id, profile->first.github_id,
               profile->first.login);
  for (const Repository& repository : profile->second) {
    if (!storage::find_repository(writer, member, repository.id)) {
      storage::put_repository(writer, member, repository);
    }
  }
}

void count_commit(storage::Writer& writer, const std::string& member, const Fact& fact) {
  const std::string id = fact.id.substr(0, fact.id.find(' '));
  auto repository = storage::find_repository(writer, member, id);
  if (!repository) {
    repository.emplace();
    repository->id = id;
    repository->name = repository_name(fact.json);
  }
  ++repository->commits;
  storage::put_repository(writer, member, *repository);
}

void take_week(storage::Writer& writer, const std::string& member, const RemoteFile& file,
               const WeekDocument& week) {
  for (const Fact& fact : week.facts) {
    if (storage::find_fact(writer, member, fact)) continue;
    storage::put_fact(writer, member, fact);
    if (fact.kind == storage::FactKind::commit) count_commit(writer, member, fact);
  }
  WeekRecord record = recount_week(writer, member, week.week);
  record.state = week.complete ? WeekState::uploaded : WeekState::partial;
  record.reason = week.reason;
  record.file = file.name;
  storage::put_week(writer, member, week.week, record);
}

bool inside_another(const storage::Reader& reader, const std::string& member,
                    const RemoteFile& file) {
  const auto files = storage::list_files(reader, member);
  return std::any_of(files.begin(), files.end(), [&](const RemoteFile& other) {
    return other.name != profile_name && other.name != file.name && other.first <= file.first &&
           other.last >= file.last && !other.md5.empty();
  });
}

}  // namespace

void take_adopted(storage::Writer& writer, const std::string& member, const RemoteFile& file,
                  std::string_view bytes) {
  if (file.name == profile_name) {
    take_profile(writer, member, bytes);
    storage::put_file(writer, member, file);
    return;
  }
  if (inside_another(writer, member, file)) {
    storage::put_doomed(writer, member, file.remote_id);
    return;
  }
  const auto read = read_weeks(bytes);
  const auto* document = std::get_if<WeeksDocument>(&read);
  RemoteFile kept = file;
  if (document == nullptr || document->first != file.first || document->last != file.last) {
    // Not what its name says: kept with an unknown checksum, so that a right one replaces it.
    kept.md5.clear();
    storage::put_file(writer, member, kept);
    return;
  }
  take_account(writer, member, document->github_node_id, document->github_id, document->login);
  for (const WeekDocument& week : document->weeks) take_week(writer, member, file, week);
  storage::put_file(writer, member, kept);
}

void finish_adoption(storage::Writer& writer, const std::string& id, Week now) {
  auto member = storage::find_member(writer, id);
  if (!member) return;
  std::optional<Week> first, until;
  for (const RemoteFile& file : storage::list_files(writer, id)) {
    // Files of weeks to come hold commits dated in the future: they say nothing of what is known.
    if (file.name == profile_name || file.md5.empty() || file.first >= now) continue;
    first = std::min(first.value_or(file.first), file.first);
    until = std::max(until.value_or(file.last + 1), file.last + 1);
  }
  if (first) {
    // A year's first weeks may be empty: the member's time begins with the first fact.
    storage::scan_weeks(writer, id, *first, *until, [&](Week week, const WeekRecord&) {
      first = week;
      return false;
    });
    member->first_week = first;
    member->known_until = std::min(*until, now);
    for (Week week = *first; week < *member->known_until; ++week) {
      if (storage::find_week(writer, id, week)) continue;
      WeekRecord empty;
      empty.state = WeekState::complete;
      storage::put_week(writer, id, week, empty);
    }
  }
  member->adopted = true;
  storage::put_member(writer, *member);
}

}  // namespace tidemark::jobs::sync
