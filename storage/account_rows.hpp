#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/engine.hpp"

// Private to this room: the index of members by GitHub account. put_member and erase_member move
// it; a member whose account is not known (0) has no row.

namespace tidemark::storage {

[[nodiscard]] std::string account_key(std::uint64_t github_id, std::string_view member);

void move_account(Writer& writer, std::string_view member, std::uint64_t from, std::uint64_t to);
// Of a member whose row is lost, so that nobody knows which account it was.
void erase_accounts_of(Writer& writer, std::string_view member);
// From the members alone: what format 2 adds.
void build_accounts(Writer& writer);

}  // namespace tidemark::storage
