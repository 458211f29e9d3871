#include <boost/json/array.hpp>

#include "tests/simulators/github/credentials.hpp"
#include "tests/simulators/openhumans.hpp"
#include "tests/simulators/openhumans/answers.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

// By Basic authentication or in the body.
bool right_client(const http::Request& request, const http::Form& form,
                  const OpenHumansSettings& settings) {
  if (auto header = request.headers.find("Authorization")) {
    auto basic = after_scheme(*header, "Basic");
    return basic && *basic == base64(settings.client_id + ":" + settings.client_secret, false);
  }
  return http::form_value(form, "client_id") == settings.client_id &&
         http::form_value(form, "client_secret") == settings.client_secret;
}

http::Response only_post() {
  http::Response response = shapes::html(405);
  response.headers.set("Allow", "POST, OPTIONS");
  return response;
}

}  // namespace

const OpenHumansPair& OpenHumansSimulator::add_pair(OpenHumansMember& member, async::WallTime now,
                                                    std::string access, std::string refresh) {
  OpenHumansPair& pair = pairs_.emplace_back();
  pair.access = access.empty() ? make_text(30) : std::move(access);
  pair.refresh = refresh.empty() ? make_text(30) : std::move(refresh);
  pair.member = &member;
  pair.expires_ms = now.time_since_epoch().count() + settings_.access_lifetime_s * 1000;
  return pair;
}

void OpenHumansSimulator::expire_access_tokens() {
  for (OpenHumansPair& each : pairs_) each.expires_ms = 0;
}

void OpenHumansSimulator::leave(const std::string& member_id) {
  for (OpenHumansPair& each : pairs_) {
    if (each.member->id == member_id) each.revoked = true;
  }
  if (OpenHumansMember* member = find_member(member_id)) member->left = true;
}

http::Response OpenHumansSimulator::token(Step& step) {
  if (step.request.method != "POST") return only_post();
  if (!step.query.empty()) return shapes::html(400);
  auto type = step.request.headers.find("Content-Type");
  bool is_form = type && type->find("x-www-form-urlencoded") != std::string_view::npos;
  http::Form form;
  if (is_form) form = http::decode_form(step.request.body).value_or(http::Form{});
  auto grant = http::form_value(form, "grant_type");
  if (grant != "refresh_token" && grant != "authorization_code" && grant != "client_credentials") {
    return shapes::oauth(400, "unsupported_grant_type");
  }
  if (!right_client(step.request, form, settings_)) return shapes::oauth(401, "invalid_client");
  if (grant == "client_credentials") return shapes::oauth(400, "unauthorized_client");
  if (grant == "authorization_code") {
    // The authorize page comes with the web sign-in; until then no code is right.
    bool given = http::form_value(form, "code").has_value();
    if (given) return shapes::oauth(settings_.invalid_grant_status, "invalid_grant");
    return shapes::oauth(400, "invalid_request", "Missing code parameter.");
  }
  for (const auto& [name, value] : form) step.fields[name] = value;
  return refresh(step);
}

http::Response OpenHumansSimulator::refresh(Step& step) {
  auto given = shapes::text_of(step.fields, "refresh_token");
  if (!given) return shapes::oauth(400, "invalid_request", "Missing refresh token parameter.");
  OpenHumansPair* old = nullptr;
  for (OpenHumansPair& each : pairs_) {
    if (each.refresh == *given) old = &each;
  }
  const OpenHumansPair* made = nullptr;
  if (old != nullptr && !old->revoked) {
    old->revoked = true;  // both old tokens die at once
    made = &add_pair(*old->member, async::WallTime(async::Milliseconds(step.now_ms)));
    old->successor = made;
    old->replaced_ms = step.now_ms;
  } else if (old != nullptr && old->successor != nullptr && !old->successor->revoked &&
             step.now_ms < old->replaced_ms + settings_.same_pair_ms) {
    made = old->successor;
  }
  if (made == nullptr) return shapes::oauth(settings_.invalid_grant_status, "invalid_grant");
  step.member = made->member;
  http::Response response = shapes::json(
      200, json::object{{"access_token", made->access},
                        {"expires_in", settings_.access_lifetime_s},
                        {"token_type", "Bearer"},
                        {"scope", "read write american-gut go-viral pgp wildlife open-humans"},
                        {"refresh_token", made->refresh}});
  response.headers.set("Cache-Control", "no-store");
  return response;
}

http::Response OpenHumansSimulator::revoke(Step& step) {
  if (step.request.method != "POST") return only_post();
  http::Form form = http::decode_form(step.request.body).value_or(http::Form{});
  if (!right_client(step.request, form, settings_)) return shapes::oauth(401, "invalid_client");
  auto given = http::form_value(form, "token");
  for (OpenHumansPair& each : pairs_) {
    if (given && (each.access == *given || each.refresh == *given)) each.revoked = true;
  }
  return http::Response{200, {}, {}};
}

std::optional<http::Response> OpenHumansSimulator::authenticate(Step& step) {
  auto refuse = [](std::string_view text, bool unknown) {
    http::Response response = shapes::detail(401, text);
    std::string challenge = "Bearer realm=\"api\"";
    if (unknown) {
      challenge += ",error=\"invalid_token\",error_description=\"The access token is invalid.\"";
    }
    response.headers.set("WWW-Authenticate", challenge);
    return response;
  };
  std::optional<std::string> given;
  if (auto header = step.request.headers.find("Authorization")) {
    auto token_text = after_scheme(*header, "Bearer");
    if (token_text) given = std::string(*token_text);
  }
  // The query parameter overrides the header.
  auto in_query = http::form_value(step.query, "access_token");
  if (in_query) given = std::string(*in_query);
  if (!given) return refuse("Authentication credentials were not provided.", false);
  if (!settings_.master_token.empty() && *given == settings_.master_token) {
    step.master = true;
    return std::nullopt;
  }
  for (const OpenHumansPair& each : pairs_) {
    if (each.access != *given || each.revoked) continue;
    step.member = each.member;
    if (step.now_ms >= each.expires_ms) return refuse("Expired token.", false);
    return std::nullopt;
  }
  return refuse("Invalid token.", true);
}

}  // namespace tidemark::simulators
