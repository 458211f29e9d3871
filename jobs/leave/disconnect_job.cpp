#include <fmt/format.h>

#include "jobs/leave/doomed.hpp"
#include "jobs/leave/leave_job.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "jobs/sync/sync_job.hpp"
#include "jobs/token_endpoints.hpp"
#include "storage/cursors.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"
#include "storage/sign_ins.hpp"

namespace tidemark::jobs::leave {

namespace {

class DisconnectJob final : public JobKind {
 public:
  explicit DisconnectJob(sign_in::SignInServices services) : services_(services) {}
  [[nodiscard]] std::string name() const override { return std::string(disconnect_kind); }
  async::Task<RunResult> run(Run& run) override {
    Revoked revoked = co_await revoke_doomed(services_, run, run.job().key);
    if (revoked.not_yet) co_return std::move(*revoked.not_yet);
    if (!revoked.given_up.empty()) {
      co_return Failed{fmt::format("given up, the person can end it there: {}",
                                   fmt::join(revoked.given_up, "; ")),
                       false};
    }
    co_return Done{};
  }

 private:
  sign_in::SignInServices services_;
};

constexpr std::size_t sign_ins_at_once = 200;

// A connect that has its tokens, and not yet its last transaction, must not undo a disconnect.
void end_sign_ins(storage::Writer& writer, const storage::Sealer& sealer, std::string_view member,
                  std::int64_t now_ms) {
  std::string after;
  while (true) {
    const auto page = storage::list_sign_ins(writer, after, sign_ins_at_once);
    for (const storage::SignIn& each : page) {
      if (each.member != member || each.phase != storage::SignInPhase::exchanged) continue;
      const auto token = storage::find_sign_in_token(writer, sealer, each);
      if (token) doom(writer, sealer, member, each.provider, *token, false, now_ms);
      storage::end_sign_in(writer, each.digest);
    }
    if (page.size() < sign_ins_at_once) return;
    after = page.back().digest;
  }
}

}  // namespace

bool begin_disconnecting(storage::Writer& writer, const storage::Sealer& sealer,
                         std::string_view member, std::int64_t now_ms) {
  auto row = storage::find_member(writer, member);
  if (!row || row->state == storage::MemberState::leaving) return false;
  const auto token = storage::find_token(writer, sealer, member, github_provider);
  if (!token) return false;
  doom(writer, sealer, member, github_provider, *token, true, now_ms);
  end_sign_ins(writer, sealer, member, now_ms);
  storage::erase_token(writer, member, github_provider);
  storage::erase_token(writer, member, "github-device");
  storage::erase_cursor(writer, member, "connect");
  for (const auto kind : {sync::sync_kind, sign_in::connect_kind}) {
    storage::cancel_jobs(writer, kind, member);
  }
  row->state = storage::MemberState::not_connected;
  row->state_reason.clear();
  row->last_error.clear();
  row->last_error_ms = 0;
  storage::put_member(writer, *row);
  return true;
}

std::unique_ptr<JobKind> make_disconnect_job(sign_in::SignInServices services) {
  return std::make_unique<DisconnectJob>(services);
}

}  // namespace tidemark::jobs::leave
