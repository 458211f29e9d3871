#include "daemon/routes/graph/export.hpp"

namespace tidemark::daemon::graph {

using storage::graph::Edge;
using storage::graph::EdgeKind;

namespace {

// What is read at once, and stands in memory while the asker takes it.
constexpr std::size_t slice_rows = 5'000;
constexpr std::size_t slice_bytes = 256 * 1024;

}  // namespace

bool GraphExport::users(const storage::Reader& reader, std::string& out) {
  std::size_t count = 0;
  bool more = false;
  auto visit = [&](const storage::graph::User& user, const storage::graph::UserPosition& position) {
    if (count++ == slice_rows || out.size() > slice_bytes) {
      more = true;
      return false;
    }
    after_user_ = position;
    if (!closed_ || user.first_seen_ms < started_ms_) rows_->user(out, user);
    return true;
  };
  storage::graph::scan_users(reader, storage::graph::UserOrder::id, after_user_, {}, visit);
  return more;
}

bool GraphExport::repositories(const storage::Reader& reader, std::string& out) {
  std::size_t count = 0;
  bool more = false;
  RepositoryRows rows(reader);
  auto visit = [&](const storage::graph::Repository& repository) {
    if (count++ == slice_rows || out.size() > slice_bytes) {
      more = true;
      return false;
    }
    after_repository_ = {repository.owner, repository.id};
    if (closed_ && repository.first_seen_ms >= started_ms_) return true;
    rows_->repository(out, rows.row_of(repository));
    if (!closed_ || has_node(reader, repository.owner, false)) rows_->owns(out, repository);
    return true;
  };
  storage::graph::scan_repositories(reader, after_repository_, visit);
  return more;
}

bool GraphExport::edges(const storage::Reader& reader, EdgeKind kind, std::string& out) {
  std::size_t count = 0;
  bool more = false;
  const bool stars = kind == EdgeKind::stars;
  auto visit = [&](const Edge& edge) {
    if (count++ == slice_rows || out.size() > slice_bytes) {
      more = true;
      return false;
    }
    after_edge_ = edge;
    const bool joined =
        !closed_ || (has_node(reader, edge.from, false) && has_node(reader, edge.to, stars));
    if (joined) rows_->edge(out, kind, edge);
    return true;
  };
  storage::graph::scan_edges(reader, kind, after_edge_, visit);
  return more;
}

bool GraphExport::has_node(const storage::Reader& reader, std::uint64_t id, bool repository) {
  Known& known = known_[(id * 2 + (repository ? 1 : 0)) % known_slots];
  if (known.id == id && known.repository == repository) return known.here;
  known = {id, repository, false};
  if (repository) {
    const auto found = storage::graph::find_repository(reader, id);
    known.here = found && found->first_seen_ms < started_ms_;
  } else {
    const auto found = storage::graph::find_user(reader, id);
    known.here = found && found->first_seen_ms < started_ms_;
  }
  return known.here;
}

bool GraphExport::one_part(const storage::Reader& reader, ExportPart part, std::string& out) {
  switch (part) {
    case ExportPart::users: return users(reader, out);
    case ExportPart::repositories: return repositories(reader, out);
    case ExportPart::follows: return edges(reader, EdgeKind::follows, out);
    case ExportPart::stars: return edges(reader, EdgeKind::stars, out);
  }
  return false;
}

std::string GraphExport::slice(const storage::Reader& reader) {
  std::string out;
  if (!begun_) rows_->head(out);
  begun_ = true;
  if (part_ < parts_.size()) {
    if (one_part(reader, parts_[part_], out)) return out;
    after_edge_.reset();
    ++part_;
  }
  if (part_ == parts_.size()) {
    rows_->tail(out);
    ++part_;
  }
  return out;
}

}  // namespace tidemark::daemon::graph
