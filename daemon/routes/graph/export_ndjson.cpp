#include "daemon/json_text.hpp"
#include "daemon/routes/graph/export_rows.hpp"
#include "daemon/routes/graph/user_rows.hpp"

namespace tidemark::daemon::graph {

namespace {

class NdjsonRows final : public ExportRows {
 public:
  void user(std::string& out, const storage::graph::User& user) override {
    JsonText json;
    json.object().text("type", "user");
    write_user_fields(json, user);
    out += json.end_object().line().bytes();
  }
  void repository(std::string& out, const RepositoryRow& row) override {
    JsonText json;
    json.object().text("type", "repository");
    write_repository_fields(json, row);
    out += json.end_object().line().bytes();
  }
  void edge(std::string& out, storage::graph::EdgeKind kind, storage::graph::Edge edge) override {
    const bool follows = kind == storage::graph::EdgeKind::follows;
    JsonText json(64);
    json.object().text("type", follows ? "follows" : "stars");
    out += json.number("from", edge.from).number("to", edge.to).end_object().line().bytes();
  }
};

}  // namespace

std::unique_ptr<ExportRows> ndjson_rows() { return std::make_unique<NdjsonRows>(); }

}  // namespace tidemark::daemon::graph
