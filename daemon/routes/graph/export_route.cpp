#include <array>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/graph/export.hpp"
#include "daemon/routes/graph/gate.hpp"
#include "daemon/routes/graph/queries.hpp"
#include "daemon/routes/graph/routes.hpp"

namespace tidemark::daemon::graph {

namespace {

using Send = std::function<async::Task<void>(std::string_view)>;

constexpr std::size_t exports_at_once = 2;

struct Part {
  std::string_view name;
  ExportPart part;
  CsvTable table;
};
constexpr std::array<Part, 4> parts = {
    {{"users", ExportPart::users, CsvTable::users},
     {"repositories", ExportPart::repositories, CsvTable::repositories},
     {"follows", ExportPart::follows, CsvTable::follows},
     {"stars", ExportPart::stars, CsvTable::stars}}};

constexpr const char* whole = "all";

std::vector<std::string> names_of_parts() {
  std::vector<std::string> names = {whole};
  for (const Part& part : parts) names.emplace_back(part.name);
  return names;
}

struct Order {
  std::string format, what;
  std::string_view media;
  std::vector<ExportPart> parts;
};

Order read_order(QueryReader& query) {
  Order order;
  order.format = query.choice("format");
  const bool csv = order.format == "csv", graphml = order.format == "graphml";
  order.what = query.choice("what");
  if (order.what.empty()) order.what = csv || graphml ? "follows" : whole;
  order.media = csv       ? "text/csv; charset=utf-8; header=present"
                : graphml ? "application/xml"
                          : "application/x-ndjson";
  for (const Part& part : parts) {
    if (order.what == whole || order.what == part.name) order.parts.push_back(part.part);
  }
  if (graphml && order.what == "follows") {
    order.parts = {ExportPart::users, ExportPart::follows};
  }
  if (csv && order.what == whole) {
    query.fail("csv holds one table: what must be users, repositories, follows or stars");
  } else if (graphml && order.what != whole && order.what != "follows") {
    query.fail("graphml holds a graph: what must be follows or all");
  }
  return order;
}

std::unique_ptr<ExportRows> rows_of(const Order& order) {
  if (order.format == "graphml") return graphml_rows();
  if (order.format == "ndjson") return ndjson_rows();
  for (const Part& part : parts) {
    if (part.name == order.what) return csv_rows(part.table);
  }
  return csv_rows(CsvTable::users);
}

// The next slice is read when the one before has gone out: who takes it slowly holds nothing but
// that one.
async::Task<void> send_all(RouteServices& services, std::shared_ptr<GraphExport> graph,
                           std::shared_ptr<void> inside, Send send) {
  while (!graph->over()) {
    auto body = [graph](const storage::Reader& reader) { return graph->slice(reader); };
    const std::string text = co_await services.store.read(std::move(body));
    if (!text.empty()) co_await send(text);
  }
  inside.reset();
}

// Of a document whose edges need both their nodes. One writer is at work at a time, and notes when
// it began: whoever is not in the store yet will be of this moment or later.
async::Task<std::int64_t> moment_between_writes(RouteServices& services) {
  auto now = [&services](storage::Writer&) { return services.now_ms(); };
  try {
    co_return co_await services.store.write(storage::Durability::soon, now);
  } catch (const storage::DiskFull&) {
    // Nobody else writes either.
  }
  co_return services.now_ms();
}

async::Task<http::Reply> start_export(RouteServices& services, std::shared_ptr<Gate> gate,
                                      http::Call call) {
  QueryReader query(call, export_query());
  const Order order = read_order(query);
  if (query.failed()) co_return query.refusal();
  std::shared_ptr<void> inside = gate->enter();
  if (!inside) {
    auto reply = http::problem(503, "/problems/busy", "Service unavailable",
                               "two exports run already; ask again when one has ended");
    reply.response.headers.set("Retry-After", "10");
    co_return reply;
  }
  const bool closed = order.format == "graphml";
  std::int64_t began_ms = 0;
  if (closed) began_ms = co_await moment_between_writes(services);
  auto graph = std::make_shared<GraphExport>(rows_of(order), order.parts, closed, began_ms);
  http::Reply reply;
  auto& headers = reply.response.headers;
  headers.set("Content-Type", std::string(order.media));
  headers.set("Cache-Control", "no-store");
  headers.set("Content-Disposition",
              "attachment; filename=\"tidemark-" + order.what + "." + order.format + "\"");
  reply.stream = [&services, graph, inside](Send send) {
    return send_all(services, graph, inside, std::move(send));
  };
  co_return reply;
}

}  // namespace

const QueryParameters& export_query() {
  static const QueryParameters all = {one_of("format", {"ndjson", "csv", "graphml"}, "ndjson"),
                                      one_of("what", names_of_parts())};
  return all;
}

void add_export_routes(std::vector<http::Route>& routes, RouteServices& services) {
  auto gate = std::make_shared<Gate>(exports_at_once);
  auto handle = [&services, gate](http::Call call) {
    return start_export(services, gate, std::move(call));
  };
  routes.push_back({.method = "GET",
                    .pattern = "/v1/graph/export",
                    .summary = "The graph as NDJSON, CSV or GraphML",
                    .handle = handle});
}

}  // namespace tidemark::daemon::graph
