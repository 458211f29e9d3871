#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "http/client.hpp"
#include "http/github/answer.hpp"

namespace tidemark::http::github {

// What the token endpoint and its neighbours say; GitHub answers errors with status 200.
enum class OAuthOutcome {
  ok,
  bad_code,         // bad_verification_code: incorrect, expired, or used before
  bad_refresh,      // bad_refresh_token: the member must connect again
  bad_client,       // our client id or secret is wrong: stop for all members
  bad_redirect,     // redirect_uri_mismatch: our mistake or the registration's
  unverified_mail,  // unverified_user_email: the person must confirm their address first
  pending,          // authorization_pending: ask again after the interval
  slow_down,        // the same, and the interval has grown
  expired,          // expired_token: the device code is too old
  denied,           // access_denied
  device_disabled,  // device_flow_disabled in the app's settings
  rejected,         // another refusal: our mistake; `message` has GitHub's words
  transient,        // 5xx, HTML where JSON belongs, no answer: later
};
[[nodiscard]] std::string_view name_of(OAuthOutcome outcome);

template <class Value>
struct OAuthResult {
  OAuthOutcome outcome = OAuthOutcome::ok;
  std::string message;  // what and where, without secrets
  Value value{};
  [[nodiscard]] bool ok() const { return outcome == OAuthOutcome::ok; }
};
struct OAuthNothing {};

struct OAuthGrant {
  std::string access;
  std::string refresh;            // of GitHub Apps; empty: there is none
  std::int64_t expires_in_s = 0;  // 0: does not expire, or not said
  std::string scope;              // as granted, which may be less than was asked
};
struct DeviceCode {
  std::string device_code;  // secret
  std::string user_code;    // "WDJB-MJHT", for the person to type
  std::string verification_uri;
  std::int64_t expires_in_s = 900;
  std::int64_t interval_s = 5;
};

struct OAuthSettings {
  std::string web_url = "https://github.com";
  std::string api_url = "https://api.github.com";
  std::string client_id, client_secret;
  async::Milliseconds request_ms{30'000};
  std::function<void(const std::string& secret)> on_secret = {};
};

struct AuthorizeQuestion {
  std::string state, code_challenge, redirect_uri;
  std::string scope;            // "" asks for public data only
  bool choose_account = false;  // asks who it is, even of somebody who is signed in
};

// GitHub's OAuth endpoints for OAuth Apps and GitHub Apps. Nothing is sent twice by itself: codes
// and refresh tokens die at their first arrival.
class OAuth {
 public:
  OAuth(Client& client, async::Clock& clock, OAuthSettings settings);

  [[nodiscard]] bool configured() const { return !settings_.client_id.empty(); }
  [[nodiscard]] const OAuthSettings& settings() const { return settings_; }
  [[nodiscard]] std::string authorize_url(const AuthorizeQuestion& question) const;

  async::Task<OAuthResult<OAuthGrant>> exchange(std::string code, std::string verifier,
                                                std::string redirect_uri);
  async::Task<OAuthResult<OAuthGrant>> refresh(std::string refresh_token);
  async::Task<OAuthResult<DeviceCode>> start_device(std::string scope);
  // `pending` and `slow_down` are what one waits with. After `slow_down`, `interval_s` is the new
  // one.
  struct DevicePoll {
    OAuthGrant grant;
    std::int64_t interval_s = 0;  // 0: not said; `slow_down` adds 5 to the one before
  };
  async::Task<OAuthResult<DevicePoll>> poll_device(std::string device_code);
  // Ends all tokens of this user for our app, or just this one. An app that was revoked already is
  // `ok`: 404 and 422.
  async::Task<OAuthResult<OAuthNothing>> revoke_grant(std::string access_token);
  async::Task<OAuthResult<OAuthNothing>> revoke_token(std::string access_token);

 private:
  Client& client_;
  async::Clock& clock_;
  OAuthSettings settings_;
};

// Whose token it is, from the answer to GET /user.
struct Identity {
  std::uint64_t id = 0;
  std::string login;
  std::int64_t created_s = 0;
  std::string scopes;  // X-OAuth-Scopes: "repo, read:user"; empty for GitHub Apps
};
// Empty optional and a reason when the answer does not say.
struct IdentityReading {
  bool ok = false;
  std::string problem;
  Identity identity;
};
[[nodiscard]] IdentityReading read_identity(const Answer& answer);
// Scopes as a list, whether written "repo,read:user" or "repo read:user": does it hold `wanted`?
[[nodiscard]] bool has_scope(std::string_view scopes, std::string_view wanted);

}  // namespace tidemark::http::github
