#include "daemon/routes/graph/repository_rows.hpp"

#include <fmt/format.h>

#include "daemon/routes/graph/pages.hpp"
#include "daemon/routes/graph/routes.hpp"
#include "storage/graph/newest_repositories.hpp"

namespace tidemark::daemon::graph {

using storage::graph::Repository;
using storage::graph::RepositoryPosition;

namespace {

constexpr std::size_t row_bytes = 700;

struct RepositoriesAsk {
  bool newest = false;  // by number, falling; else by owner and number
  std::optional<RepositoryPosition> after;
  std::size_t limit = 30;
};

// "o.583231.1296269", or "n.1296269" of the newest.
std::string position_text(const RepositoriesAsk& ask, const RepositoryPosition& position) {
  if (ask.newest) return number_cursor('n', position.id);
  return fmt::format("o.{}.{}", position.owner, position.id);
}

std::optional<RepositoryPosition> read_position(const RepositoriesAsk& ask, std::string_view text) {
  RepositoryPosition position;
  if (ask.newest) {
    const auto id = read_number_cursor('n', text);
    if (id) position.id = *id;
    return id ? std::optional(position) : std::nullopt;
  }
  const auto dot = text.rfind('.');
  const auto owner = read_number_cursor('o', text.substr(0, dot));
  const auto id =
      read_number_cursor('o', "o" + std::string(text.substr(std::min(dot, text.size()))));
  if (!owner || !id) return std::nullopt;
  position = {*owner, *id};
  return position;
}

RepositoriesAsk read_ask(QueryReader& query) {
  RepositoriesAsk ask;
  const auto sort = query.text("sort").value_or("owner");
  ask.newest = sort == "-id";
  if (sort != "owner" && sort != "-id") query.fail("sort must be owner or -id (newest first)");
  ask.limit = query.number("limit", 30, 1, 100);
  if (const auto cursor = query.cursor(); !cursor.empty()) {
    ask.after = read_position(ask, cursor);
    if (!ask.after) query.fail(foreign_cursor);
  }
  return ask;
}

void scan(const storage::Reader& reader, const RepositoriesAsk& ask,
          const FieldCondition* owner_test, const storage::graph::VisitRepository& visit) {
  if (ask.newest) {
    const auto before = ask.after ? std::optional(ask.after->id) : std::nullopt;
    storage::graph::scan_newest_repositories(reader, before, visit);
    return;
  }
  if (owner_test == nullptr) {
    storage::graph::scan_repositories(reader, ask.after, visit);
    return;
  }
  // An owner that is asked for is looked up, not looked for.
  if (owner_test->number < 0 ||
      owner_test->number > static_cast<double>(storage::graph::user_id_most)) {
    return;
  }
  const auto owner = static_cast<storage::graph::UserId>(owner_test->number);
  const auto after = ask.after ? std::optional(ask.after->id) : std::nullopt;
  storage::graph::scan_repositories_of(reader, owner, after, visit);
}

std::string repositories_page(const storage::Reader& reader, const RepositoriesAsk& ask,
                              const Filter<RepositoryRow>& filter) {
  JsonText json(ask.limit * row_bytes);
  json.object().array("repositories");
  PageCount<RepositoryPosition> count(ask.limit);
  RepositoryRows rows(reader);
  auto visit = [&](const Repository& repository) {
    if (!count.goes_on()) return false;
    count.examined({repository.owner, repository.id});
    const RepositoryRow row = rows.row_of(repository);
    if (filter.accepts(row)) {
      write_repository(json, row);
      count.shown();
    }
    return true;
  };
  scan(reader, ask, filter.exact_test("owner_github_id"), visit);
  json.end_array();
  std::optional<std::string> next;
  if (const auto position = count.next()) next = position_text(ask, *position);
  write_next(json, next);
  return json.end_object().take();
}

async::Task<http::Reply> list_all(RouteServices& services, http::Call call) {
  const Filter<RepositoryRow> filter(repository_fields(), call.query);
  QueryReader query(call, {"sort", "limit", "cursor"});
  const RepositoriesAsk ask = read_ask(query);
  if (filter.problem()) co_return bad_filter(*filter.problem());
  if (query.failed()) co_return query.refusal();
  auto body = [&](const storage::Reader& reader) { return repositories_page(reader, ask, filter); };
  std::string page = co_await read_page(services, filter.empty(), body);
  co_return http::json_reply(200, std::move(page));
}

async::Task<http::Reply> show_one(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  const std::string& number = call.path_values.at("id");
  const auto id = read_number_cursor('o', "o." + number);
  auto body = [&id](const storage::Reader& reader) -> std::string {
    auto repository =
        id ? storage::graph::find_repository(reader, *id) : std::optional<Repository>();
    if (!repository) return {};
    JsonText json;
    RepositoryRows rows(reader);
    write_repository(json, rows.row_of(std::move(*repository)));
    return json.take();
  };
  std::string text = co_await services.store.read_cached(body);
  if (text.empty()) {
    co_return not_found(
        fmt::format("the graph knows no repository with the number {}; its owner's are at "
                    "/v1/users/LOGIN/repositories",
                    number.substr(0, 100)));
  }
  co_return http::json_reply(200, std::move(text));
}

}  // namespace

void add_repository_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/repositories",
       .summary = "Repositories of the graph, filtered and sorted",
       .handle = [&services](http::Call call) { return list_all(services, std::move(call)); }});
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/repositories/{id}",
       .summary = "One repository, by its number",
       .handle = [&services](http::Call call) { return show_one(services, std::move(call)); }});
}

}  // namespace tidemark::daemon::graph
