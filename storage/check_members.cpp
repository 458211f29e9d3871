#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

#include "storage/check_report.hpp"
#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"
#include "storage/secret_owners.hpp"
#include "storage/week_counts.hpp"

namespace tidemark::storage {
namespace {

struct Tally {
  std::uint64_t commits = 0, others = 0, days = 0;
};

// One member's rows, each table read once.
class MemberCheck {
 public:
  MemberCheck(const Reader& reader, const std::string& member, CheckReport& report)
      : reader_(reader),
        prefix_(KeyWriter().text(member).bytes()),
        end_(after_prefix(prefix_)),
        member_(member),
        report_(report) {}

  void run() {
    read_facts();
    read_files();
    check_weeks();
    check_repositories();
  }

 private:
  template <class Decode, class Visit>
  void each(Table table, const Decode& decode, const Visit& visit) {
    each_decodable(reader_, table, prefix_, end_, decode, visit);
  }
  void problem(Table table, std::string_view key, std::string_view what) {
    add_problem(report_, fmt::format("{}: {}", readable(table, key), what));
  }

  void read_facts() {
    const auto visit = [this](std::string_view, const Fact& fact) {
      auto& tally = weeks_[fact.week];
      if (fact.kind == FactKind::commit) {
        ++tally.commits;
        ++repositories_[fact.id.substr(0, fact.id.find(' '))];
      } else if (fact.kind == FactKind::day) {
        ++tally.days;
      } else {
        ++tally.others;
      }
    };
    each(Table::facts, decode_fact, visit);
  }

  void read_files() {
    std::set<std::uint64_t> live;
    const auto visit = [&](std::string_view key, const FileRow& row) {
      if (row.form == FileForm::file) {
        files_.insert(row.file.name);
        live.insert(row.file.remote_id);
        if (row.file.phase != UploadPhase::completed)
          problem(Table::files, key,
                  "a reader sees it, but its upload is not completed; sync the "
                  "member again");
      } else if (row.form == FileForm::doomed && live.contains(row.remote_id)) {
        problem(Table::files, key,
                "it would delete a file that is in use; restore a backup before "
                "the next sync");
      }
    };
    each(Table::files, decode_file, visit);
  }

  void check_weeks() {
    WeekCounts recount;
    const auto visit = [&](std::string_view key, const WeekRow& row) {
      add_to(recount, row.record);
      check_week(key, row);
    };
    each(Table::weeks, decode_week, visit);
    const auto kind = static_cast<std::uint8_t>(CountsKind::weeks);
    const auto key = KeyWriter().text(member_).u8(kind).bytes();
    try {
      if (week_counts(reader_, member_) != recount)
        problem(Table::counts, key,
                "the counts are not those of the weeks table; restore a backup");
    } catch (const StoreError&) {
      return;  // reported as a row of its own
    }
  }

  void check_week(std::string_view key, const WeekRow& row) {
    if (row.record.state == WeekState::partial) return;
    const auto& record = row.record;
    const auto found = weeks_.find(row.week);
    const auto tally = found == weeks_.end() ? Tally{} : found->second;
    if (tally.commits != record.commits || tally.others != record.others ||
        tally.days != record.days)
      problem(Table::weeks, key,
              fmt::format("it says {} commits, {} others and {} days, the facts are {}, {} and {}; "
                          "sync the member again",
                          record.commits, record.others, record.days, tally.commits, tally.others,
                          tally.days));
    // A week in which nothing happened is in no file.
    const bool empty = record.commits + record.others + record.days == 0;
    if (record.state != WeekState::uploaded || (empty && record.file.empty())) return;
    if (!files_.contains(row.record.file))
      problem(Table::weeks, key,
              fmt::format("it is said to be uploaded in \"{}\", which is not among the member's "
                          "files; sync the member again",
                          row.record.file));
  }

  void check_repositories() {
    const auto visit = [this](std::string_view key, const Repository& repository) {
      const auto found = repositories_.find(repository.id);
      const auto commits = found == repositories_.end() ? 0 : found->second;
      if (commits != repository.commits)
        problem(Table::repositories, key,
                fmt::format("it says {} commits, the facts are {}; sync the member again",
                            repository.commits, commits));
    };
    each(Table::repositories, decode_repository, visit);
  }

  const Reader& reader_;
  const std::string prefix_, end_, member_;
  CheckReport& report_;
  std::map<Week, Tally> weeks_;
  std::map<std::string, std::uint64_t> repositories_;
  std::set<std::string> files_;
};

// Who owns rows of a table: one seek an owner.
std::set<std::string> owners_of(const Reader& reader, Table table) {
  std::set<std::string> owners;
  std::string from;
  for (bool more = true; more;) {
    more = false;
    const auto first = [&](std::string_view key, std::string_view) {
      more = true;
      try {
        const auto owner = owner_of(key);
        from = after_prefix(KeyWriter().text(owner).bytes());
        if (!owner.empty()) owners.insert(owner);
      } catch (const StoreError&) {
        from = std::string(key) + '\0';
      }
      return false;
    };
    reader.scan(table, from, "", first);
  }
  return owners;
}

}  // namespace

void check_members(const Reader& reader, CheckReport& report) {
  const auto members = owners_of(reader, Table::members);
  auto owners = members;
  constexpr std::array owned = {Table::secrets, Table::weeks,        Table::facts,
                                Table::files,   Table::repositories, Table::windows,
                                Table::counts,  Table::sessions};
  for (const auto table : owned) {
    for (const auto& owner : owners_of(reader, table)) {
      if (table == Table::secrets && is_ownerless(owner)) continue;  // check_sign_ins looks at them
      owners.insert(owner);
      if (members.contains(owner)) continue;
      add_problem(report, fmt::format("{}: rows of \"{}\", who is no member; erase them with "
                                      "`tidemark members remove {}`",
                                      name_of(table), owner, owner));
    }
  }
  for (const auto& owner : owners) MemberCheck(reader, owner, report).run();
}

}  // namespace tidemark::storage
