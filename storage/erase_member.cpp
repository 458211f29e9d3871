#include <array>

#include "storage/job_rows.hpp"
#include "storage/members.hpp"
#include "storage/quota.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {

namespace {

bool account_is_shared(const Reader& reader, const Member& member) {
  constexpr std::size_t page = 500;
  std::string after;
  while (true) {
    const auto others = list_members(reader, after, page);
    for (const Member& other : others) {
      if (other.github_id == member.github_id && other.id != member.id) return true;
    }
    if (others.size() < page) return false;
    after = others.back().id;
  }
}

void erase_quota_of(Writer& writer, std::string_view id) {
  erase_quotas(writer, unknown_account_owner(id));
  const auto member = find_member(writer, id);
  if (!member || member->github_id == 0 || account_is_shared(writer, *member)) return;
  erase_quotas(writer, account_owner(member->github_id));
}

}  // namespace

void erase_member(Writer& writer, std::string_view id) {
  require_member_id(id);
  erase_quota_of(writer, id);
  constexpr std::array owned = {Table::members, Table::secrets, Table::weeks,
                                Table::facts,   Table::files,   Table::repositories,
                                Table::cursors, Table::windows, Table::counts};
  const auto prefix = KeyWriter().text(id).bytes();
  const auto end = after_prefix(prefix);
  for (const auto table : owned) writer.erase_range(table, prefix, end);
  erase_jobs_of_key(writer, id);
}

}  // namespace tidemark::storage
