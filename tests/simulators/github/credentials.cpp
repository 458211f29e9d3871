#include "tests/simulators/github/credentials.hpp"

#include <algorithm>
#include <utility>

namespace tidemark::simulators {

namespace {

constexpr std::int64_t code_lifetime_s = 600;
constexpr std::size_t tokens_alike_most = 10;

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
  token.refresh_until_s = now_s + refresh_lifetime_s;
  return token;
}

GithubToken* Credentials::refresh(std::string_view refresh_token, std::int64_t now_s) {
  for (GithubToken& each : tokens_) {
    if (each.refresh.empty() || each.refresh != refresh_token) continue;
    each.used = true;
    if (each.revoked || now_s >= each.refresh_until_s) continue;
    each.revoked = true;
    return &add_expiring(*each.account, now_s);
  }
  return nullptr;
}

bool Credentials::revoke(std::string_view text) {
  bool found = false;
  for (GithubToken& each : tokens_) {
    if (each.text != text) continue;
    each.revoked = each.used = true;
    found = true;
  }
  return found;
}

void Credentials::revoke_all(const Account& account) {
  for (GithubToken& each : tokens_) {
    if (each.account == &account) each.revoked = true;
  }
  grants_.erase(&account);
}

GithubCode& Credentials::add_code(const Account& account, std::int64_t now_s, std::string scopes) {
  while (!codes_.empty() && now_s > codes_.front().made_s + code_lifetime_s) codes_.pop_front();
  GithubCode& code = codes_.emplace_back();
  code.text = hex_digest("SHA256", "code" + std::to_string(++made_)).substr(0, 20);
  code.account = &account;
  code.scopes = std::move(scopes);
  code.made_s = now_s;
  return code;
}

GithubCode* Credentials::find_code(std::string_view text, std::int64_t now_s) {
  for (GithubCode& each : codes_) {
    bool alive = !each.used && now_s <= each.made_s + code_lifetime_s;
    if (alive && each.text == text) return &each;
  }
  return nullptr;
}

GithubToken& Credentials::issue(const Account& account, std::int64_t now_s, std::string scopes) {
  GithubToken& made =
      github_app ? add_expiring(account, now_s) : add_token(account, {}, std::move(scopes));
  made.issued = true;
  if (github_app) return made;
  std::vector<GithubToken*> alike;
  for (GithubToken& each : tokens_) {
    bool same = each.account == &account && each.refresh.empty() && each.scopes == made.scopes;
    if (same && !each.revoked) alike.push_back(&each);
  }
  if (alike.size() > tokens_alike_most) alike.front()->revoked = true;
  return made;
}

GithubToken* Credentials::find_token(std::string_view text, std::int64_t now_s) {
  for (GithubToken& each : tokens_) {
    bool alive = !each.revoked && (each.expires_s == 0 || now_s < each.expires_s);
    if (!alive || each.text != text) continue;
    each.used = true;
    return &each;
  }
  return nullptr;
}

std::optional<std::set<std::string>> Credentials::granted(const Account& account) const {
  auto found = grants_.find(&account);
  if (found == grants_.end()) return std::nullopt;
  return found->second;
}

void Credentials::grant(const Account& account, const std::vector<std::string>& scopes) {
  grants_[&account].insert(scopes.begin(), scopes.end());
}

LostPairs Credentials::lost_pairs() const {
  std::map<const Account*, std::vector<PairState>> of_account;
  for (const GithubToken& each : tokens_) {
    of_account[each.account].push_back({each.issued, each.used, each.cut, each.revoked});
  }
  LostPairs lost;
  for (const auto& [account, pairs] : of_account) lost.count(pairs);
  return lost;
}

bool Credentials::has_token(const Account& account) const {
  return std::any_of(tokens_.begin(), tokens_.end(),
                     [&](const GithubToken& each) { return each.account == &account; });
}

LiveTokens Credentials::live_tokens(std::string_view login) const {
  LiveTokens live;
  for (const GithubToken& each : tokens_) {
    if (each.account->login == login) live.count({each.issued, each.used, each.cut, each.revoked});
  }
  return live;
}

bool Credentials::is_live(std::string_view text) const {
  return std::any_of(tokens_.begin(), tokens_.end(), [&](const GithubToken& each) {
    return !each.revoked && (each.text == text || each.refresh == text);
  });
}

Caller Credentials::caller(const http::Headers& headers, const std::string& address,
                           std::int64_t now_s) {
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
  const GithubToken* token = text ? find_token(*text, now_s) : nullptr;
  if (token != nullptr) {
    caller.kind = Caller::Kind::user;
    caller.token = token;
    caller.owner = "user:" + std::to_string(token->account->database_id);
  }
  return caller;
}

}  // namespace tidemark::simulators
