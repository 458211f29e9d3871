#include <array>
#include <charconv>
#include <utility>

#include "http/excerpt.hpp"
#include "http/github/oauth_answers.hpp"
#include "http/json_document.hpp"

namespace tidemark::http::github {
namespace {

constexpr std::array<std::pair<std::string_view, OAuthOutcome>, 15> outcomes = {{
    {"bad_verification_code", OAuthOutcome::bad_code},
    {"bad_refresh_token", OAuthOutcome::bad_refresh},
    {"incorrect_client_credentials", OAuthOutcome::bad_client},
    {"invalid_client", OAuthOutcome::bad_client},
    {"redirect_uri_mismatch", OAuthOutcome::bad_redirect},
    {"unverified_user_email", OAuthOutcome::unverified_mail},
    {"authorization_pending", OAuthOutcome::pending},
    {"slow_down", OAuthOutcome::slow_down},
    {"expired_token", OAuthOutcome::expired},
    {"access_denied", OAuthOutcome::denied},
    {"device_flow_disabled", OAuthOutcome::device_disabled},
    // RFC 6749, 4.1.2.1.
    {"server_error", OAuthOutcome::transient},
    {"temporarily_unavailable", OAuthOutcome::transient},
    // To an unknown client id, with status 404.
    {"Not Found", OAuthOutcome::bad_client},
    {"not_found", OAuthOutcome::bad_client},
}};

OAuthOutcome outcome_of(std::string_view error, OAuthOutcome of_invalid_grant) {
  if (error == "invalid_grant") return of_invalid_grant;
  for (const auto& [word, outcome] : outcomes) {
    if (word == error) return outcome;
  }
  return OAuthOutcome::rejected;
}

bool has_type(const Response& response, std::string_view type) {
  const auto header = response.headers.find("content-type");
  return header && contains_ignoring_case(*header, type);
}

bool is_transient_status(unsigned status) {
  return status >= 500 || status == 408 || status == 425 || status == 429;
}

bool means_something(const OAuthFields& fields) {
  return fields.has("error") || fields.has("access_token") || fields.has("device_code");
}

// Nothing when the body is neither JSON nor a form with a field that we know.
std::optional<OAuthFields> fields_of(const Response& response) {
  JsonDocument document = parse_json(response.body);
  if (document.ok()) {
    if (!document.value.is_object()) return std::nullopt;
    return OAuthFields(std::move(document.value));
  }
  if (has_type(response, "json")) return std::nullopt;
  std::optional<Form> form = decode_form(response.body);
  if (!form) return std::nullopt;
  OAuthFields fields(std::move(*form));
  if (!means_something(fields)) return std::nullopt;
  return fields;
}

std::string words_of(const OAuthFields& fields) {
  std::string words = fields.text("error").value_or("an error without a name");
  if (const auto description = fields.text("error_description")) words += ": " + *description;
  return words;
}

OAuthVerdict judge_failure(const Response& response) {
  const unsigned status = response.status;
  if (status == 401) return {OAuthOutcome::bad_client, "client id or secret are wrong", {}};
  if (status == 404) {
    return {OAuthOutcome::rejected, "there is no such address: check github.web_url", {}};
  }
  if (status >= 300 && status <= 399) {
    return {
        OAuthOutcome::rejected, "a redirect: check github.web_url, https and host as they are", {}};
  }
  if (status < 300) {
    return {OAuthOutcome::transient, "success, but not the 200 that belongs here", {}};
  }
  return {OAuthOutcome::rejected, response.body, {}};
}

}  // namespace

std::string_view name_of(OAuthOutcome outcome) {
  switch (outcome) {
    case OAuthOutcome::ok: return "ok";
    case OAuthOutcome::bad_code: return "bad code";
    case OAuthOutcome::bad_refresh: return "bad refresh token";
    case OAuthOutcome::bad_client: return "bad client";
    case OAuthOutcome::bad_redirect: return "bad redirect";
    case OAuthOutcome::unverified_mail: return "unverified mail";
    case OAuthOutcome::pending: return "pending";
    case OAuthOutcome::slow_down: return "slow down";
    case OAuthOutcome::expired: return "expired";
    case OAuthOutcome::denied: return "denied";
    case OAuthOutcome::device_disabled: return "device flow disabled";
    case OAuthOutcome::rejected: return "rejected";
    case OAuthOutcome::transient: return "transient";
  }
  return "unknown outcome";
}

bool OAuthFields::has(std::string_view name) const {
  if (const auto* object = json_.if_object()) {
    const boost::json::value* value = object->if_contains(name);
    return value != nullptr && !value->is_null();
  }
  return form_value(form_, name).has_value();
}

std::optional<std::string> OAuthFields::text(std::string_view name) const {
  const auto* object = json_.if_object();
  const auto value = object ? string_member(*object, name) : form_value(form_, name);
  if (!value) return std::nullopt;
  return std::string(*value);
}

std::optional<std::uint64_t> OAuthFields::number(std::string_view name) const {
  if (const auto* object = json_.if_object()) {
    if (const auto number = unsigned_member(*object, name)) return number;
  }
  const std::optional<std::string> digits = text(name);
  if (!digits) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = digits->data() + digits->size();
  const auto [stopped, error] = std::from_chars(digits->data(), end, number);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return number;
}

OAuthVerdict judge_oauth(const Response& response, OAuthOutcome of_invalid_grant) {
  if (is_transient_status(response.status)) {
    return {OAuthOutcome::transient, "a fault of the server, or too many requests", {}};
  }
  if (response.status >= 300 && response.status <= 399) return judge_failure(response);
  if (has_type(response, "text/html")) {
    if (response.status == 404) return judge_failure(response);
    return {OAuthOutcome::transient, "a page where JSON belongs", {}};
  }
  std::optional<OAuthFields> fields = fields_of(response);
  if (fields && fields->has("error")) {
    const std::string error = fields->text("error").value_or("");
    return {outcome_of(error, of_invalid_grant), words_of(*fields), std::move(*fields)};
  }
  if (response.status != 200) return judge_failure(response);
  if (!fields) {
    // Not the body itself: half a success holds a token.
    return {OAuthOutcome::transient, "the body is neither JSON nor a form that says something", {}};
  }
  return {OAuthOutcome::ok, {}, std::move(*fields)};
}

OAuthVerdict judge_revocation(const Response& response) {
  const unsigned status = response.status;
  if (status == 204 || status == 404 || status == 422) return {};
  if (is_transient_status(status)) {
    return {OAuthOutcome::transient, "a fault of the server, or too many requests", {}};
  }
  if (status >= 300 && status <= 399) {
    return {
        OAuthOutcome::rejected, "a redirect: check github.api_url, https and host as they are", {}};
  }
  if (status != 401 && status >= 400 && has_type(response, "text/html")) {
    return {OAuthOutcome::transient, "a page where JSON belongs", {}};
  }
  return judge_failure(response);
}

}  // namespace tidemark::http::github
