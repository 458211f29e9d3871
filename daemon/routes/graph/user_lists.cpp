#include "daemon/routes/graph/accounts.hpp"
#include "daemon/routes/graph/pages.hpp"
#include "daemon/routes/graph/queries.hpp"
#include "daemon/routes/graph/repository_rows.hpp"
#include "daemon/routes/graph/routes.hpp"
#include "daemon/routes/graph/user_rows.hpp"
#include "storage/graph/edges.hpp"

namespace tidemark::daemon::graph {

using storage::graph::Direction;
using storage::graph::List;

namespace {

constexpr std::size_t row_bytes = 600;

struct ListAsk {
  std::string name;  // of the account
  List list = List::followers;
  std::optional<std::uint64_t> after;
  std::size_t limit = 30;
};

ListAsk read_ask(QueryReader& query, const http::Call& call, List list) {
  ListAsk ask;
  ask.name = call.path_values.at("id");
  ask.list = list;
  ask.limit = query.number("limit");
  if (const auto cursor = query.cursor(); !cursor.empty()) {
    ask.after = list == List::repositories ? read_number_cursor('n', cursor)
                                           : read_account_cursor('n', cursor);
    if (!ask.after) query.fail(foreign_cursor);
  }
  return ask;
}

// Whose list it is, and how far we may trust it.
void write_head(JsonText& json, const User& user, List list) {
  const auto& record = user.list(list);
  json.object()
      .number("user_id", user.id)
      .text("user_login", user.login)
      .text("state", name_of(record.state))
      .number("reported", record.reported)
      .instant("read", record.read_ms);
}

void write_end(JsonText& json, const std::optional<std::uint64_t>& position) {
  json.end_array();
  std::optional<std::string> next;
  if (position) next = number_cursor('n', *position);
  write_next(json, next);
  json.end_object();
}

// An empty text: there is no such account.
Page neighbours_page(const storage::Reader& reader, const ListAsk& ask, const Filter<User>& filter,
                     std::size_t rows_most) {
  const auto account = find_account(reader, ask.name);
  if (!account) return {};
  JsonText json(ask.limit * row_bytes);
  write_head(json, account->user, ask.list);
  json.array("users");
  PageCount<std::uint64_t> count(ask.limit, rows_most);
  auto visit = [&](std::uint64_t id) {
    if (!count.goes_on()) return false;
    count.examined(id);
    const auto user = storage::graph::find_user(reader, id);
    if (user && filter.accepts(*user)) {
      write_user_row(json, *user);
      count.shown();
    }
    return true;
  };
  const auto direction = ask.list == List::followers ? Direction::incoming : Direction::outgoing;
  storage::graph::scan_neighbours(reader, storage::graph::EdgeKind::follows, direction,
                                  account->user.id, ask.after, visit);
  write_end(json, count.next());
  return {json.take(), count.cut()};
}

Page repositories_page(const storage::Reader& reader, const ListAsk& ask,
                       const Filter<RepositoryRow>& filter, std::size_t rows_most) {
  const auto account = find_account(reader, ask.name);
  if (!account) return {};
  JsonText json(ask.limit * row_bytes);
  write_head(json, account->user, List::repositories);
  json.array("repositories");
  PageCount<std::uint64_t> count(ask.limit, rows_most);
  RepositoryRows rows(reader);
  auto visit = [&](const storage::graph::Repository& repository) {
    if (!count.goes_on()) return false;
    count.examined(repository.id);
    const RepositoryRow row = rows.row_of(repository);
    if (filter.accepts(row)) {
      write_repository(json, row);
      count.shown();
    }
    return true;
  };
  storage::graph::scan_repositories_of(reader, account->user.id, ask.after, visit);
  write_end(json, count.next());
  return {json.take(), count.cut()};
}

// What stands in a list of one kind.
template <class Row>
struct Rows {
  const std::vector<Field<Row>>& fields;
  std::string (*filter_words)();
  Page (*page)(const storage::Reader& reader, const ListAsk& ask, const Filter<Row>& filter,
               std::size_t rows_most);
};

template <class Row>
async::Task<http::Reply> show_list(RouteServices& services, std::shared_ptr<Gate> gate,
                                   http::Call call, List list, Rows<Row> rows) {
  const Filter<Row> filter(rows.fields, call.query);
  QueryReader query(call, user_list_query(), rows.filter_words);
  const ListAsk ask = read_ask(query, call, list);
  if (filter.problem()) co_return bad_filter(*filter.problem());
  if (query.failed()) co_return query.refusal();
  auto body = [&](const storage::Reader& reader, std::size_t rows_most) {
    return rows.page(reader, ask, filter, rows_most);
  };
  auto page = co_await read_page(services, std::move(gate), filter.empty(), body);
  if (!page) co_return busy_walking();
  if (page->empty()) co_return no_such_account(ask.name);
  co_return http::json_reply(200, std::move(*page));
}

}  // namespace

const QueryParameters& user_list_query() {
  static const QueryParameters all = {rows_limit(), free_text("cursor")};
  return all;
}

void add_user_list_routes(std::vector<http::Route>& routes, RouteServices& services,
                          std::shared_ptr<Gate> gate) {
  const Rows<User> accounts{user_fields(), user_filter_words, neighbours_page};
  const Rows<RepositoryRow> repositories{repository_fields(), repository_filter_words,
                                         repositories_page};
  auto followers = [&services, gate, accounts](http::Call call) {
    return show_list(services, gate, std::move(call), List::followers, accounts);
  };
  auto following = [&services, gate, accounts](http::Call call) {
    return show_list(services, gate, std::move(call), List::following, accounts);
  };
  auto owned = [&services, gate, repositories](http::Call call) {
    return show_list(services, gate, std::move(call), List::repositories, repositories);
  };
  routes.push_back({.method = "GET",
                    .pattern = "/v1/users/{id}/followers",
                    .summary = "Who follows an account, in order of their numbers",
                    .handle = followers});
  routes.push_back({.method = "GET",
                    .pattern = "/v1/users/{id}/following",
                    .summary = "Whom an account follows, in order of their numbers",
                    .handle = following});
  routes.push_back({.method = "GET",
                    .pattern = "/v1/users/{id}/repositories",
                    .summary = "What an account owns, in order of the numbers",
                    .handle = owned});
}

}  // namespace tidemark::daemon::graph
