#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/engine.hpp"

namespace tidemark::storage {

// Members by their GitHub account: usually one. Kept true by put_member and erase_member.
[[nodiscard]] std::vector<std::string> members_of_account(const Reader& reader,
                                                          std::uint64_t github_id);

}  // namespace tidemark::storage
