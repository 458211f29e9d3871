#pragma once

#include "storage/codec.hpp"
#include "storage/members.hpp"

namespace tidemark::storage::test {

// A row as the first tidemark wrote it, without an index and without weeks.
inline void put_member_v1(Writer& writer, const Member& member) {
  ValueWriter out(1);
  out.u64(static_cast<std::uint64_t>(member.state)).text(member.state_reason);
  out.text(member.github_node_id).u64(member.github_id).text(member.login);
  out.i64(member.github_created_s).boolean(member.adopted);
  out.i64(member.added_ms).i64(member.last_synced_ms);
  out.text(member.last_error).i64(member.last_error_ms);
  out.boolean(false).boolean(false);
  out.u64(member.commit_budget).u64(member.generation);
  writer.put(Table::members, KeyWriter().text(member.id), out.take());
}

}  // namespace tidemark::storage::test
