#include <algorithm>
#include <boost/json/array.hpp>

#include "tests/simulators/github/credentials.hpp"
#include "tests/simulators/moment.hpp"
#include "tests/simulators/openhumans.hpp"
#include "tests/simulators/openhumans/answers.hpp"
#include "tests/simulators/sign_in/page.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

// By Basic authentication or in the body.
bool right_client(const http::Request& request, const http::Form& form,
                  const OpenHumansSettings& settings) {
  if (auto header = request.headers.find("Authorization")) {
    return is_basic_client(*header, settings.client_id, settings.client_secret);
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

OpenHumansPair& OpenHumansSimulator::add_pair(OpenHumansMember& member, async::WallTime now,
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

http::Response OpenHumansSimulator::token(Step& step) {
  if (step.request.method != "POST") return only_post();
  if (!step.query.empty()) return shapes::html(400);
  http::Form form = posted_fields(step.request);
  auto grant = http::form_value(form, "grant_type");
  if (grant != "refresh_token" && grant != "authorization_code" && grant != "client_credentials") {
    return shapes::oauth(400, "unsupported_grant_type");
  }
  // What is missing is said before the client is looked at.
  if (grant == "authorization_code" && !http::form_value(form, "code")) {
    return shapes::oauth(400, "invalid_request", "Missing code parameter.");
  }
  if (grant == "refresh_token" && !http::form_value(form, "refresh_token")) {
    return shapes::oauth(400, "invalid_request", "Missing refresh token parameter.");
  }
  if (!right_client(step.request, form, settings_)) return shapes::oauth(401, "invalid_client");
  if (grant == "client_credentials") return shapes::oauth(400, "unauthorized_client");
  if (grant == "authorization_code") return exchange_code(step, form);
  return refresh(step, form);
}

http::Response OpenHumansSimulator::exchange_code(Step& step, const http::Form& form) {
  std::string given = field_of(form, "code");
  Code* code = nullptr;
  for (Code& each : codes_) {
    bool alive = !each.used && step.now_ms < each.made_ms + settings_.code_lifetime_s * 1000;
    if (alive && each.text == given) code = &each;
  }
  if (code == nullptr) return shapes::oauth(settings_.invalid_grant_status, "invalid_grant");
  auto verifier = http::form_value(form, "code_verifier");
  if (!code->challenge.text.empty() && !verifier) {
    return shapes::oauth(400, "invalid_request", "Code verifier required.");
  }
  if (!code->challenge.met_by(verifier.value_or(""))) {
    return shapes::oauth(settings_.invalid_grant_status, "invalid_grant");
  }
  auto uri = http::form_value(form, "redirect_uri");
  bool one_registered = split_words(settings_.redirect_uris).size() <= 1;
  if (uri ? *uri != code->redirect_uri : !one_registered) {
    return shapes::oauth(400, "invalid_request", "Mismatching redirect URI.");
  }
  code->used = true;
  OpenHumansPair& made = add_pair(*code->member, wall_time(step.now_ms));
  if (!code->scope.empty()) made.scope = code->scope;
  return pair_answer(step, made);
}

http::Response OpenHumansSimulator::refresh(Step& step, const http::Form& form) {
  std::string given = field_of(form, "refresh_token");
  OpenHumansPair* old = nullptr;
  for (OpenHumansPair& each : pairs_) {
    if (each.refresh == given) old = &each;
  }
  OpenHumansPair* made = nullptr;
  if (old != nullptr) old->used = true;
  if (old != nullptr && !old->revoked) {
    old->revoked = true;  // both old tokens die at once
    made = &add_pair(*old->member, wall_time(step.now_ms));
    made->scope = http::form_value(form, "scope").value_or(old->scope);  // a narrow scope sticks
    old->successor = made;
    old->replaced_ms = step.now_ms;
  } else if (old != nullptr && old->successor != nullptr && !old->successor->revoked &&
             step.now_ms < old->replaced_ms + settings_.same_pair_ms) {
    made = old->successor;
  }
  if (made == nullptr) return shapes::oauth(settings_.invalid_grant_status, "invalid_grant");
  return pair_answer(step, *made);
}

http::Response OpenHumansSimulator::pair_answer(Step& step, OpenHumansPair& pair) {
  step.member = pair.member;
  step.issued = &pair;
  pair.issued = true;
  http::Response response =
      shapes::json(200, json::object{{"access_token", pair.access},
                                     {"expires_in", settings_.access_lifetime_s},
                                     {"token_type", "Bearer"},
                                     {"scope", pair.scope},
                                     {"refresh_token", pair.refresh}});
  response.headers.set("Cache-Control", "no-store");
  return response;
}

LostPairs OpenHumansSimulator::lost_pairs() const {
  std::map<std::string, std::vector<PairState>> of_member;
  for (const OpenHumansPair& each : pairs_) {
    of_member[each.member->id].push_back({each.issued, each.used, each.cut, each.revoked});
  }
  LostPairs lost;
  for (const auto& [id, pairs] : of_member) lost.count(pairs);
  return lost;
}

LiveTokens OpenHumansSimulator::live_tokens(const std::string& member_id) const {
  LiveTokens live;
  for (const OpenHumansPair& each : pairs_) {
    if (each.member->id == member_id) live.count({each.issued, each.used, each.cut, each.revoked});
  }
  return live;
}

bool OpenHumansSimulator::is_live(std::string_view text) const {
  return std::any_of(pairs_.begin(), pairs_.end(), [&](const OpenHumansPair& each) {
    return !each.revoked && (each.access == text || each.refresh == text);
  });
}

http::Response OpenHumansSimulator::revoke(Step& step) {
  if (step.request.method != "POST") return only_post();
  http::Form form = http::decode_form(step.request.body).value_or(http::Form{});
  if (!right_client(step.request, form, settings_)) return shapes::oauth(401, "invalid_client");
  auto given = http::form_value(form, "token");
  for (OpenHumansPair& each : pairs_) {
    if (!given || (each.access != *given && each.refresh != *given)) continue;
    each.revoked = each.used = true;
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
  for (OpenHumansPair& each : pairs_) {
    if (each.access != *given || each.revoked) continue;
    each.used = true;
    step.member = each.member;
    if (step.now_ms >= each.expires_ms) return refuse("Expired token.", false);
    return std::nullopt;
  }
  return refuse("Invalid token.", true);
}

}  // namespace tidemark::simulators
