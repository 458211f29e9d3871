#include <boost/json/array.hpp>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/routes.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

json::object window_json(const jobs::QuotaLedger::View& view, const Clean& clean) {
  const storage::QuotaWindow& window = view.window;
  json::object object;
  object["owner"] = window.owner;
  object["resource"] = window.resource;
  object["limit"] = window.limit;
  object["remaining"] = window.remaining;
  object["usable"] = view.usable;
  object["reserved"] = view.reserved;
  add_time(object, "resets", window.resets_ms);
  add_time(object, "blocked_until", window.blocked_until_ms);
  object["blocked_reason"] = text_or_null(clean(window.blocked_reason));
  object["spent"] = window.spent;
  object["requests"] = window.requests;
  object["refused"] = window.refused;
  return object;
}

async::Task<http::Reply> show_quota(RouteServices& services, http::Call call) {
  QueryReader query(call, quota_query());
  const auto points = query.number("points");
  const auto owner = query.text("owner"), resource = query.text("resource");
  if (query.failed()) co_return query.refusal();
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  json::array windows;
  for (const auto& view : services.ledger.view()) {
    if (owner && view.window.owner != *owner) continue;
    if (resource && view.window.resource != *resource) continue;
    json::object window = window_json(view, clean);
    window["forecast"] = nullptr;
    if (points > 0) {
      json::object forecast;
      forecast["points"] = points;
      add_time(forecast, "done",
               services.ledger.forecast_ms(view.window.owner, view.window.resource, points));
      window["forecast"] = std::move(forecast);
    }
    windows.push_back(std::move(window));
  }
  json::object answer;
  answer["windows"] = std::move(windows);
  co_return json_answer(200, answer);
}

}  // namespace

const QueryParameters& quota_query() {
  static const QueryParameters all = {free_text("owner"), free_text("resource"),
                                      whole_number("points", 1, 1'000'000'000)};
  return all;
}

void add_quota_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/quota",
       .summary = "Quota windows; with points=N when N more could be spent",
       .handle = [&services](http::Call call) { return show_quota(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
