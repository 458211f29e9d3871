#include "storage/work.hpp"

#include <array>

#include "storage/purge.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {

void erase_work(Writer& writer, std::string_view member) {
  require_member_id(member);
  constexpr std::array tables = {Table::weeks, Table::facts, Table::repositories, Table::windows,
                                 Table::counts};
  const auto prefix = KeyWriter().text(member).bytes();
  const auto end = after_prefix(prefix);
  for (const auto table : tables) writer.erase_range(table, prefix, end);
  // What was private must not lie in the files until they happen to be written anew.
  owe_purge(writer, member);
}

void erase_windows(Writer& writer, std::string_view member) {
  require_member_id(member);
  const auto prefix = KeyWriter().text(member).bytes();
  writer.erase_range(Table::windows, prefix, after_prefix(prefix));
}

}  // namespace tidemark::storage
