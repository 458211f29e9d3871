#include "tests/daemon/service_room.hpp"

#include <boost/json/parse.hpp>

namespace tidemark::test {

namespace {

storage::KeyRing one_key() {
  storage::KeyRing keys;
  keys.add(1, std::string(32, 'k'));
  return keys;
}

}  // namespace

ServiceRoom::ServiceRoom()
    : sealer(one_key()),
      runner(simulation.executor(), store, simulation.clock(), simulation.random(), {}, {}),
      services{store,
               sealer,
               ledger,
               runner,
               simulation.clock(),
               events,
               log,
               "/var/lib/tidemark/store",
               simulation.clock().wall_now().time_since_epoch().count()},
      router(daemon::make_routes(services)) {}

ServiceRoom::Answer ServiceRoom::ask(const std::string& method, const std::string& target,
                                     const std::string& body, const std::string& content_type) {
  http::Reply reply;
  auto exchange = [&]() -> async::Task<void> {
    http::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    if (!content_type.empty()) request.headers.set("Content-Type", content_type);
    http::Peer peer;
    reply = co_await router(std::move(request), std::move(peer));
  };
  simulation.run(exchange);
  Answer answer;
  answer.status = reply.response.status;
  answer.body = reply.response.body;
  answer.headers = reply.response.headers;
  const auto type = answer.headers.find("Content-Type").value_or("");
  if (type.find("json") != std::string_view::npos && !answer.body.empty()) {
    auto value = boost::json::parse(answer.body);
    if (value.is_object()) answer.json = std::move(value.get_object());
  }
  return answer;
}

void ServiceRoom::write(std::function<void(storage::Writer&)> body) {
  auto transaction = [&]() -> async::Task<void> {
    co_await store.write(storage::Durability::soon, std::move(body));
  };
  simulation.run(transaction);
}

void ServiceRoom::add_member(const std::string& id) {
  ask("POST", "/v1/members",
      R"({"id":")" + id +
          R"(","github_token":"gho_github00000000","openhumans_access_token":"access",)" +
          R"("openhumans_refresh_token":"refresh"})");
}

}  // namespace tidemark::test
