#include <fmt/format.h>

#include <array>

#include "storage/check_report.hpp"
#include "storage/graph/edge_rows.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::array tables = {Table::graph_edges, Table::graph_ended_edges};

// SplitMix64's last step: every bit of the result depends on every bit of the number.
std::uint64_t mixed(std::uint64_t number) {
  number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9;
  number = (number ^ number >> 27) * 0x94d049bb133111eb;
  return number ^ number >> 31;
}

EdgeRow decode_row(Table table, std::string_view key, std::string_view value) {
  return table == Table::graph_edges ? decode_edge(key, value) : decode_ended_edge(key, value).row;
}

template <class Visit>
void each_row(const Reader& reader, Table table, const Visit& visit) {
  const auto decode = [table](std::string_view key, std::string_view value) {
    return decode_row(table, key, value);
  };
  each_decodable(reader, table, {}, {}, decode, visit);
}

// The sum over all outgoing edges less that over all incoming ones, twice with other numbers: 0 if
// they are the same. One walk in order, where a look for each edge's other row would be some twenty
// times as slow.
bool agree(const Reader& reader, Table table) {
  std::uint64_t first = 0, second = 0;
  const auto add = [&](std::string_view, const EdgeRow& row) {
    const Edge edge = row.edge();
    const auto kind = static_cast<std::uint64_t>(row.kind);
    const std::uint64_t one = mixed(mixed(edge.from + (kind << 56)) + edge.to);
    const std::uint64_t two = mixed(mixed(edge.to + (kind << 56)) ^ ~edge.from);
    const bool outgoing = row.direction == Direction::outgoing;
    first += outgoing ? one : ~one + 1;
    second += outgoing ? two : ~two + 1;
  };
  each_row(reader, table, add);
  return first == 0 && second == 0;
}

}  // namespace

void check_edges(const Reader& reader, CheckReport& report) {
  for (const Table table : tables) {
    if (agree(reader, table)) continue;
    const auto look = [&](std::string_view key, const EdgeRow& row) {
      const std::string mirror = edge_key(row.mirrored());
      if (report.more || reader.get(table, mirror)) return;
      add_problem(report, fmt::format("{}: its other end {} is missing; restore a backup, or let "
                                      "the crawl read the account again",
                                      readable(table, key), readable(table, mirror)));
    };
    each_row(reader, table, look);
  }
}

}  // namespace tidemark::storage::graph
