#include <fmt/format.h>

#include "daemon/routes/public/answers.hpp"
#include "daemon/routes/public/member_view.hpp"
#include "daemon/routes/public/patient_write.hpp"
#include "jobs/leave/leave_job.hpp"
#include "jobs/sync/sync_job.hpp"

namespace tidemark::daemon {

namespace {

using storage::MemberState;

constexpr std::uint32_t for_a_person = 10;  // jobs/README.md

enum class Update { started, cooling, not_active };

Update ask_for_update(storage::Writer& writer, const std::string& id, std::int64_t now_ms,
                      std::int64_t cooldown_ms) {
  auto member = storage::find_member(writer, id);
  if (!member || member->state != MemberState::active) return Update::not_active;
  if (update_again_ms(*member, now_ms, cooldown_ms) != 0) return Update::cooling;
  member->update_asked_ms = now_ms;
  storage::put_member(writer, *member);
  storage::Job job;
  job.kind = jobs::sync::sync_kind;
  job.key = id;
  job.priority = for_a_person;
  storage::enqueue_job(writer, std::move(job), now_ms);
  return Update::started;
}

async::Task<http::Reply> update(PublicServices& services, http::Call call) {
  Asking asked = co_await asking(services, call);
  if (asked.refusal) co_return std::move(*asked.refusal);
  const std::string& id = asked.visitor.member->id;
  const auto now_ms = services.now_ms();
  auto work = [&](storage::Writer& writer) {
    return ask_for_update(writer, id, now_ms, services.settings.cooldown_ms);
  };
  const Update result = co_await services.store.write(storage::Durability::soon, std::move(work));
  switch (result) {
    case Update::cooling: co_return go_to(services, "/member", "update_cooldown");
    case Update::not_active: co_return go_to(services, "/member");
    case Update::started: break;
  }
  services.runner.wake();
  co_return go_to(services, "/member", "update_started");
}

async::Task<http::Reply> disconnect(PublicServices& services, http::Call call) {
  Asking asked = co_await asking(services, call);
  if (asked.refusal) co_return std::move(*asked.refusal);
  const std::string& id = asked.visitor.member->id;
  const auto now_ms = services.now_ms();
  auto work = [&](storage::Writer& writer) {
    return jobs::leave::begin_disconnecting(writer, services.sealer, id, now_ms);
  };
  const bool done = co_await services.store.write(storage::Durability::now, std::move(work));
  services.runner.wake();
  if (done) services.log.info(fmt::format("member {} disconnected GitHub", id));
  co_return go_to(services, "/member", done ? "disconnected" : "");
}

async::Task<http::Reply> sign_out(PublicServices& services, http::Call call) {
  Asking asked = co_await asking(services, call);
  if (asked.refusal) co_return std::move(*asked.refusal);
  const Visitor& visitor = asked.visitor;
  auto work = [id = visitor.member->id, digest = visitor.digest](storage::Writer& writer) {
    storage::erase_session(writer, id, digest);
  };
  // With a full disk the browser forgets the session now, and the store as soon as it can.
  (void)co_await write_patiently(services, "a session ends", std::move(work));
  http::Reply reply = go_to(services, "/", "signed_out");
  reply.response.headers.add("Set-Cookie", end_session_cookie(services));
  co_return reply;
}

}  // namespace

void add_member_action_routes(std::vector<http::Route>& routes, PublicServices& services) {
  auto add = [&](std::string pattern, std::string summary,
                 async::Task<http::Reply> (*answer)(PublicServices&, http::Call)) {
    http::Route route{.method = "POST",
                      .pattern = std::move(pattern),
                      .summary = std::move(summary),
                      .writes = true,
                      .handle = {}};
    route.handle = [&services, answer](http::Call call) {
      return answer(services, std::move(call));
    };
    routes.push_back(std::move(route));
  };
  add("/member/update", "Syncs now", update);
  add("/member/disconnect", "Disconnects GitHub", disconnect);
  add("/sign-out", "Ends the session", sign_out);
}

}  // namespace tidemark::daemon
