#include <fmt/format.h>

#include "storage/account_rows.hpp"
#include "storage/check_report.hpp"
#include "storage/migrations.hpp"
#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr const char* restore =
    "restore a backup; until then two members may share an account unnoticed";

// Format 1 had no such index; a start of the daemon builds it.
bool has_accounts(const Reader& reader) {
  try {
    return format_of(reader) != 1;
  } catch (const StoreError&) {
    return true;  // reported as a row of its own
  }
}

void check_row(const Reader& reader, CheckReport& report, std::string_view key,
               const AccountRow& row) {
  const auto place = KeyWriter().text(row.member).bytes();
  const auto value = reader.get(Table::members, place);
  try {
    if (value && decode_member(place, *value).github_id == row.github_id) return;
  } catch (const StoreError&) {
    return;  // reported as a row of its own
  }
  add_problem(
      report,
      fmt::format("{}: {}; {}", readable(Table::accounts, key),
                  value ? "that member has another account" : "there is no such member", restore));
}

}  // namespace

void check_accounts(const Reader& reader, CheckReport& report) {
  if (!has_accounts(reader)) return;
  const auto each_member = [&](std::string_view, const Member& member) {
    const auto key = account_key(member.github_id, member.id);
    if (member.github_id == 0 || reader.get(Table::accounts, key)) return;
    add_problem(report,
                fmt::format("{}: it is missing; {}", readable(Table::accounts, key), restore));
  };
  each_decodable(reader, Table::members, "", "", decode_member, each_member);
  const auto each_row = [&](std::string_view key, const AccountRow& row) {
    check_row(reader, report, key, row);
  };
  each_decodable(reader, Table::accounts, "", "", decode_account, each_row);
}

}  // namespace tidemark::storage
