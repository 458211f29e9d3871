#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/facts.hpp"
#include "storage/files.hpp"
#include "storage/members.hpp"
#include "storage/quota.hpp"
#include "storage/repositories.hpp"
#include "storage/schedules.hpp"
#include "storage/sessions.hpp"
#include "storage/sign_ins.hpp"
#include "storage/weeks.hpp"

// Private to this room: a row of each table back to the record it was made of. The repositories and
// check_store read through the same functions. All throw CorruptRecord that names table and key.

namespace tidemark::storage {

// The forms of rows in Table::files, and the kinds in Table::counts. On disk: never change a
// number.
enum class FileForm : std::uint8_t { file = 1, upload = 2, doomed = 3 };
enum class CountsKind : std::uint8_t { weeks = 1, jobs = 2, graph = 3 };

struct WeekRow {
  Week week;
  WeekRecord record;
};
struct FileRow {
  FileForm form = FileForm::file;
  RemoteFile file;              // of `file` and `upload`
  std::uint64_t remote_id = 0;  // of `doomed`
};
struct WindowRow {
  std::int32_t window = 0;
  std::uint64_t digest = 0;
};
struct AccountRow {
  std::uint64_t github_id = 0;
  std::string member;
};

[[nodiscard]] Member decode_member(std::string_view key, std::string_view value);
[[nodiscard]] WeekRow decode_week(std::string_view key, std::string_view value);
[[nodiscard]] WeekCounts decode_week_counts(std::string_view key, std::string_view value);
[[nodiscard]] Fact decode_fact(std::string_view key, std::string_view value);
[[nodiscard]] FileRow decode_file(std::string_view key, std::string_view value);
[[nodiscard]] Repository decode_repository(std::string_view key, std::string_view value);
[[nodiscard]] std::string decode_cursor(std::string_view key, std::string_view value);
[[nodiscard]] WindowRow decode_window(std::string_view key, std::string_view value);
[[nodiscard]] QuotaWindow decode_quota(std::string_view key, std::string_view value);
[[nodiscard]] Schedule decode_schedule(std::string_view key, std::string_view value);
[[nodiscard]] Session decode_session(std::string_view key, std::string_view value);
[[nodiscard]] SignIn decode_sign_in(std::string_view key, std::string_view value);
[[nodiscard]] AccountRow decode_account(std::string_view key, std::string_view value);
// Sealed values stay sealed: only their place and the frame of the bytes are looked at.
void check_secret_frame(std::string_view key, std::string_view value);
void check_meta_row(std::string_view key, std::string_view value);

}  // namespace tidemark::storage
