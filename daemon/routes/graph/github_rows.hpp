#pragma once

#include <string_view>

#include "daemon/json_text.hpp"
#include "daemon/routes/graph/repository_rows.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::daemon::graph {

// The objects of the replaced system. Their lists of addresses had no end; these hold the first
// 1,000 in order of GitHub's numbers, the rest is at /v1. What nobody asked GitHub for is null.
inline constexpr std::size_t addresses_most = 1'000;

void write_developer(JsonText& json, const storage::Reader& reader, std::string_view origin,
                     const storage::graph::User& user);
void write_github_repository(JsonText& json, const storage::Reader& reader, std::string_view origin,
                             const RepositoryRow& row);

}  // namespace tidemark::daemon::graph
