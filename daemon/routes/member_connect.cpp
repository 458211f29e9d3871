#include <fmt/format.h>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/routes.hpp"
#include "jobs/sign_in/connect_job.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

using jobs::sign_in::DeviceState;

std::string_view name_of(DeviceState::Step step) {
  switch (step) {
    case DeviceState::Step::asking: return "asking";
    case DeviceState::Step::waiting: return "waiting";
    case DeviceState::Step::connected: return "connected";
    case DeviceState::Step::failed: return "failed";
  }
  return "?";
}

struct Connecting {
  DeviceState state;
  std::optional<storage::Job> job;
};

std::optional<Connecting> read_connecting(const storage::Reader& reader, const std::string& id) {
  auto state = jobs::sign_in::find_device_state(reader, id);
  if (!state) return std::nullopt;
  return Connecting{std::move(*state), storage::find_job(reader, jobs::sign_in::connect_kind, id)};
}

json::object device_json(const RouteServices& services, const Connecting& connecting) {
  const auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  const DeviceState& state = connecting.state;
  json::object object;
  object["state"] = name_of(state.step);
  object["private"] = state.wants_private;
  object["user_code"] = text_or_null(state.user_code);
  object["verification_uri"] = text_or_null(state.verification_uri);
  add_time(object, "expires", state.expires_ms);
  object["login"] = text_or_null(state.login);
  object["problem"] = text_or_null(clean(state.problem));
  object["job"] = nullptr;
  if (connecting.job) {
    object["job"] = job_json(services.runner.as_it_is(*connecting.job), services.now_ms(), clean);
  }
  object["held"] = text_or_null(clean(services.runner.held_reason(jobs::sign_in::connect_kind)));
  return object;
}

async::Task<http::Reply> begin(RouteServices& services, http::Call call) {
  BodyReader body(call.request.body.empty() ? "{}" : call.request.body, {"private", "public"});
  const bool private_too = body.flag("private"), public_only = body.flag("public");
  if (private_too && public_only) body.fail("\"private\" and \"public\" exclude each other");
  if (body.failed()) co_return body.refusal();
  const std::string& id = call.path_values.at("id");
  const auto now_ms = services.now_ms();
  struct Begun {
    std::optional<storage::Member> member;
    std::optional<Connecting> connecting;
  };
  auto work = [&](storage::Writer& writer) {
    Begun begun;
    begun.member = storage::find_member(writer, id);
    if (!begun.member || begun.member->state == storage::MemberState::leaving) return begun;
    // Without a word about it, the member's own choice stays.
    const bool wants_private = private_too || (begun.member->wants_private && !public_only);
    jobs::sign_in::begin_device_flow(writer, id, wants_private, now_ms);
    begun.connecting = read_connecting(writer, id);
    return begun;
  };
  const Begun begun = co_await services.store.write(storage::Durability::now, std::move(work));
  if (!begun.member) co_return no_such_member(id);
  if (!begun.connecting) co_return conflict(fmt::format("member {} is being deleted", id));
  services.runner.wake();
  co_return json_answer(202, device_json(services, *begun.connecting));
}

async::Task<http::Reply> show(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  const std::string& id = call.path_values.at("id");
  auto body = [&](const storage::Reader& reader) { return read_connecting(reader, id); };
  const auto connecting = co_await services.store.read(std::move(body));
  if (!connecting) {
    co_return not_found(fmt::format(
        "GitHub is not being connected for member {}; begin with: tidemark members connect {}",
        id.substr(0, 100), id.substr(0, 100)));
  }
  co_return json_answer(200, device_json(services, *connecting));
}

}  // namespace

void add_member_connect_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "POST",
       .pattern = "/v1/members/{id}/connect",
       .summary = "Connects GitHub by a code that the member types there",
       .writes = true,
       .handle = [&services](http::Call call) { return begin(services, std::move(call)); }});
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/members/{id}/connect",
       .summary = "The code, until when it is good, and how it ended",
       .handle = [&services](http::Call call) { return show(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
