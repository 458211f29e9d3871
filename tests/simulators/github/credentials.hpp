#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "tests/simulators/sign_in/authorization.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

struct GithubToken {
  std::string text;
  std::string refresh;  // of ghu_ tokens
  const Account* account = nullptr;
  std::string scopes;
  std::int64_t expires_s = 0;  // 0: never
  std::int64_t refresh_until_s = 0;
  bool revoked = false;
  bool issued = false, used = false, cut = false;  // as in PairState
};

// A code of the web flow: once, within ten minutes.
struct GithubCode {
  std::string text;
  const Account* account = nullptr;
  std::string scopes;
  std::string redirect_uri;  // empty: any is right
  CodeChallenge challenge;
  std::int64_t made_s = 0;
  bool used = false;
};

// Who asks, as far as quota goes: two tokens of one user are one owner.
struct Caller {
  enum class Kind { anonymous, bad, user, app };
  Kind kind = Kind::anonymous;
  const GithubToken* token = nullptr;
  std::string owner;  // of the quota that pays

  [[nodiscard]] const Account* account() const { return token ? token->account : nullptr; }
};

class Credentials {
 public:
  std::string client_id = "Iv1.tidemark", client_secret = "simulated-secret";
  std::int64_t access_lifetime_s = 28800;
  std::int64_t refresh_lifetime_s = 15811200;
  bool github_app = false;  // sign-ins bring ghu_ tokens with an end, not gho_ ones
  bool device_flow = true;
  std::string redirect_uris;  // separated by spaces; empty: any loopback address or https
  std::set<std::string> unverified_logins;  // these have not confirmed their mail address

  // An OAuth app's token (gho_): no end. `text` empty: one is made.
  GithubToken& add_token(const Account& account, std::string text = {}, std::string scopes = {});
  // A GitHub App's token (ghu_) with its refresh token (ghr_).
  GithubToken& add_expiring(const Account& account, std::int64_t now_s);
  // Kills the pair that the refresh token belongs to and makes the next; nullptr: no such token.
  GithubToken* refresh(std::string_view refresh_token, std::int64_t now_s);
  bool revoke(std::string_view text);
  // All tokens of the account, and what it had granted.
  void revoke_all(const Account& account);

  GithubCode& add_code(const Account& account, std::int64_t now_s, std::string scopes = {});
  // nullptr: unknown, used or too old.
  GithubCode* find_code(std::string_view text, std::int64_t now_s);
  // A token as this app gets them. The oldest of more than ten gho_ tokens of a user with the same
  // scopes dies.
  GithubToken& issue(const Account& account, std::int64_t now_s, std::string scopes);
  GithubToken* find_token(std::string_view text, std::int64_t now_s);

  // The scopes an account let us have, so far; nullopt: it never did.
  [[nodiscard]] std::optional<std::set<std::string>> granted(const Account& account) const;
  void grant(const Account& account, const std::vector<std::string>& scopes);

  [[nodiscard]] LostPairs lost_pairs() const;
  [[nodiscard]] bool has_token(const Account& account) const;  // dead ones count too
  [[nodiscard]] LiveTokens live_tokens(std::string_view login) const;
  // A token, or the refresh token of one.
  [[nodiscard]] bool is_live(std::string_view text) const;

  [[nodiscard]] Caller caller(const http::Headers& headers, const std::string& address,
                              std::int64_t now_s);

 private:
  std::string make_text(std::string_view prefix);

  std::deque<GithubToken> tokens_;
  std::deque<GithubCode> codes_;
  std::map<const Account*, std::set<std::string>> grants_;
  std::uint64_t made_ = 0;
};

// What follows "Bearer " (or another scheme, in any case) in an Authorization header.
[[nodiscard]] std::optional<std::string_view> after_scheme(std::string_view header,
                                                           std::string_view scheme);

}  // namespace tidemark::simulators
