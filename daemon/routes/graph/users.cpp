#include <fmt/format.h>

#include <array>

#include "daemon/routes/graph/accounts.hpp"
#include "daemon/routes/graph/pages.hpp"
#include "daemon/routes/graph/routes.hpp"
#include "daemon/routes/graph/user_rows.hpp"

namespace tidemark::daemon::graph {

using storage::graph::UserOrder;
using storage::graph::UserPosition;

namespace {

constexpr std::size_t row_bytes = 600;  // a guess that saves growing

struct Sort {
  std::string_view name;
  UserOrder order;
  char letter;  // of its cursors
};
constexpr std::array<Sort, 4> sorts = {{{"id", UserOrder::id, 'i'},
                                        {"login", UserOrder::login, 'l'},
                                        {"-created_at", UserOrder::created, 'c'},
                                        {"-followers_count", UserOrder::followers, 'f'}}};

// "c.-1577836800.583231.octocat"
std::string position_text(const Sort& sort, const UserPosition& position) {
  std::string text{sort.letter};
  text += fmt::format(".{}.{}.", position.number, position.id);
  return text + position.login;
}

std::optional<UserPosition> read_position(const Sort& sort, std::string_view text) {
  if (!text.starts_with(std::string{sort.letter, '.'})) return std::nullopt;
  const char *at = text.data() + 2, *end = text.data() + text.size();
  UserPosition position;
  const auto number = std::from_chars(at, end, position.number);
  if (number.ec != std::errc{} || number.ptr == end || *number.ptr != '.') return std::nullopt;
  const auto id = std::from_chars(number.ptr + 1, end, position.id);
  if (id.ec != std::errc{} || id.ptr == end || *id.ptr != '.') return std::nullopt;
  position.login.assign(id.ptr + 1, end);
  return position;
}

struct UsersAsk {
  Sort sort = sorts[0];
  std::optional<UserPosition> after;
  std::string prefix;
  std::size_t limit = 30;
};

UsersAsk read_ask(QueryReader& query) {
  UsersAsk ask;
  ask.prefix = storage::graph::lower_case(query.text("prefix").value_or(""));
  const auto sort = query.text("sort").value_or(ask.prefix.empty() ? "id" : "login");
  const auto* found = std::ranges::find(sorts, sort, &Sort::name);
  if (found == sorts.end()) {
    query.fail("sort must be id, login, -created_at or -followers_count");
    return ask;
  }
  ask.sort = *found;
  if (!ask.prefix.empty() && ask.sort.order != UserOrder::login) {
    query.fail("prefix goes with sort=login, which it is by itself");
  }
  ask.limit = query.number("limit", 30, 1, 100);
  if (const auto cursor = query.cursor(); !cursor.empty()) {
    ask.after = read_position(ask.sort, cursor);
    if (!ask.after) query.fail(foreign_cursor);
  }
  return ask;
}

// A login that is asked for is looked up, not looked for.
void write_the_one(const storage::Reader& reader, const UsersAsk& ask, const Filter<User>& filter,
                   std::string_view login, JsonText& json) {
  const auto holder = storage::graph::find_login(reader, login);
  const auto user = holder ? storage::graph::find_user(reader, holder->id) : std::optional<User>();
  if (!user || ask.after || !filter.accepts(*user)) return;
  if (storage::graph::lower_case(user->login).starts_with(ask.prefix)) write_user_row(json, *user);
}

std::string users_page(const storage::Reader& reader, const UsersAsk& ask,
                       const Filter<User>& filter) {
  JsonText json(ask.limit * row_bytes);
  json.object().array("users");
  PageCount<UserPosition> count(ask.limit);
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
    storage::graph::scan_users(reader, ask.sort.order, ask.after, ask.prefix, visit);
  }
  json.end_array();
  std::optional<std::string> next;
  if (const auto position = count.next()) next = position_text(ask.sort, *position);
  write_next(json, next);
  return json.end_object().take();
}

async::Task<http::Reply> list_users(RouteServices& services, http::Call call) {
  const Filter<User> filter(user_fields(), call.query);
  QueryReader query(call, {"sort", "prefix", "limit", "cursor"});
  const UsersAsk ask = read_ask(query);
  if (filter.problem()) co_return bad_filter(*filter.problem());
  if (query.failed()) co_return query.refusal();
  auto body = [&](const storage::Reader& reader) { return users_page(reader, ask, filter); };
  std::string page = co_await read_page(services, filter.empty(), body);
  co_return http::json_reply(200, std::move(page));
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

void add_user_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/users",
       .summary = "Accounts of the graph, filtered and sorted",
       .handle = [&services](http::Call call) { return list_users(services, std::move(call)); }});
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/users/{id}",
       .summary = "One account, by number, login or node id",
       .handle = [&services](http::Call call) { return show_user(services, std::move(call)); }});
}

}  // namespace tidemark::daemon::graph
