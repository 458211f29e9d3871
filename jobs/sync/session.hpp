#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "jobs/sync/services.hpp"

namespace tidemark::jobs::sync {

// A member's standing with both providers during one run. The tokens are the keeper's; this says
// how the run ends when there is none to use.
class Session {
 public:
  Session(SyncServices& services, Run& run, std::string member)
      : services_(services), run_(run), member_(std::move(member)) {}

  // Calls `ask` of Open Humans with a token; after an expired or invalid token once more with a
  // fresh one. What comes out is `ok`, another outcome of the call that the caller judges, or why
  // the run ends.
  template <class Value>
  async::Task<std::variant<http::openhumans::Result<Value>, RunResult>> call(
      std::function<async::Task<http::openhumans::Result<Value>>(std::string token)> ask) {
    using http::openhumans::Outcome;
    std::string used;
    for (int turn = 0; turn < 2; ++turn) {
      auto given = co_await token("openhumans", used);
      if (auto* end = std::get_if<RunResult>(&given)) co_return std::move(*end);
      used = std::get<std::string>(std::move(given));
      auto result = co_await ask(used);
      const bool refusal =
          result.outcome == Outcome::expired_token || result.outcome == Outcome::invalid_token;
      if (!refusal) co_return result;
    }
    co_return co_await sign_in_needed("Open Humans does not accept the new token either",
                                      "openhumans", std::move(used));
  }

  // A token that should be accepted, other than `refused`, or how the run ends without one.
  async::Task<std::variant<std::string, RunResult>> token(std::string provider,
                                                          std::string refused);
  // Marks the member and ends the run: nothing is tried again until new tokens come. If they came
  // already, and the token `used` is no longer the one of the provider `of`, the run goes on soon.
  async::Task<RunResult> sign_in_needed(std::string reason, std::string of, std::string used);
  // How a run ends after an outcome that is neither `ok` nor a matter of tokens.
  [[nodiscard]] static RunResult failed(const std::string& what, http::openhumans::Outcome outcome,
                                        const std::string& message);

 private:
  SyncServices& services_;
  Run& run_;
  std::string member_;
};

}  // namespace tidemark::jobs::sync
