#include <array>

#include "storage/account_rows.hpp"
#include "storage/accounts.hpp"
#include "storage/job_rows.hpp"
#include "storage/members.hpp"
#include "storage/purge.hpp"
#include "storage/quota.hpp"
#include "storage/rows.hpp"
#include "storage/sign_ins.hpp"

namespace tidemark::storage {

namespace {

// The account's quota goes with its last member.
void erase_account_of(Writer& writer, std::string_view id) {
  erase_quotas(writer, unknown_account_owner(id));
  const auto member = find_member(writer, id);
  if (!member) return erase_accounts_of(writer, id);
  if (member->github_id == 0) return;
  move_account(writer, id, member->github_id, 0);
  if (members_of_account(writer, member->github_id).empty())
    erase_quotas(writer, account_owner(member->github_id));
}

}  // namespace

void erase_member(Writer& writer, std::string_view id) {
  require_member_id(id);
  erase_account_of(writer, id);
  erase_sign_ins_of(writer, id);
  constexpr std::array owned = {Table::members, Table::secrets,      Table::weeks,   Table::facts,
                                Table::files,   Table::repositories, Table::cursors, Table::windows,
                                Table::counts,  Table::sessions};
  const auto prefix = KeyWriter().text(id).bytes();
  const auto end = after_prefix(prefix);
  std::size_t erased = erase_jobs_of_key(writer, id);
  for (const auto table : owned) erased += writer.erase_range(table, prefix, end);
  if (erased > 0) owe_purge(writer, id);
}

}  // namespace tidemark::storage
