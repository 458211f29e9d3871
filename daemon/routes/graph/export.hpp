#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/routes/graph/export_rows.hpp"
#include "storage/graph/repository.hpp"

namespace tidemark::daemon::graph {

// What an export holds, in this order.
enum class ExportPart : std::uint8_t { users, repositories, follows, stars };

// Walks through the graph a slice at a time. Each slice is one moment of the store, the whole is
// not: no snapshot is held for the minutes that a large export takes. What changes meanwhile may be
// there or not; but every edge of GraphML joins two nodes of the same document, because accounts
// and repositories that came after it began are left out.
class GraphExport {
 public:
  GraphExport(std::unique_ptr<ExportRows> rows, std::vector<ExportPart> parts, bool closed,
              std::int64_t started_ms)
      : rows_(std::move(rows)),
        parts_(std::move(parts)),
        closed_(closed),
        started_ms_(started_ms),
        known_(closed ? known_slots : 0) {}

  // The next piece. `over()` says whether it was the last.
  [[nodiscard]] std::string slice(const storage::Reader& reader);
  [[nodiscard]] bool over() const { return part_ > parts_.size(); }

 private:
  // Whether an account's or a repository's node is in the document, as found of late.
  struct Known {
    std::uint64_t id = 0;
    bool repository = false, here = false;
  };
  static constexpr std::size_t known_slots = 65'536;

  // Each: true when there is more of that part.
  bool users(const storage::Reader& reader, std::string& out);
  bool repositories(const storage::Reader& reader, std::string& out);
  bool edges(const storage::Reader& reader, storage::graph::EdgeKind kind, std::string& out);
  bool one_part(const storage::Reader& reader, ExportPart part, std::string& out);
  bool has_node(const storage::Reader& reader, std::uint64_t id, bool repository);

  std::unique_ptr<ExportRows> rows_;
  std::vector<ExportPart> parts_;
  bool closed_;  // an edge needs its two nodes
  std::int64_t started_ms_;
  std::size_t part_ = 0;
  bool begun_ = false;
  std::optional<storage::graph::UserPosition> after_user_;
  std::optional<storage::graph::RepositoryPosition> after_repository_;
  std::optional<storage::graph::Edge> after_edge_;
  std::vector<Known> known_;
};

}  // namespace tidemark::daemon::graph
