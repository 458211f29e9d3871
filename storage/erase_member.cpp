#include <array>

#include "storage/job_rows.hpp"
#include "storage/members.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {

void erase_member(Writer& writer, std::string_view id) {
  require_member_id(id);
  constexpr std::array owned = {Table::members, Table::secrets, Table::weeks,
                                Table::facts,   Table::files,   Table::repositories,
                                Table::cursors, Table::windows, Table::counts};
  const auto prefix = KeyWriter().text(id).bytes();
  const auto end = after_prefix(prefix);
  for (const auto table : owned) writer.erase_range(table, prefix, end);
  erase_jobs_of_key(writer, id);
}

}  // namespace tidemark::storage
