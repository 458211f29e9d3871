#include "storage/graph/degrees.hpp"

#include "storage/codec.hpp"
#include "storage/graph/edge_rows.hpp"

namespace tidemark::storage::graph {

bool DegreeScan::read(const Reader& reader, std::uint64_t edges_most, const Visit& visit) {
  const std::string prefix = edges_prefix(kind_, direction_);
  const std::string from = last_.empty() ? prefix : last_ + '\0';
  std::uint64_t count = 0;
  auto end_node = [&] {
    if (degree_ != 0) visit(node_, degree_);
    degree_ = 0;
  };
  const auto each = [&](std::string_view key, std::string_view value) {
    const std::uint64_t node = decode_edge(key, value).node;
    if (node != node_) end_node();
    node_ = node;
    ++degree_;
    if (++count == edges_most) last_ = key;
    return count < edges_most;
  };
  reader.scan(Table::graph_edges, from, after_prefix(prefix), each);
  looked_at_ += count;
  if (count < edges_most) end_node();
  return count == edges_most;
}

}  // namespace tidemark::storage::graph
