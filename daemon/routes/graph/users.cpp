#include <fmt/format.h>

#include "daemon/routes/graph/accounts.hpp"
#include "daemon/routes/graph/queries.hpp"
#include "daemon/routes/graph/routes.hpp"
#include "daemon/routes/graph/sort_asked.hpp"
#include "daemon/routes/graph/sorted_scan.hpp"
#include "daemon/routes/graph/user_rows.hpp"
#include "daemon/routes/graph/user_sorts.hpp"

namespace tidemark::daemon::graph {

using storage::graph::UserOrder;
using storage::graph::UserPosition;

namespace {

constexpr std::size_t row_bytes = 600;  // a guess that saves growing

struct UsersAsk {
  SortAsked<UserSort> sort;
  std::string prefix;
  std::size_t limit = 30;
};

UsersAsk read_ask(QueryReader& query) {
  UsersAsk ask;
  ask.prefix = storage::graph::lower_case(query.text("prefix").value_or(""));
  ask.sort = read_sort(query, user_sorts(), ask.prefix.empty() ? "" : "login");
  if (!ask.prefix.empty() && ask.sort.by->index != UserOrder::login) {
    query.fail("prefix goes with sort=login, which it is by itself, or -login");
  }
  ask.limit = query.number("limit");
  return ask;
}

// A login that is asked for is looked up, not looked for.
void write_the_one(const storage::Reader& reader, const UsersAsk& ask, const Filter<User>& filter,
                   std::string_view login, JsonText& json) {
  const auto holder = storage::graph::find_login(reader, login);
  const auto user = holder ? storage::graph::find_user(reader, holder->id) : std::optional<User>();
  if (!user || ask.sort.after || !filter.accepts(*user)) return;
  if (storage::graph::lower_case(user->login).starts_with(ask.prefix)) write_user_row(json, *user);
}

// By an index, in whichever direction.
void scan_index(const storage::Reader& reader, const UsersAsk& ask,
                const storage::graph::VisitUser& visit) {
  std::optional<UserPosition> place;
  if (const auto& after = ask.sort.after) place = {after->text, after->number, after->id};
  const auto& by = *ask.sort.by;
  const bool forwards = by.index_way == ask.sort.way;
  auto* const scan = forwards ? storage::graph::scan_users : storage::graph::scan_users_backwards;
  scan(reader, by.index.value_or(UserOrder::id), place, ask.prefix, visit);
}

Page users_page(const storage::Reader& reader, const UsersAsk& ask, const Filter<User>& filter,
                std::size_t rows_most) {
  JsonText json(ask.limit * row_bytes);
  json.object().array("users");
  PageCount<UserPosition> count(ask.limit, rows_most);
  auto visit = [&](const User& user, const UserPosition& position) {
    if (!count.goes_on()) return false;
    count.examined(position);
    if (filter.accepts(user)) {
      write_user_row(json, user);
      count.shown();
    }
    return true;
  };
  if (const auto* login = filter.exact_test("login")) {
    write_the_one(reader, ask, filter, login->text, json);
  } else {
    scan_index(reader, ask, visit);
  }
  json.end_array();
  std::optional<std::string> next;
  if (const auto place = count.next()) {
    next = sort_cursor(ask.sort.text, {place->number, place->login, place->id});
  }
  write_next(json, next);
  return {json.end_object().take(), count.cut()};
}

// The keys are one more than the page has room for, if there are others.
std::string page_of_keys(const storage::Reader& reader, const UsersAsk& ask,
                         const std::vector<SortKey>& keys) {
  JsonText json(ask.limit * row_bytes);
  json.object().array("users");
  for (std::size_t i = 0; i < std::min(keys.size(), ask.limit); ++i) {
    const auto user = storage::graph::find_user(reader, keys[i].id);
    if (user) write_user_row(json, *user);
  }
  json.end_array();
  write_next(json, next_of_keys(ask.sort.text, keys, ask.limit));
  return json.end_object().take();
}

async::Task<http::Reply> list_by_scan(RouteServices& services, std::shared_ptr<Gate> gate,
                                      UsersAsk ask, Filter<User> filter) {
  const std::shared_ptr<void> inside = gate->enter();
  if (!inside) co_return busy_walking();
  const storage::graph::Totals totals = co_await services.store.read(storage::graph::totals);
  if (totals.users + totals.organizations > sorted_rows_most) {
    co_return too_many_to_sort(ask.sort.text, "accounts",
                               "id, login, created_at and followers_count");
  }
  std::optional<UserPosition> last;
  auto slice = [&](const storage::Reader& reader, FirstKeys& keys) {
    std::size_t count = 0;
    auto visit = [&](const User& user, const UserPosition& position) {
      const auto number = ask.sort.by->number(user);
      if (number && filter.accepts(user)) keys.offer({*number, {}, user.id});
      last = position;
      return ++count < examined_most;
    };
    storage::graph::scan_users(reader, UserOrder::id, last, {}, visit);
    return count == examined_most;
  };
  FirstKeys first(ask.sort.way, ask.limit + 1, ask.sort.after);
  auto write = [&ask](const storage::Reader& reader, const std::vector<SortKey>& keys) {
    return page_of_keys(reader, ask, keys);
  };
  co_return co_await sorted_page(services, std::move(first), slice, write);
}

async::Task<http::Reply> list_users(RouteServices& services, Gates gates, http::Call call) {
  const Filter<User> filter(user_fields(), call.query);
  QueryReader query(call, users_query(), user_filter_words);
  const UsersAsk ask = read_ask(query);
  if (filter.problem()) co_return bad_filter(*filter.problem());
  if (query.failed()) co_return query.refusal();
  if (!ask.sort.by->index && filter.exact_test("login") == nullptr) {
    co_return co_await list_by_scan(services, std::move(gates.orders), ask, filter);
  }
  auto body = [&](const storage::Reader& reader, std::size_t rows_most) {
    return users_page(reader, ask, filter, rows_most);
  };
  auto page = co_await read_page(services, std::move(gates.filters), filter.empty(), body);
  if (!page) co_return busy_walking();
  co_return http::json_reply(200, std::move(*page));
}

async::Task<http::Reply> show_user(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  const std::string& name = call.path_values.at("id");
  auto body = [&name](const storage::Reader& reader) -> std::string {
    const auto account = find_account(reader, name);
    if (!account) return {};
    JsonText json;
    write_user(json, account->user, account->former_login);
    return json.take();
  };
  std::string text = co_await services.store.read_cached(body);
  if (text.empty()) co_return no_such_account(name);
  co_return http::json_reply(200, std::move(text));
}

}  // namespace

http::Reply bad_filter(const FilterProblem& problem) {
  return bad_request(fmt::format("{}: {}", problem.parameter.substr(0, 100), problem.problem));
}

const QueryParameters& users_query() {
  static const QueryParameters all = {sort_of(user_sorts(), "id"), free_text("prefix"),
                                      rows_limit(), free_text("cursor")};
  return all;
}

void add_user_routes(std::vector<http::Route>& routes, RouteServices& services,
                     std::shared_ptr<Gate> filters) {
  const Gates gates{std::make_shared<Gate>(1), std::move(filters)};
  auto list = [&services, gates](http::Call call) {
    return list_users(services, gates, std::move(call));
  };
  routes.push_back({.method = "GET",
                    .pattern = "/v1/users",
                    .summary = "Accounts of the graph, filtered and sorted",
                    .handle = list});
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/users/{id}",
       .summary = "One account, by number, login or node id",
       .handle = [&services](http::Call call) { return show_user(services, std::move(call)); }});
}

}  // namespace tidemark::daemon::graph
