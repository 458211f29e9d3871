#pragma once

#include <optional>
#include <string>

#include "storage/check.hpp"
#include "storage/engine.hpp"

// Private to this room: what the parts of check_store share.

namespace tidemark::storage {

inline constexpr std::size_t problems_most = 100;

// Once false is returned, further looking brings nothing.
inline bool add_problem(CheckReport& report, std::string problem) {
  if (report.problems.size() < problems_most) {
    report.problems.push_back(std::move(problem));
    return true;
  }
  report.more = true;
  return false;
}

// The rows of a prefix that can be decoded; the others were reported when all rows were read.
template <class Decode, class Visit>
void each_decodable(const Reader& reader, Table table, std::string_view prefix,
                    std::string_view end, const Decode& decode, const Visit& visit) {
  using Row = decltype(decode(std::string_view(), std::string_view()));
  const auto each = [&](std::string_view key, std::string_view value) {
    std::optional<Row> row;
    try {
      row.emplace(decode(key, value));
    } catch (const StoreError&) {
      return true;
    }
    visit(key, *row);
    return true;
  };
  reader.scan(table, prefix, end, each);
}

// Every row decodes.
void check_rows(const Reader& reader, CheckReport& report);
// What is stored of each member agrees with itself, and belongs to a member.
void check_members(const Reader& reader, CheckReport& report);
// The index of accounts agrees with the members both ways.
void check_accounts(const Reader& reader, CheckReport& report);
// Sign-ins have the tokens that they should, and no token is nobody's without a reason.
void check_sign_ins(const Reader& reader, CheckReport& report);
// The indexes, the queue and the counts agree with the jobs.
void check_jobs(const Reader& reader, CheckReport& report);
// The names, orders, places and totals agree with the accounts of the graph, both ways.
void check_graph(const Reader& reader, CheckReport& report);

}  // namespace tidemark::storage
