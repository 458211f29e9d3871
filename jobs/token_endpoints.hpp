#pragma once

#include <string>
#include <string_view>

#include "http/async/clock.hpp"
#include "http/github/oauth.hpp"
#include "http/openhumans/api.hpp"
#include "storage/secrets.hpp"

namespace tidemark::jobs {

inline constexpr std::string_view github_provider = "github";
inline constexpr std::string_view openhumans_provider = "openhumans";
// As people write it: "GitHub".
[[nodiscard]] std::string title_of(std::string_view provider);

// What both providers' token endpoints can answer, in the same words.
struct TokenAnswer {
  enum class Verdict {
    ok,
    dead,            // the token is not good (any more)
    client_refused,  // our client id or secret is wrong
    rejected,        // another refusal: our mistake
    outage,          // no answer as it should be
  };
  Verdict verdict = Verdict::ok;
  std::string message;   // what and where; with `client_refused` the remedy as well
  storage::Token token;  // the new one, after a refresh
};

// Both providers' token endpoints. Nothing is sent twice by itself.
class TokenEndpoints {
 public:
  TokenEndpoints(async::Clock& clock, http::openhumans::Api& openhumans,
                 http::github::OAuth& github)
      : clock_(clock), openhumans_(openhumans), github_(github) {}

  // Do we have an id of our own there?
  [[nodiscard]] bool configured(std::string_view provider) const;
  async::Task<TokenAnswer> refresh(std::string provider, std::string refresh_token);
  // Ends this token, or this pair, and no other. One that is dead already is `ok`.
  async::Task<TokenAnswer> revoke(std::string provider, storage::Token token);
  // GitHub: ends all of the person's tokens for our app.
  async::Task<TokenAnswer> revoke_github_grant(std::string access);

 private:
  async::Clock& clock_;
  http::openhumans::Api& openhumans_;
  http::github::OAuth& github_;
};

// From the providers' own words.
[[nodiscard]] TokenAnswer token_answer(http::openhumans::Outcome outcome, std::string message);
[[nodiscard]] TokenAnswer token_answer(http::github::OAuthOutcome outcome, std::string message);
[[nodiscard]] storage::Token token_of(const http::openhumans::Grant& grant, std::int64_t asked_ms);
[[nodiscard]] storage::Token token_of(const http::github::OAuthGrant& grant, std::int64_t asked_ms);

}  // namespace tidemark::jobs
