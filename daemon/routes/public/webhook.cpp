#include <fmt/format.h>

#include "daemon/routes/public/answers.hpp"
#include "http/openhumans/webhook.hpp"
#include "jobs/leave/leave_job.hpp"
#include "storage/week.hpp"

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

constexpr std::int64_t clocks_apart_ms = 15 * 60'000;

// Told again after the member came back: what was signed once stays signed.
bool is_stale(const Deauthorization& order, const storage::Member& member) {
  const auto told_s = storage::parse_time(order.timestamp);
  return told_s && *told_s * 1'000 + clocks_apart_ms < member.added_ms;
}

enum class Taken { done, unknown, stale };

// The tokens are dead already, and Open Humans removes the files itself when asked to erase.
Taken take(storage::Writer& writer, const Deauthorization& order, std::int64_t now_ms) {
  auto member = storage::find_member(writer, order.project_member_id);
  if (!member) return Taken::unknown;
  if (is_stale(order, *member)) return Taken::stale;
  if (order.erasure_requested) {
    jobs::leave::LeaveOrder leaving;
    leaving.asked_by = "Open Humans";
    (void)jobs::leave::begin_leaving(writer, member->id, leaving, now_ms);
  } else if (member->state != MemberState::leaving) {
    member->state = MemberState::needs_sign_in;
    member->state_reason = "you left this project at Open Humans";
    storage::put_member(writer, *member);
  }
  return Taken::done;
}

std::string_view words_for(Taken taken) {
  switch (taken) {
    case Taken::done: return "";
    case Taken::unknown: return "; not known here";
    case Taken::stale: return "; that was before they came back, so nothing is done";
  }
  return "";
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
  const Taken taken = co_await services.store.write(storage::Durability::now, std::move(work));
  services.runner.wake();
  services.log.info(fmt::format("Open Humans says that member {} left{}{}", order.project_member_id,
                                order.erasure_requested ? " and wants all erased" : "",
                                words_for(taken)));
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
