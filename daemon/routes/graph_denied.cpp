#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/discovery_bounds.hpp"
#include "daemon/routes/graph/accounts.hpp"
#include "daemon/routes/routes.hpp"
#include "jobs/discovery/deny.hpp"
#include "jobs/discovery/seeds.hpp"
#include "storage/graph/denied_dates.hpp"
#include "storage/graph/forgotten.hpp"

namespace tidemark::daemon {

namespace json = boost::json;
namespace discovery = jobs::discovery;

namespace {

json::object denied_json(const storage::graph::DeniedDates& dates) {
  json::object object;
  object["count"] = dates.count;
  add_time(object, "first", dates.first_ms);
  add_time(object, "last", dates.last_ms);
  return object;
}

async::Task<http::Reply> show_denied(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  auto body = [](const storage::Reader& reader) { return storage::graph::denied_dates(reader); };
  const auto dates = co_await services.store.read(body);
  co_return json_answer(200, denied_json(dates));
}

async::Task<http::Reply> deny(RouteServices& services, http::Call call) {
  BodyReader body(call.request.body, {"logins"});
  const auto logins = body.tokens("logins", logins_most_a_request);
  for (const auto& login : logins) {
    if (!discovery::is_login(login)) body.fail(not_a_login(login));
  }
  if (body.failed()) co_return body.refusal();
  struct Denied {
    std::uint64_t forgotten = 0;
    storage::graph::DeniedDates dates;
  };
  auto work = [&](storage::Writer& writer) {
    Denied denied;
    for (const auto& login : logins) {
      if (discovery::deny_login(writer, login, services.now_ms())) ++denied.forgotten;
    }
    denied.dates = storage::graph::denied_dates(writer);
    return denied;
  };
  const Denied denied = co_await services.store.write(storage::Durability::now, work);
  if (denied.forgotten > 0) services.runner.wake();
  auto answer = denied_json(denied.dates);
  answer["forgotten"] = denied.forgotten;
  co_return json_answer(200, answer);
}

// By login and, when it could be one, by number: the list cannot say which it holds.
void allow_account(storage::Writer& writer, const std::string& account) {
  std::uint64_t number = 0;
  const auto end = account.data() + account.size();
  const auto [stop, error] = std::from_chars(account.data(), end, number);
  if (error == std::errc{} && stop == end) storage::graph::allow_user(writer, number);
  storage::graph::allow_login(writer, account);
}

async::Task<http::Reply> allow(RouteServices& services, http::Call call) {
  QueryReader query(call, allow_query());
  const auto account = query.text("account").value_or("");
  if (!discovery::is_login(account)) query.fail("account must be a GitHub login or number");
  if (query.failed()) co_return query.refusal();
  struct Allowed {
    std::uint64_t before = 0;
    storage::graph::DeniedDates dates;
  };
  auto work = [&](storage::Writer& writer) {
    Allowed allowed;
    allowed.before = storage::graph::denied_dates(writer).count;
    allow_account(writer, account);
    allowed.dates = storage::graph::denied_dates(writer);
    return allowed;
  };
  const Allowed allowed = co_await services.store.write(storage::Durability::now, work);
  auto answer = denied_json(allowed.dates);
  answer["allowed"] = allowed.before - allowed.dates.count;
  co_return json_answer(200, answer);
}

async::Task<http::Reply> forget(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  const std::string& name = call.path_values.at("id");
  struct Forgotten {
    storage::graph::User user;
    storage::Enqueued enqueued;
  };
  auto work = [&](storage::Writer& writer) {
    std::optional<Forgotten> forgotten;
    if (auto account = graph::find_account(writer, name)) {
      forgotten.emplace();
      forgotten->user = std::move(account->user);
      forgotten->enqueued = discovery::deny_and_forget(writer, forgotten->user, services.now_ms());
    }
    return forgotten;
  };
  const auto forgotten = co_await services.store.write(storage::Durability::now, work);
  if (!forgotten) {
    co_return not_found(fmt::format(
        "the graph knows no account {}; so that it is never learnt: tidemark graph deny {}",
        name.substr(0, 100), name.substr(0, 100)));
  }
  services.runner.wake();
  services.log.info("an account of the graph is forgotten, as ordered");
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  json::object answer;
  answer["user"] = forgotten->user.id;
  answer["login"] = forgotten->user.login;
  answer["job"] = job_json(forgotten->enqueued.job, services.now_ms(), clean);
  co_return json_answer(202, answer);
}

}  // namespace

const QueryParameters& allow_query() {
  static const QueryParameters all = {required_text("account")};
  return all;
}

void add_denied_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "POST",
       .pattern = "/v1/users/{id}/forget",
       .summary = "Erases an account with all that is known of it, never to be learnt again",
       .writes = true,
       .handle = [&services](http::Call call) { return forget(services, std::move(call)); }});
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/graph/denied",
       .summary = "How many accounts must not be learnt, and since when",
       .handle = [&services](http::Call call) { return show_denied(services, std::move(call)); }});
  routes.push_back(
      {.method = "POST",
       .pattern = "/v1/graph/denied",
       .summary = "Denies accounts by login; those that are known are forgotten",
       .writes = true,
       .handle = [&services](http::Call call) { return deny(services, std::move(call)); }});
  routes.push_back(
      {.method = "DELETE",
       .pattern = "/v1/graph/denied",
       .summary = "Takes an account off the deny-list",
       .writes = true,
       .handle = [&services](http::Call call) { return allow(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
