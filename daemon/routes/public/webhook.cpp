#include <fmt/format.h>

#include "daemon/routes/public/answers.hpp"
#include "http/openhumans/webhook.hpp"
#include "jobs/leave/leave_job.hpp"

namespace tidemark::daemon {

namespace {

using http::openhumans::Deauthorization;
using storage::MemberState;

http::Reply words(unsigned status, std::string text) {
  http::Reply reply;
  reply.response.status = status;
  reply.response.headers.set("Content-Type", "text/plain; charset=utf-8");
  reply.response.body = std::move(text);
  return reply;
}

// The tokens are dead already, and Open Humans removes the files itself when asked to erase.
bool take(storage::Writer& writer, const Deauthorization& order, std::int64_t now_ms) {
  if (order.erasure_requested) {
    jobs::leave::LeaveOrder leaving;
    leaving.asked_by = "Open Humans";
    return jobs::leave::begin_leaving(writer, order.project_member_id, leaving, now_ms);
  }
  auto member = storage::find_member(writer, order.project_member_id);
  if (!member || member->state == MemberState::leaving) return member.has_value();
  member->state = MemberState::needs_sign_in;
  member->state_reason = "you left this project at Open Humans";
  storage::put_member(writer, *member);
  return true;
}

// Open Humans waits for the answer inside the member's own request: one transaction, the rest
// later.
async::Task<http::Reply> deauthorize(PublicServices& services, http::Call call) {
  const auto reading = http::openhumans::read_deauthorization(
      services.settings.webhook_secret, call.request.headers, call.request.body);
  if (!reading.value) {
    services.log.warning(fmt::format("webhook of Open Humans refused: {}", reading.problem));
    co_return words(reading.status, reading.problem);
  }
  const Deauthorization& order = *reading.value;
  const auto now_ms = services.now_ms();
  auto work = [&](storage::Writer& writer) { return take(writer, order, now_ms); };
  const bool known = co_await services.store.write(storage::Durability::now, std::move(work));
  services.runner.wake();
  services.log.info(fmt::format("Open Humans says that member {} left{}{}", order.project_member_id,
                                order.erasure_requested ? " and wants all erased" : "",
                                known ? "" : "; not known here"));
  co_return words(200, "Received");
}

}  // namespace

void add_webhook_routes(std::vector<http::Route>& routes, PublicServices& services) {
  for (const std::string_view pattern : {"/openhumans/deauth", "/openhumans/deauth/"}) {
    routes.push_back({.method = "POST",
                      .pattern = std::string(pattern),
                      .summary = "Open Humans tells that a member left",
                      .writes = true,
                      .handle = [&services](http::Call call) {
                        return deauthorize(services, std::move(call));
                      }});
  }
}

}  // namespace tidemark::daemon
