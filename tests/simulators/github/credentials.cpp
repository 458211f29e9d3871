#include "tests/simulators/github/credentials.hpp"

#include <utility>

namespace tidemark::simulators {

namespace {

constexpr std::int64_t code_lifetime_s = 600;

}  // namespace

std::optional<std::string_view> after_scheme(std::string_view header, std::string_view scheme) {
  if (header.size() <= scheme.size() || header[scheme.size()] != ' ') return std::nullopt;
  if (!http::equals_ignoring_case(header.substr(0, scheme.size()), scheme)) return std::nullopt;
  std::string_view rest = header.substr(scheme.size() + 1);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  return rest;
}

std::string Credentials::make_text(std::string_view prefix) {
  ++made_;
  return std::string(prefix) + "_" +
         hex_digest("SHA256", std::string(prefix) + std::to_string(made_)).substr(0, 36);
}

GithubToken& Credentials::add_token(const Account& account, std::string text, std::string scopes) {
  GithubToken& token = tokens_.emplace_back();
  token.text = text.empty() ? make_text("gho") : std::move(text);
  token.account = &account;
  token.scopes = std::move(scopes);
  return token;
}

GithubToken& Credentials::add_expiring(const Account& account, std::int64_t now_s) {
  GithubToken& token = tokens_.emplace_back();
  token.text = make_text("ghu");
  token.refresh = make_text("ghr");
  token.account = &account;
  token.expires_s = now_s + access_lifetime_s;
  return token;
}

GithubToken* Credentials::refresh(std::string_view refresh_token, std::int64_t now_s) {
  for (GithubToken& each : tokens_) {
    if (each.revoked || each.refresh.empty() || each.refresh != refresh_token) continue;
    each.revoked = true;
    return &add_expiring(*each.account, now_s);
  }
  return nullptr;
}

bool Credentials::revoke(std::string_view text) {
  bool found = false;
  for (GithubToken& each : tokens_) {
    if (each.text != text) continue;
    each.revoked = true;
    found = true;
  }
  return found;
}

void Credentials::revoke_all(const Account& account) {
  for (GithubToken& each : tokens_) {
    if (each.account == &account) each.revoked = true;
  }
}

std::string Credentials::add_code(const Account& account, std::int64_t now_s, std::string scopes) {
  std::string text = hex_digest("SHA256", "code" + std::to_string(++made_)).substr(0, 20);
  codes_.push_back(Code{text, &account, std::move(scopes), now_s, false});
  return text;
}

GithubToken* Credentials::exchange(std::string_view code, std::int64_t now_s) {
  for (Code& each : codes_) {
    if (each.text != code || each.used || now_s > each.made_s + code_lifetime_s) continue;
    each.used = true;
    return &add_token(*each.account, {}, each.scopes);
  }
  return nullptr;
}

Caller Credentials::caller(const http::Headers& headers, const std::string& address,
                           std::int64_t now_s) const {
  Caller caller;
  caller.owner = "anonymous:" + address;
  auto header = headers.find("Authorization");
  if (!header) return caller;
  if (auto basic = after_scheme(*header, "Basic")) {
    bool right = *basic == base64(client_id + ":" + client_secret, false);
    caller.kind = right ? Caller::Kind::app : Caller::Kind::bad;
    if (right) caller.owner = "app:" + client_id;
    return caller;
  }
  auto text = after_scheme(*header, "Bearer");
  if (!text) text = after_scheme(*header, "token");
  caller.kind = Caller::Kind::bad;
  for (const GithubToken& each : tokens_) {
    bool alive = !each.revoked && (each.expires_s == 0 || now_s < each.expires_s);
    if (!text || each.text != *text || !alive) continue;
    caller.kind = Caller::Kind::user;
    caller.token = &each;
    caller.owner = "user:" + std::to_string(each.account->database_id);
  }
  return caller;
}

}  // namespace tidemark::simulators
