#include "daemon/events.hpp"

#include "daemon/routes/answers.hpp"
#include "daemon/routes/routes.hpp"

namespace tidemark::daemon {

namespace {

async::Task<http::Reply> follow(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  if (services.events.full()) {
    co_return http::problem(503, "/problems/busy", "Service unavailable",
                            "too many follow the events already; close one and try again");
  }
  http::Reply reply;
  reply.response.headers.set("Content-Type", "text/event-stream");
  reply.response.headers.set("Cache-Control", "no-store");
  reply.stream = [&services](EventHub::Send send) {
    return services.events.follow(std::move(send));
  };
  co_return reply;
}

}  // namespace

void add_event_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/events",
       .summary = "Changes of jobs as they happen (server-sent events)",
       .handle = [&services](http::Call call) { return follow(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
