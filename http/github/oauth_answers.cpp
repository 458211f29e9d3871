#include "http/github/oauth_answers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "http/excerpt.hpp"
#include "http/header_value.hpp"
#include "http/iso_time.hpp"
#include "http/json_document.hpp"

namespace tidemark::http::github {
namespace {

// Tokens are opaque and grow: 40 letters once, 520 today. No server takes a header of this size.
constexpr std::size_t token_bytes_max = 16 * 1024;
constexpr std::uint64_t seconds_max = 100ULL * 366 * 86'400;

template <class Value>
OAuthResult<Value> absurd(std::string what) {
  return {OAuthOutcome::transient, "an answer without sense: " + std::move(what), {}};
}

// Empty when the text may be sent back as a token.
std::string token_problem(const std::string& token) {
  if (token.empty()) return "is empty";
  if (token.size() > token_bytes_max) return "is longer than any header may be";
  if (!is_header_safe(token)) return "holds bytes that no token has";
  return {};
}

// Empty when the number is fit, or not there and not needed.
std::string seconds_problem(const OAuthFields& fields, std::string_view name,
                            std::int64_t& seconds) {
  if (!fields.has(name)) return {};
  const auto number = fields.number(name);
  if (!number || *number > seconds_max) return fmt::format("{} is not a number of seconds", name);
  seconds = static_cast<std::int64_t>(*number);
  return {};
}

IdentityReading unreadable(std::string problem) { return {false, std::move(problem), {}}; }

// What GitHub leaves out of the list because a wider scope holds it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> wider_scopes = {{
    {"read:user", "user"},
    {"user:email", "user"},
    {"user:follow", "user"},
    {"public_repo", "repo"},
    {"repo:status", "repo"},
    {"repo_deployment", "repo"},
    {"repo:invite", "repo"},
    {"security_events", "repo"},
    {"read:org", "write:org"},
    {"read:org", "admin:org"},
    {"write:org", "admin:org"},
}};

bool lists(std::string_view scopes, std::string_view wanted) {
  while (!scopes.empty()) {
    const std::string_view scope = scopes.substr(0, scopes.find_first_of(", "));
    scopes.remove_prefix(std::min(scopes.size(), scope.size() + 1));
    if (!scope.empty() && scope == wanted) return true;
  }
  return false;
}

}  // namespace

OAuthResult<OAuthGrant> read_oauth_grant(const OAuthFields& fields) {
  OAuthGrant grant;
  grant.access = fields.text("access_token").value_or("");
  if (const auto problem = token_problem(grant.access); !problem.empty()) {
    return absurd<OAuthGrant>("the access_token " + problem);
  }
  if (fields.has("refresh_token")) {
    grant.refresh = fields.text("refresh_token").value_or("");
    // In a form, "refresh_token=" is the way to say that there is none.
    const auto problem = grant.refresh.empty() ? std::string() : token_problem(grant.refresh);
    if (!problem.empty()) return absurd<OAuthGrant>("the refresh_token " + problem);
  }
  const std::string type = fields.text("token_type").value_or("bearer");
  if (!equals_ignoring_case(type, "bearer")) {
    return absurd<OAuthGrant>(
        fmt::format("the token is a \"{}\", not a bearer", excerpt(type, 40)));
  }
  // The code or the old pair is dead by now: a token is not thrown away over its lifetime.
  (void)seconds_problem(fields, "expires_in", grant.expires_in_s);
  grant.scope = fields.text("scope").value_or("");
  return {OAuthOutcome::ok, {}, std::move(grant)};
}

OAuthResult<DeviceCode> read_device_code(const OAuthFields& fields) {
  constexpr std::size_t user_code_letters_max = 32;
  DeviceCode code;
  code.device_code = fields.text("device_code").value_or("");
  if (const auto problem = token_problem(code.device_code); !problem.empty()) {
    return absurd<DeviceCode>("the device_code " + problem);
  }
  code.user_code = fields.text("user_code").value_or("");
  if (code.user_code.empty() || code.user_code.size() > user_code_letters_max ||
      !is_header_safe(code.user_code)) {
    return absurd<DeviceCode>("the user_code is nothing that a person could type");
  }
  code.verification_uri = fields.text("verification_uri").value_or("");
  if (!is_header_safe(code.verification_uri) || !parse_url(code.verification_uri)) {
    return absurd<DeviceCode>("the verification_uri is no address");
  }
  std::string problem = seconds_problem(fields, "expires_in", code.expires_in_s);
  if (problem.empty()) problem = seconds_problem(fields, "interval", code.interval_s);
  if (!problem.empty()) return absurd<DeviceCode>(problem);
  code.interval_s = std::max<std::int64_t>(code.interval_s, 1);
  return {OAuthOutcome::ok, {}, std::move(code)};
}

IdentityReading read_identity(const Answer& answer) {
  constexpr std::size_t login_letters_max = 100;
  if (answer.outcome != Outcome::ok) return unreadable(answer.message);
  const boost::json::object* user = answer.json.if_object();
  if (user == nullptr) return unreadable("the answer about the user is not an object");
  IdentityReading reading;
  reading.identity.id = unsigned_member(*user, "id").value_or(0);
  if (reading.identity.id == 0) return unreadable("the user has no numeric id");
  reading.identity.login = string_member(*user, "login").value_or("");
  const std::string& login = reading.identity.login;
  if (login.empty() || login.size() > login_letters_max || !is_header_safe(login)) {
    return unreadable("the user has no login that could be one");
  }
  const auto created_s = parse_iso_time(string_member(*user, "created_at").value_or(""));
  if (!created_s) return unreadable("the answer does not say since when the user is there");
  reading.identity.created_s = *created_s;
  const auto scopes = answer.exchanged.response.headers.find("X-OAuth-Scopes");
  reading.identity.scopes = scopes.value_or("");
  reading.ok = true;
  return reading;
}

bool has_scope(std::string_view scopes, std::string_view wanted) {
  if (lists(scopes, wanted)) return true;
  return std::ranges::any_of(wider_scopes, [&](const auto& entry) {
    return entry.first == wanted && lists(scopes, entry.second);
  });
}

}  // namespace tidemark::http::github
