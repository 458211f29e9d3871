#include <fmt/format.h>

#include "daemon/routes/graph/accounts.hpp"
#include "daemon/routes/graph/bounds.hpp"
#include "daemon/routes/graph/gate.hpp"
#include "daemon/routes/graph/pages.hpp"
#include "daemon/routes/graph/queries.hpp"
#include "daemon/routes/graph/routes.hpp"
#include "daemon/routes/graph/sort_keys.hpp"
#include "daemon/routes/graph/user_rows.hpp"
#include "storage/graph/neighbourhood.hpp"
#include "storage/graph/paths.hpp"

namespace tidemark::daemon::graph {

using storage::graph::Direction;
using storage::graph::Neighbour;
using storage::graph::Sides;
using storage::graph::UserId;

namespace {

constexpr std::uint64_t edges_most = 400'000;  // half a second, and 32 MB in the worst case

struct Answer {
  std::string missing;  // an account that is not there
  std::string text;
};

void write_name(JsonText& json, const storage::Reader& reader, UserId id) {
  const auto user = storage::graph::find_user(reader, id);
  if (user) write_user_name(json, *user);
}

// GET /v1/users/{id}/neighbours
struct NeighboursAsk {
  std::string name;
  storage::graph::NeighbourhoodAsk walk;
};

constexpr const char *following = "following", *followers = "followers", *both = "both";

Sides read_sides(std::string_view direction) {
  if (direction == following) return Sides::outgoing;
  return direction == followers ? Sides::incoming : Sides::both;
}

// The place of one: how many steps away, and who.
constexpr std::string_view by_steps = "steps";

std::string place_cursor(const Neighbour& neighbour) {
  return sort_cursor(by_steps, {neighbour.distance, {}, neighbour.id});
}

std::optional<Neighbour> read_place(std::string_view text, std::uint32_t depth) {
  const auto key = read_sort_cursor(by_steps, text);
  if (!key || key->number < 1 || key->number > depth) return std::nullopt;
  if (key->id > storage::graph::user_id_most) return std::nullopt;
  return Neighbour{key->id, static_cast<std::uint32_t>(key->number)};
}

Answer neighbours(const storage::Reader& reader, NeighboursAsk ask) {
  const auto account = find_account(reader, ask.name);
  if (!account) return {.missing = ask.name, .text = {}};
  ask.walk.user = account->user.id;
  const auto found = storage::graph::neighbourhood(reader, ask.walk);
  JsonText json(found.neighbours.size() * 80 + 200);
  json.object().array("users");
  for (const auto& neighbour : found.neighbours) {
    const auto user = storage::graph::find_user(reader, neighbour.id);
    if (!user) continue;
    json.object()
        .number("id", user->id)
        .text("login", user->login)
        .text("kind", name_of(user->kind))
        .number("steps", std::uint64_t{neighbour.distance})
        .end_object();
  }
  json.end_array();
  std::optional<std::string> next;
  if (found.more) next = place_cursor(found.neighbours.back());
  write_next(json, next);
  std::string cut;
  if (found.gave_up) {
    cut =
        fmt::format("gave up after {} edges: there are others, also among these", found.looked_at);
  }
  json.text_or_null("cut", cut).number("edges_looked_at", found.looked_at);
  return {.missing = {}, .text = json.end_object().take()};
}

// GET /v1/graph/mutual
struct MutualAsk {
  std::string of, with;  // `with` is empty: friends of one account
  std::optional<std::uint64_t> after;
  std::size_t limit = 30;
};

Answer mutual(const storage::Reader& reader, const MutualAsk& ask) {
  const auto of = find_account(reader, ask.of);
  if (!of) return {.missing = ask.of, .text = {}};
  storage::graph::EdgeList other{of->user.id, Direction::incoming};
  if (!ask.with.empty()) {
    const auto with = find_account(reader, ask.with);
    if (!with) return {.missing = ask.with, .text = {}};
    other = {with->user.id, Direction::outgoing};
  }
  const auto found = storage::graph::intersect(reader, {of->user.id, Direction::outgoing}, other,
                                               ask.after, ask.limit, edges_most);
  JsonText json(found.nodes.size() * 80 + 200);
  json.object().array("users");
  for (const UserId id : found.nodes) write_name(json, reader, id);
  json.end_array();
  std::optional<std::string> next;
  if (found.next) next = number_cursor('m', *found.next);
  write_next(json, next);
  return {.missing = {}, .text = json.end_object().take()};
}

// GET /v1/graph/path
Answer path(const storage::Reader& reader, const std::string& from_name,
            const std::string& to_name) {
  const auto from = find_account(reader, from_name);
  if (!from) return {.missing = from_name, .text = {}};
  const auto to = find_account(reader, to_name);
  if (!to) return {.missing = to_name, .text = {}};
  const auto found = storage::graph::shortest_path(reader, from->user.id, to->user.id, edges_most);
  JsonText json;
  json.object();
  if (found.nodes.empty()) {
    json.null("steps").null("path");
  } else {
    json.number("steps", found.nodes.size() - 1).array("path");
    for (const UserId id : found.nodes) write_name(json, reader, id);
    json.end_array();
  }
  std::string gave_up;
  if (found.gave_up) gave_up = fmt::format("gave up after {} edges", found.looked_at);
  json.text_or_null("gave_up", gave_up).number("edges_looked_at", found.looked_at);
  return {.missing = {}, .text = json.end_object().take()};
}

template <class Body>
async::Task<http::Reply> walk(RouteServices& services, std::shared_ptr<Gate> gate, Body body) {
  const std::shared_ptr<void> inside = gate->enter();
  if (!inside) co_return busy_walking();
  Answer answer = co_await services.store.read(body);
  if (!answer.missing.empty()) co_return no_such_account(answer.missing);
  co_return http::json_reply(200, std::move(answer.text));
}

async::Task<http::Reply> show_neighbours(RouteServices& services, std::shared_ptr<Gate> gate,
                                         http::Call call) {
  QueryReader query(call, neighbours_query());
  NeighboursAsk ask;
  ask.name = call.path_values.at("id");
  ask.walk.depth = static_cast<std::uint32_t>(query.number("depth"));
  ask.walk.most = query.number("limit");
  ask.walk.work_most = edges_most;
  ask.walk.sides = read_sides(query.choice("direction"));
  if (const auto cursor = query.cursor(); !cursor.empty()) {
    ask.walk.after = read_place(cursor, ask.walk.depth);
    if (!ask.walk.after) query.fail(foreign_cursor);
  }
  if (query.failed()) co_return query.refusal();
  auto body = [ask](const storage::Reader& reader) { return neighbours(reader, ask); };
  co_return co_await walk(services, std::move(gate), std::move(body));
}

async::Task<http::Reply> show_mutual(RouteServices& services, std::shared_ptr<Gate> gate,
                                     http::Call call) {
  QueryReader query(call, mutual_query());
  MutualAsk ask;
  ask.of = query.text("of").value_or("");
  ask.with = query.text("and").value_or("");
  if (ask.of.empty()) query.fail("of must name an account; with `and`, whom both follow");
  ask.limit = query.number("limit");
  if (const auto cursor = query.cursor(); !cursor.empty()) {
    ask.after = read_account_cursor('m', cursor);
    if (!ask.after) query.fail(foreign_cursor);
  }
  if (query.failed()) co_return query.refusal();
  auto body = [ask](const storage::Reader& reader) { return mutual(reader, ask); };
  co_return co_await walk(services, std::move(gate), std::move(body));
}

async::Task<http::Reply> show_path(RouteServices& services, std::shared_ptr<Gate> gate,
                                   http::Call call) {
  QueryReader query(call, path_query());
  const auto from = query.text("from").value_or(""), to = query.text("to").value_or("");
  if (from.empty() || to.empty()) query.fail("from and to must each name an account");
  if (query.failed()) co_return query.refusal();
  auto body = [from, to](const storage::Reader& reader) { return path(reader, from, to); };
  co_return co_await walk(services, std::move(gate), std::move(body));
}

}  // namespace

const QueryParameters& neighbours_query() {
  static const QueryParameters all = {whole_number("depth", 1, near_steps_most, 1),
                                      one_of("direction", {following, followers, both}, both),
                                      whole_number("limit", 1, near_rows_most, 100),
                                      free_text("cursor")};
  return all;
}

const QueryParameters& mutual_query() {
  static const QueryParameters all = {required_text("of"), free_text("and"), rows_limit(),
                                      free_text("cursor")};
  return all;
}

const QueryParameters& path_query() {
  static const QueryParameters all = {required_text("from"), required_text("to")};
  return all;
}

void add_walk_routes(std::vector<http::Route>& routes, RouteServices& services) {
  auto gate = std::make_shared<Gate>(1);
  auto neighbours_handle = [&services, gate](http::Call call) {
    return show_neighbours(services, gate, std::move(call));
  };
  auto mutual_handle = [&services, gate](http::Call call) {
    return show_mutual(services, gate, std::move(call));
  };
  auto path_handle = [&services, gate](http::Call call) {
    return show_path(services, gate, std::move(call));
  };
  routes.push_back({.method = "GET",
                    .pattern = "/v1/users/{id}/neighbours",
                    .summary = "Who can be reached in a few steps",
                    .handle = neighbours_handle});
  routes.push_back({.method = "GET",
                    .pattern = "/v1/graph/mutual",
                    .summary = "Who follows back, or whom two accounts both follow",
                    .handle = mutual_handle});
  routes.push_back({.method = "GET",
                    .pattern = "/v1/graph/path",
                    .summary = "A shortest way from one account to another",
                    .handle = path_handle});
}

}  // namespace tidemark::daemon::graph
