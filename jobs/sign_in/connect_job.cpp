#include "jobs/sign_in/connect_job.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "http/digest.hpp"
#include "jobs/sign_in/arrive.hpp"
#include "jobs/sign_in/held_tokens.hpp"
#include "storage/cursors.hpp"

namespace tidemark::jobs::sign_in {

using http::github::OAuthOutcome;
using storage::Durability;
using Step = DeviceState::Step;

namespace {

constexpr std::string_view cursor_name = "connect";
constexpr std::string_view device_provider = "github-device";
constexpr std::string_view private_scope = "repo";
constexpr std::int64_t state_kept_ms = 2 * 3'600'000;
constexpr std::int64_t interval_least_s = 5;

std::string problem_of(OAuthOutcome outcome, const std::string& message) {
  switch (outcome) {
    case OAuthOutcome::expired: return "The code was not typed in time. Start again.";
    case OAuthOutcome::denied: return "You said no at GitHub. Start again if that was a mistake.";
    case OAuthOutcome::bad_code: return "GitHub does not know the code any more. Start again.";
    case OAuthOutcome::device_disabled:
      return "This tidemark's app at GitHub does not allow codes: tick \"Enable Device Flow\" in "
             "its settings.";
    case OAuthOutcome::bad_client:
      return "GitHub refuses this tidemark's own client id. Its operator must correct "
             "github.client_id.";
    default: return fmt::format("GitHub answered: {}", message);
  }
}

std::string problem_of(const Arrived& arrived) {
  switch (arrived.arrival) {
    case Arrival::other_account:
      return fmt::format("You signed in to GitHub as {}, but your weeks are those of {}.",
                         arrived.login, arrived.member.login);
    case Arrival::linked_elsewhere:
      return fmt::format("The GitHub account {} is connected to another member.", arrived.login);
    case Arrival::scope_missing:
      return "You wanted to share private work, but GitHub was not allowed to show it.";
    default: return fmt::format("It did not work: {}.", arrived.message);
  }
}

class ConnectRun {
 public:
  ConnectRun(SignInServices& services, Run& run)
      : services_(services), run_(run), member_(run.job().key) {}

  async::Task<RunResult> go();

 private:
  async::Task<RunResult> ask_for_code();
  async::Task<RunResult> poll();
  async::Task<RunResult> take(http::github::OAuthGrant grant, std::int64_t asked_ms);
  async::Task<RunResult> connect(storage::SignIn sign_in);
  async::Task<RunResult> fail(std::string problem);
  async::Task<void> keep();
  async::Task<RunResult> end();
  [[nodiscard]] std::int64_t now_ms() const { return wall_ms(services_.clock); }
  [[nodiscard]] RunResult wait() const {
    return Suspended{now_ms() + state_.interval_s * 1'000,
                     "waiting until the code is typed at GitHub"};
  }

  SignInServices& services_;
  Run& run_;
  std::string member_;
  DeviceState state_;
  std::string device_code_;
};

async::Task<RunResult> ConnectRun::go() {
  struct Found {
    bool member = false;
    std::optional<DeviceState> state;
    std::string device_code;
    std::optional<storage::SignIn> sign_in;
  };
  auto load = [&](const storage::Reader& reader) {
    Found found;
    const auto member = storage::find_member(reader, member_);
    found.member = member && member->state != storage::MemberState::leaving;
    found.state = find_device_state(reader, member_);
    const auto code = storage::find_token(reader, services_.sealer, member_, device_provider);
    if (!code) return found;
    found.device_code = code->access;
    found.sign_in = storage::find_sign_in(reader, http::sha256_hex(code->access));
    return found;
  };
  Found found = co_await services_.store.read(std::move(load));
  if (!found.member || !found.state) co_return Done{};
  state_ = std::move(*found.state);
  device_code_ = std::move(found.device_code);
  if (state_.step == Step::connected || state_.step == Step::failed) co_return Done{};
  // The tokens came, and the process died before they were the member's.
  if (found.sign_in) co_return co_await connect(std::move(*found.sign_in));
  if (state_.step == Step::asking || device_code_.empty()) co_return co_await ask_for_code();
  co_return co_await poll();
}

async::Task<RunResult> ConnectRun::ask_for_code() {
  const std::int64_t asked_ms = now_ms();
  std::string scope(state_.wants_private ? private_scope : "");
  auto answer = co_await services_.github_oauth.start_device(std::move(scope));
  services_.tokens.learn(std::string(github_provider),
                         token_answer(answer.outcome, answer.message));
  if (answer.outcome == OAuthOutcome::transient) co_return Failed{answer.message, true, true};
  if (!answer.ok()) {
    std::string problem = problem_of(answer.outcome, answer.message);
    co_return co_await fail(std::move(problem));
  }
  state_.step = Step::waiting;
  state_.user_code = answer.value.user_code;
  state_.verification_uri = answer.value.verification_uri;
  state_.expires_ms = asked_ms + answer.value.expires_in_s * 1'000;
  state_.interval_s = std::max(interval_least_s, answer.value.interval_s);
  const storage::Token code{answer.value.device_code, {}, state_.expires_ms, {}};
  auto put = [&](storage::Writer& writer) {
    storage::put_token(writer, services_.sealer, member_, device_provider, code);
    storage::put_cursor(writer, member_, cursor_name, to_json(state_));
  };
  co_await run_.commit(Durability::now, std::move(put));
  co_return wait();
}

async::Task<RunResult> ConnectRun::poll() {
  const std::int64_t asked_ms = now_ms();
  if (asked_ms >= state_.expires_ms) {
    co_return co_await fail(problem_of(OAuthOutcome::expired, {}));
  }
  auto answer = co_await services_.github_oauth.poll_device(device_code_);
  services_.tokens.learn(std::string(github_provider),
                         token_answer(answer.outcome, answer.message));
  switch (answer.outcome) {
    case OAuthOutcome::ok: co_return co_await take(std::move(answer.value.grant), asked_ms);
    case OAuthOutcome::transient:
    case OAuthOutcome::pending: co_return wait();
    case OAuthOutcome::slow_down:
      state_.interval_s = std::max(state_.interval_s + interval_least_s, answer.value.interval_s);
      co_await keep();
      co_return wait();
    default: break;
  }
  std::string problem = problem_of(answer.outcome, answer.message);
  co_return co_await fail(std::move(problem));
}

// The lease is not asked: tokens must not be lost with it.
async::Task<RunResult> ConnectRun::take(http::github::OAuthGrant grant, std::int64_t asked_ms) {
  storage::SignIn sign_in;
  sign_in.digest = http::sha256_hex(device_code_);
  sign_in.provider = github_provider;
  sign_in.member = member_;
  sign_in.created_ms = now_ms();
  sign_in.expires_ms = sign_in.created_ms + state_kept_ms;
  const Held held = co_await hold(services_, sign_in, token_of(grant, asked_ms));
  if (held == Held::no_room) {
    co_return co_await fail("There was no room on tidemark's disk. Start again later.");
  }
  // This job has gone with the member, or is about to.
  if (held == Held::no_member || held == Held::leaving) co_return Done{};
  co_return co_await connect(std::move(sign_in));
}

async::Task<RunResult> ConnectRun::connect(storage::SignIn sign_in) {
  std::string login;
  if (sign_in.phase == storage::SignInPhase::exchanged) {
    Arrived arrived = co_await connect_github(services_, std::move(sign_in), state_.wants_private);
    if (arrived.arrival == Arrival::outage) {
      co_return Failed{
          fmt::format("GitHub gave the tokens, but not whose they are: {}", arrived.message), true,
          true};
    }
    if (arrived.arrival != Arrival::done) co_return co_await fail(problem_of(arrived));
    login = std::move(arrived.login);
  } else {
    auto find = [&](const storage::Reader& reader) {
      return storage::find_member(reader, member_);
    };
    const auto member = co_await services_.store.read(std::move(find));
    const bool given = member && member->state == storage::MemberState::active;
    if (!given) co_return co_await fail("The sign-in was given up. Start again.");
    login = member->login;
  }
  state_.step = Step::connected;
  state_.login = std::move(login);
  co_return co_await end();
}

async::Task<RunResult> ConnectRun::fail(std::string problem) {
  state_.step = Step::failed;
  state_.problem = std::move(problem);
  co_return co_await end();
}

async::Task<void> ConnectRun::keep() {
  auto put = [&](storage::Writer& writer) {
    storage::put_cursor(writer, member_, cursor_name, to_json(state_));
  };
  co_await run_.commit(Durability::soon, std::move(put));
}

async::Task<RunResult> ConnectRun::end() {
  state_.user_code.clear();
  state_.verification_uri.clear();
  auto put = [&](storage::Writer& writer) {
    storage::erase_token(writer, member_, device_provider);
    storage::put_cursor(writer, member_, cursor_name, to_json(state_));
  };
  co_await run_.commit(Durability::now, std::move(put));
  co_return Done{};
}

class ConnectJob final : public JobKind {
 public:
  explicit ConnectJob(SignInServices services) : services_(services) {}
  [[nodiscard]] std::string name() const override { return std::string(connect_kind); }
  async::Task<RunResult> run(Run& run) override {
    ConnectRun connect(services_, run);
    co_return co_await connect.go();
  }

 private:
  SignInServices services_;
};

}  // namespace

std::unique_ptr<JobKind> make_connect_job(SignInServices services) {
  return std::make_unique<ConnectJob>(services);
}

}  // namespace tidemark::jobs::sign_in
