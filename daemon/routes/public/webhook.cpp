#include <fmt/format.h>

#include <memory>

#include "daemon/routes/public/answers.hpp"
#include "daemon/routes/public/patient_write.hpp"
#include "http/digest.hpp"
#include "http/openhumans/webhook.hpp"
#include "jobs/leave/leave_job.hpp"
#include "storage/sign_ins.hpp"
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

constexpr std::int64_t day_ms = 86'400'000;

// An order as it lies in the store, so that it is carried out once: a row of the sign-ins, which
// goes by itself when it is old. Keyed: the digest alone tells nobody who left.
storage::SignIn row_of(const PublicServices& services, const std::string& body,
                       std::int64_t now_ms) {
  storage::SignIn row;
  row.digest = http::hmac_sha256_hex(services.settings.webhook_secret, body);
  row.provider = "webhook";
  row.created_ms = now_ms;
  row.expires_ms = now_ms + 400 * day_ms;
  return row;
}

// Of a time long before the member came (back). Clocks may differ, and nobody tells us twice: what
// is in doubt is done.
bool is_stale(const Deauthorization& order, const storage::Member& member) {
  const auto told_s = storage::parse_time(order.timestamp);
  return told_s && *told_s * 1'000 + day_ms < member.added_ms;
}

enum class Taken { done, unknown, stale, repeated };

// The tokens are dead already, and Open Humans removes the files itself when asked to erase.
Taken carry_out(storage::Writer& writer, const Deauthorization& order, std::int64_t now_ms) {
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

// What was signed once stays signed: told again after the member came back, it is not done again.
Taken take(storage::Writer& writer, const storage::Sealer& sealer, const Deauthorization& order,
           const storage::SignIn& row) {
  if (storage::find_sign_in(writer, row.digest)) return Taken::repeated;
  storage::begin_sign_in(writer, sealer, row, {});
  storage::end_sign_in(writer, row.digest);
  return carry_out(writer, order, row.created_ms);
}

std::string_view words_for(Taken taken) {
  switch (taken) {
    case Taken::done: return "";
    case Taken::unknown: return "; not known here";
    case Taken::stale: return "; that was before they came back, so nothing is done";
    case Taken::repeated: return "; that was told before, so nothing is done";
  }
  return "";
}

// Open Humans waits for the answer inside the member's own request, and never tells again with a
// signature: one transaction, however long the store cannot take it, and the rest later.
async::Task<http::Reply> deauthorize(PublicServices& services, http::Call call) {
  const auto reading = http::openhumans::read_deauthorization(
      services.settings.webhook_secret, call.request.headers, call.request.body);
  if (!reading.value) {
    services.log.warning(fmt::format("webhook of Open Humans refused: {}", reading.problem));
    co_return words(reading.status, reading.problem);
  }
  const Deauthorization& order = *reading.value;
  const std::string what =
      fmt::format("Open Humans says that member {} left{}", order.project_member_id,
                  order.erasure_requested ? " and wants all erased" : "");
  auto taken = std::make_shared<Taken>(Taken::done);
  auto work = [&services, taken, order,
               row = row_of(services, call.request.body, services.now_ms())](
                  storage::Writer& writer) { *taken = take(writer, services.sealer, order, row); };
  auto done = [&services, taken, what] {
    services.runner.wake();
    services.log.info(fmt::format("{}{}", what, words_for(*taken)));
  };
  (void)co_await write_patiently(services, what, std::move(work), std::move(done));
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
