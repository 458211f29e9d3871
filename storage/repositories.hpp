#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"

namespace tidemark::storage {

// A repository that a member committed to, as far as the sync needs it.
struct Repository {
  std::string id;    // GitHub node id, opaque
  std::string name;  // "owner/name" as last seen
  std::string url;
  bool is_fork = false;
  bool is_private = false;
  std::int64_t created_s = 0;
  std::uint64_t commits = 0;  // of the member, in the facts table
  std::string trouble;        // why it cannot be read just now; empty: it can
};

[[nodiscard]] std::optional<Repository> find_repository(const Reader& reader,
                                                        std::string_view member,
                                                        std::string_view id);
void put_repository(Writer& writer, std::string_view member, const Repository& repository);
// In order of id.
[[nodiscard]] std::vector<Repository> list_repositories(const Reader& reader,
                                                        std::string_view member);

}  // namespace tidemark::storage
