#include <algorithm>
#include <array>

#include "daemon/routes/graph/gate.hpp"
#include "daemon/routes/graph/pages.hpp"
#include "daemon/routes/graph/routes.hpp"
#include "daemon/routes/graph/user_rows.hpp"

namespace tidemark::daemon::graph {

using storage::graph::UserOrder;
using storage::graph::UserPosition;

namespace {

constexpr std::uint64_t looked_at_most = 5'000'000;  // some ten seconds, in slices

struct Measure {
  std::string_view name;
  std::uint64_t (*value)(const User& user);
};
constexpr std::array<Measure, 3> measures = {
    {{"followers", [](const User& user) { return user.profile.followers; }},
     {"following", [](const User& user) { return user.profile.following; }},
     {"public_repos", [](const User& user) { return user.profile.public_repos; }}}};

// The best so far. One who comes later must be better, so that equals stand in order of their
// numbers.
struct Best {
  const Measure& measure;
  std::size_t most;
  std::vector<User> users = {};  // falling

  void offer(const User& user) {
    if (user.read_ms == 0) return;
    auto better = [this](const User& left, const User& right) {
      return measure.value(left) > measure.value(right);
    };
    if (users.size() == most && !better(user, users.back())) return;
    users.insert(std::ranges::upper_bound(users, user, better), user);
    if (users.size() > most) users.pop_back();
  }
};

std::string show(const Best& best, std::uint64_t looked_at, bool complete) {
  JsonText json(best.users.size() * 100 + 200);
  json.object().text("by", best.measure.name).array("users");
  for (const User& user : best.users) {
    json.object()
        .number("id", user.id)
        .text("login", user.login)
        .text("kind", name_of(user.kind))
        .number("count", best.measure.value(user))
        .end_object();
  }
  json.end_array().number("looked_at", looked_at).flag("complete", complete).end_object();
  return json.take();
}

// There is an index of this order.
std::string top_followers(const storage::Reader& reader, std::size_t most) {
  Best best{measures[0], most};
  auto visit = [&](const User& user, const UserPosition&) {
    best.users.push_back(user);
    return best.users.size() < most;
  };
  storage::graph::scan_users(reader, UserOrder::followers, std::nullopt, {}, visit);
  return show(best, best.users.size(), true);
}

// Looks at everybody, a slice at a time, so that other readers get their turn.
async::Task<http::Reply> look_at_all(RouteServices& services, const Measure& measure,
                                     std::size_t most) {
  Best best{measure, most};
  std::optional<UserPosition> after;
  std::uint64_t looked_at = 0;
  bool more = true;
  auto slice = [&](const storage::Reader& reader) {
    std::size_t count = 0;
    auto visit = [&](const User& user, const UserPosition& position) {
      best.offer(user);
      after = position;
      return ++count < examined_most;
    };
    storage::graph::scan_users(reader, UserOrder::id, after, {}, visit);
    looked_at += count;
    return count == examined_most;
  };
  while (more && looked_at < looked_at_most) more = co_await services.store.read(slice);
  co_return http::json_reply(200, show(best, looked_at, !more));
}

async::Task<http::Reply> show_top(RouteServices& services, std::shared_ptr<Gate> gate,
                                  http::Call call) {
  QueryReader query(call, {"by", "limit"});
  const auto limit = query.number("limit", 30, 1, 100);
  const auto by = query.text("by").value_or("followers");
  const auto* measure = std::ranges::find(measures, by, &Measure::name);
  if (measure == measures.end()) query.fail("by must be followers, following or public_repos");
  if (query.failed()) co_return query.refusal();
  if (measure == measures.begin()) {
    auto body = [limit](const storage::Reader& reader) { return top_followers(reader, limit); };
    std::string text = co_await services.store.read(body);
    co_return http::json_reply(200, std::move(text));
  }
  const std::shared_ptr<void> inside = gate->enter();
  if (!inside) co_return busy_walking();
  co_return co_await look_at_all(services, *measure, limit);
}

}  // namespace

void add_top_routes(std::vector<http::Route>& routes, RouteServices& services) {
  auto gate = std::make_shared<Gate>(1);
  auto handle = [&services, gate](http::Call call) {
    return show_top(services, gate, std::move(call));
  };
  routes.push_back({.method = "GET",
                    .pattern = "/v1/graph/top",
                    .summary = "Accounts with the most followers, followings or repositories",
                    .handle = handle});
}

}  // namespace tidemark::daemon::graph
