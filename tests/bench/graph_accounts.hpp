#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/graph_libpq.hpp"

namespace tidemark::bench {

// Everybody who appears in the crawl of so many edges, with a profile that follows from the number:
// the same in our store and in PostgreSQL.
struct GraphAccounts {
  std::vector<std::uint64_t> numbers;  // ascending
  std::vector<std::uint64_t> popular;  // with 30 followers and more, in no order
};
[[nodiscard]] GraphAccounts accounts_of(std::uint64_t edges);
[[nodiscard]] std::string account_login(std::uint64_t number);

void put_accounts(const GraphAccounts& accounts, const std::filesystem::path& store);
// A table "users" of everybody in the table of edges.
void put_accounts(Postgres& postgres, const std::string& table_of_edges);

}  // namespace tidemark::bench
