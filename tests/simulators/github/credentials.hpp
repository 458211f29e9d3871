#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

struct GithubToken {
  std::string text;
  std::string refresh;  // of ghu_ tokens
  const Account* account = nullptr;
  std::string scopes;
  std::int64_t expires_s = 0;  // 0: never
  bool revoked = false;
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

  // An OAuth app's token (gho_): no end. `text` empty: one is made.
  GithubToken& add_token(const Account& account, std::string text = {}, std::string scopes = {});
  // A GitHub App's token (ghu_) with its refresh token (ghr_).
  GithubToken& add_expiring(const Account& account, std::int64_t now_s);
  // Kills the pair that the refresh token belongs to and makes the next; nullptr: no such token.
  GithubToken* refresh(std::string_view refresh_token, std::int64_t now_s);
  bool revoke(std::string_view text);
  void revoke_all(const Account& account);

  // A code of the web flow: once, within ten minutes.
  std::string add_code(const Account& account, std::int64_t now_s, std::string scopes = {});
  GithubToken* exchange(std::string_view code, std::int64_t now_s);

  [[nodiscard]] Caller caller(const http::Headers& headers, const std::string& address,
                              std::int64_t now_s) const;

 private:
  struct Code {
    std::string text;
    const Account* account = nullptr;
    std::string scopes;
    std::int64_t made_s = 0;
    bool used = false;
  };
  std::string make_text(std::string_view prefix);

  std::deque<GithubToken> tokens_;
  std::deque<Code> codes_;
  std::uint64_t made_ = 0;
};

// What follows "Bearer " (or another scheme, in any case) in an Authorization header.
[[nodiscard]] std::optional<std::string_view> after_scheme(std::string_view header,
                                                           std::string_view scheme);

}  // namespace tidemark::simulators
