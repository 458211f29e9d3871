#include <fmt/format.h>

#include "daemon/routes/graph/queries.hpp"
#include "daemon/routes/graph/repository_rows.hpp"
#include "daemon/routes/graph/repository_sorts.hpp"
#include "daemon/routes/graph/routes.hpp"
#include "daemon/routes/graph/sort_asked.hpp"
#include "daemon/routes/graph/sorted_scan.hpp"
#include "storage/graph/repository_orders.hpp"

namespace tidemark::daemon::graph {

using storage::graph::Repository;
using storage::graph::RepositoryId;
using storage::graph::RepositoryPosition;
using storage::graph::UserId;

namespace {

constexpr std::size_t row_bytes = 700;

struct RepositoriesAsk {
  SortAsked<RepositorySort> sort;
  std::size_t limit = 30;
  std::optional<UserId> owner;  // whose are asked for: looked up, not looked for
  bool nobody = false;          // a number that no owner can have
};

RepositoriesAsk read_ask(QueryReader& query, const Filter<RepositoryRow>& filter) {
  RepositoriesAsk ask;
  ask.sort = read_sort(query, repository_sorts());
  ask.limit = query.number("limit");
  if (const auto* test = filter.exact_test("owner_github_id")) {
    ask.nobody =
        test->number < 0 || test->number > static_cast<double>(storage::graph::user_id_most);
    if (!ask.nobody) ask.owner = static_cast<UserId>(test->number);
  }
  return ask;
}

SortKey key_of(const RepositoriesAsk& ask, const RepositoryPosition& position) {
  if (ask.sort.by->name == "id") return {0, {}, position.id};
  return {static_cast<std::int64_t>(position.owner), {}, position.id};
}

// Those of one owner stand together, by number: in order of the owners and of the numbers alike.
void scan_owner(const storage::Reader& reader, const RepositoriesAsk& ask,
                const storage::graph::VisitRepository& visit) {
  const auto& after = ask.sort.after;
  const UserId owner = *ask.owner;
  const auto id = after ? std::optional(after->id) : std::nullopt;
  if (ask.sort.way == Way::rising) {
    return storage::graph::scan_repositories_of(reader, owner, id, visit);
  }
  storage::graph::scan_newest_repositories_of(reader, owner, id, visit);
}

// By an index, in whichever direction.
void scan_index(const storage::Reader& reader, const RepositoriesAsk& ask,
                const storage::graph::VisitRepository& visit) {
  const auto& after = ask.sort.after;
  const auto id = after ? std::optional(after->id) : std::nullopt;
  const bool rising = ask.sort.way == Way::rising;
  if (ask.nobody) return;
  if (ask.owner) return scan_owner(reader, ask, visit);
  if (ask.sort.by->name == "id") {
    if (rising) return storage::graph::scan_oldest_repositories(reader, id, visit);
    return storage::graph::scan_newest_repositories(reader, id, visit);
  }
  std::optional<RepositoryPosition> place;
  if (after) place = {static_cast<UserId>(after->number), after->id};
  if (rising) return storage::graph::scan_repositories(reader, place, visit);
  storage::graph::scan_repositories_backwards(reader, place, visit);
}

Page repositories_page(const storage::Reader& reader, const RepositoriesAsk& ask,
                       const Filter<RepositoryRow>& filter, std::size_t rows_most) {
  JsonText json(ask.limit * row_bytes);
  json.object().array("repositories");
  PageCount<RepositoryPosition> count(ask.limit, rows_most);
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
  scan_index(reader, ask, visit);
  json.end_array();
  std::optional<std::string> next;
  if (const auto position = count.next()) {
    next = sort_cursor(ask.sort.text, key_of(ask, *position));
  }
  write_next(json, next);
  return {json.end_object().take(), count.cut()};
}

// The keys are one more than the page has room for, if there are others.
std::string page_of_keys(const storage::Reader& reader, const RepositoriesAsk& ask,
                         const std::vector<SortKey>& keys) {
  JsonText json(ask.limit * row_bytes);
  json.object().array("repositories");
  RepositoryRows rows(reader);
  for (std::size_t i = 0; i < std::min(keys.size(), ask.limit); ++i) {
    auto repository = storage::graph::find_repository(reader, keys[i].id);
    if (repository) write_repository(json, rows.row_of(std::move(*repository)));
  }
  json.end_array();
  write_next(json, next_of_keys(ask.sort.text, keys, ask.limit));
  return json.end_object().take();
}

// Looks at the repositories of everybody, or of one.
struct ScanOfAll {
  const RepositoriesAsk& ask;
  const Filter<RepositoryRow>& filter;
  std::optional<RepositoryPosition> last = std::nullopt;

  bool operator()(const storage::Reader& reader, FirstKeys& keys) {
    std::size_t count = 0;
    RepositoryRows rows(reader);
    auto visit = [&](const Repository& repository) {
      auto key = ask.sort.by->key(repository);
      if (key && (filter.empty() || filter.accepts(rows.row_of(repository)))) {
        keys.offer(std::move(*key));
      }
      last = {repository.owner, repository.id};
      return ++count < examined_most;
    };
    if (ask.nobody) return false;
    if (ask.owner) {
      const auto after = last ? std::optional(last->id) : std::nullopt;
      storage::graph::scan_repositories_of(reader, *ask.owner, after, visit);
    } else {
      storage::graph::scan_repositories(reader, last, visit);
    }
    return count == examined_most;
  }
};

async::Task<http::Reply> list_by_scan(RouteServices& services, std::shared_ptr<Gate> gate,
                                      RepositoriesAsk ask, Filter<RepositoryRow> filter) {
  const std::shared_ptr<void> inside = gate->enter();
  if (!inside) co_return busy_walking();
  const storage::graph::Totals totals = co_await services.store.read(storage::graph::totals);
  if (!ask.owner && totals.repositories > sorted_rows_most) {
    co_return too_many_to_sort(ask.sort.text, "repositories", "owner and id");
  }
  FirstKeys first(ask.sort.way, ask.limit + 1, ask.sort.after);
  ScanOfAll scan{ask, filter};
  auto write = [&ask](const storage::Reader& reader, const std::vector<SortKey>& keys) {
    return page_of_keys(reader, ask, keys);
  };
  co_return co_await sorted_page(services, std::move(first), scan, write);
}

async::Task<http::Reply> list_all(RouteServices& services, Gates gates, http::Call call) {
  const Filter<RepositoryRow> filter(repository_fields(), call.query);
  QueryReader query(call, repositories_query(), repository_filter_words);
  const RepositoriesAsk ask = read_ask(query, filter);
  if (filter.problem()) co_return bad_filter(*filter.problem());
  if (query.failed()) co_return query.refusal();
  if (ask.sort.by->key != nullptr) {
    co_return co_await list_by_scan(services, std::move(gates.orders), ask, filter);
  }
  auto body = [&](const storage::Reader& reader, std::size_t rows_most) {
    return repositories_page(reader, ask, filter, rows_most);
  };
  auto page = co_await read_page(services, std::move(gates.filters), filter.empty(), body);
  if (!page) co_return busy_walking();
  co_return http::json_reply(200, std::move(*page));
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

const QueryParameters& repositories_query() {
  static const QueryParameters all = {sort_of(repository_sorts(), "owner"), rows_limit(),
                                      free_text("cursor")};
  return all;
}

void add_repository_routes(std::vector<http::Route>& routes, RouteServices& services,
                           std::shared_ptr<Gate> filters) {
  const Gates gates{std::make_shared<Gate>(1), std::move(filters)};
  auto list = [&services, gates](http::Call call) {
    return list_all(services, gates, std::move(call));
  };
  routes.push_back({.method = "GET",
                    .pattern = "/v1/repositories",
                    .summary = "Repositories of the graph, filtered and sorted",
                    .handle = list});
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/repositories/{id}",
       .summary = "One repository, by its number",
       .handle = [&services](http::Call call) { return show_one(services, std::move(call)); }});
}

}  // namespace tidemark::daemon::graph
