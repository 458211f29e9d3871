#include <algorithm>
#include <array>

#include "daemon/routes/graph/gate.hpp"
#include "daemon/routes/graph/pages.hpp"
#include "daemon/routes/graph/queries.hpp"
#include "daemon/routes/graph/routes.hpp"
#include "daemon/routes/graph/sort_keys.hpp"
#include "daemon/routes/graph/sorted_scan.hpp"
#include "daemon/routes/graph/user_rows.hpp"
#include "storage/graph/degrees.hpp"

namespace tidemark::daemon::graph {

using storage::graph::DegreeScan;
using storage::graph::Direction;
using storage::graph::UserOrder;
using storage::graph::UserPosition;

namespace {

// Some ten seconds each, in slices.
constexpr std::uint64_t accounts_most = 5'000'000, edges_most = 40'000'000;
constexpr std::uint64_t edges_a_slice = 100'000;

// Either what accounts report of themselves, or how many edges we hold.
struct Measure {
  std::string_view name;
  std::uint64_t (*reported)(const User& user) = nullptr;
  Direction direction = Direction::incoming;
};
constexpr std::array<Measure, 5> measures = {
    {{"followers", [](const User& user) { return user.profile.followers; }},
     {"following", [](const User& user) { return user.profile.following; }},
     {"public_repos", [](const User& user) { return user.profile.public_repos; }},
     {"known_followers", nullptr, Direction::incoming},
     {"known_following", nullptr, Direction::outgoing}}};

std::vector<std::string> measure_names() {
  std::vector<std::string> names;
  for (const Measure& measure : measures) names.emplace_back(measure.name);
  return names;
}

struct Found {
  std::vector<SortKey> keys;  // the number is what was measured
  std::uint64_t looked_at = 0;
  bool complete = true;
};

std::string show(const storage::Reader& reader, const Measure& measure, const Found& found) {
  JsonText json(found.keys.size() * 100 + 200);
  json.object().text("by", measure.name).array("users");
  for (const SortKey& key : found.keys) {
    const auto user = storage::graph::find_user(reader, key.id);
    if (!user) continue;
    json.object()
        .number("id", user->id)
        .text("login", user->login)
        .text("kind", name_of(user->kind))
        .number("count", static_cast<std::uint64_t>(key.number))
        .end_object();
  }
  json.end_array().number("looked_at", found.looked_at).flag("complete", found.complete);
  return json.end_object().take();
}

// There is an index of this order.
std::string top_followers(const storage::Reader& reader, std::size_t most) {
  Found found;
  auto visit = [&](const User& user, const UserPosition& position) {
    found.keys.push_back({position.number, {}, user.id});
    return found.keys.size() < most;
  };
  storage::graph::scan_users(reader, UserOrder::followers, std::nullopt, {}, visit);
  found.looked_at = found.keys.size();
  return show(reader, measures[0], found);
}

async::Task<Found> by_reports(RouteServices& services, const Measure& measure, FirstKeys first) {
  Found found;
  std::optional<UserPosition> last;
  auto slice = [&](const storage::Reader& reader, FirstKeys& keys) {
    std::size_t count = 0;
    auto visit = [&](const User& user, const UserPosition& position) {
      const auto number = static_cast<std::int64_t>(measure.reported(user));
      if (user.read_ms != 0) keys.offer({number, {}, user.id});
      last = position;
      return ++count < examined_most;
    };
    storage::graph::scan_users(reader, UserOrder::id, last, {}, visit);
    found.looked_at += count;
    const bool more = count == examined_most;
    found.complete = !more;
    return more && found.looked_at < accounts_most;
  };
  found.keys = co_await look_at_all(services, std::move(first), slice);
  co_return found;
}

async::Task<Found> by_edges(RouteServices& services, Direction direction, FirstKeys first) {
  Found found;
  DegreeScan scan(storage::graph::EdgeKind::follows, direction);
  auto slice = [&](const storage::Reader& reader, FirstKeys& keys) {
    auto visit = [&](std::uint64_t node, std::uint64_t degree) {
      keys.offer({static_cast<std::int64_t>(degree), {}, node});
    };
    const bool more = scan.read(reader, edges_a_slice, visit);
    found.complete = !more;
    return more && scan.looked_at() < edges_most;
  };
  found.keys = co_await look_at_all(services, std::move(first), slice);
  found.looked_at = scan.looked_at();
  co_return found;
}

async::Task<http::Reply> show_top(RouteServices& services, std::shared_ptr<Gate> gate,
                                  http::Call call) {
  QueryReader query(call, top_query());
  const auto limit = query.number("limit");
  const auto by = query.choice("by");
  if (query.failed()) co_return query.refusal();
  const auto* measure = std::ranges::find(measures, by, &Measure::name);
  if (measure == measures.begin()) {
    auto body = [limit](const storage::Reader& reader) { return top_followers(reader, limit); };
    std::string text = co_await services.store.read(body);
    co_return http::json_reply(200, std::move(text));
  }
  const std::shared_ptr<void> inside = gate->enter();
  if (!inside) co_return busy_walking();
  FirstKeys first(Way::falling, limit, std::nullopt);
  Found found;
  if (measure->reported != nullptr) {
    found = co_await by_reports(services, *measure, std::move(first));
  } else {
    found = co_await by_edges(services, measure->direction, std::move(first));
  }
  auto body = [&](const storage::Reader& reader) { return show(reader, *measure, found); };
  std::string text = co_await services.store.read(body);
  co_return http::json_reply(200, std::move(text));
}

}  // namespace

const QueryParameters& top_query() {
  static const QueryParameters all = {one_of("by", measure_names(), measures.front().name),
                                      rows_limit()};
  return all;
}

void add_top_routes(std::vector<http::Route>& routes, RouteServices& services) {
  auto gate = std::make_shared<Gate>(1);
  auto handle = [&services, gate](http::Call call) {
    return show_top(services, gate, std::move(call));
  };
  routes.push_back({.method = "GET",
                    .pattern = "/v1/graph/top",
                    .summary = "Accounts with the most followers, followings or repositories, "
                               "reported or known",
                    .handle = handle});
}

}  // namespace tidemark::daemon::graph
