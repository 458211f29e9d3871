#include "http/github/oauth.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "http/basic_authorization.hpp"
#include "http/excerpt.hpp"
#include "http/github/oauth_answers.hpp"

namespace tidemark::http::github {
namespace {

constexpr std::size_t answer_bytes_max = 256 * 1024;

void normalize(std::string& url, std::string_view setting, std::string_view example) {
  while (url.ends_with('/')) url.pop_back();
  if (!parse_url(url)) {
    throw std::invalid_argument(fmt::format("{} is \"{}\": write an absolute address such as {}",
                                            setting, excerpt(url), example));
  }
}

OAuthSettings normalized(OAuthSettings settings) {
  normalize(settings.web_url, "github.web_url", "https://github.com");
  normalize(settings.api_url, "github.api_url", "https://api.github.com");
  return settings;
}

// One request. What is secret in it is kept out of every message. Tokens are told before they are
// sent; codes and verifiers are not, because anybody may bring us one.
struct Call {
  std::string what;  // for messages: "refresh the token"
  std::string address;
  Request request;
  std::vector<std::string> secrets, tokens;
  // Given to the judge.
  OAuthOutcome of_invalid_grant = OAuthOutcome::rejected;
  bool is_revocation = false;
};

Call form_call(const OAuthSettings& settings, std::string what, std::string_view path,
               const Form& form) {
  Call call;
  call.what = std::move(what);
  call.address = settings.web_url + std::string(path);
  call.request.method = "POST";
  call.request.headers.add("Accept", "application/json");
  call.request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  call.request.body = encode_form(form);
  for (const std::string_view name :
       {"client_secret", "code", "code_verifier", "refresh_token", "device_code"}) {
    if (const auto secret = form_value(form, name)) call.secrets.emplace_back(*secret);
  }
  for (const std::string_view name : {"refresh_token", "device_code"}) {
    if (const auto token = form_value(form, name)) call.tokens.emplace_back(*token);
  }
  return call;
}

Call revocation(const OAuthSettings& settings, std::string what, std::string_view kind,
                const std::string& access_token) {
  Call call;
  call.what = std::move(what);
  call.address = fmt::format("{}/applications/{}/{}", settings.api_url,
                             percent_encode(settings.client_id), kind);
  call.request.method = "DELETE";
  call.request.headers.add("Accept", "application/vnd.github+json");
  call.request.headers.add("Content-Type", "application/json");
  call.request.headers.add("Authorization",
                           basic_authorization(settings.client_id, settings.client_secret));
  boost::json::object body;
  body.emplace("access_token", access_token);
  call.request.body = boost::json::serialize(body);
  call.secrets = {settings.client_secret, access_token};
  call.tokens = {access_token};
  call.is_revocation = true;
  return call;
}

std::string message_of(const Call& call, std::string words, std::string_view where) {
  for (const std::string& secret : call.secrets) hide_secret(words, secret);
  return fmt::format("could not {}: {} ({})", call.what, excerpt(words), where);
}

void tell(const OAuthSettings& settings, const std::string& secret) {
  if (settings.on_secret && !secret.empty()) settings.on_secret(secret);
}

async::Task<OAuthVerdict> ask(Client& client, async::Clock& clock, const OAuthSettings& settings,
                              Call call) {
  for (const std::string& token : call.tokens) tell(settings, token);
  const std::optional<Url> url = parse_url(call.address);
  if (!url) {
    co_return OAuthVerdict{
        OAuthOutcome::rejected, message_of(call, "no address", "check github.web_url"), {}};
  }
  ExchangeOptions options;
  options.deadline = async::Deadline::after(clock, settings.request_ms);
  options.body_bytes_max = answer_bytes_max;
  // Codes and refresh tokens die at their first arrival; a dead token can be revoked again.
  options.idempotent = call.is_revocation;
  const std::string place = excerpt(url->text());
  std::string failed;
  try {
    const Exchanged exchanged = co_await client.exchange(*url, std::move(call.request), options);
    const Response& response = exchanged.response;
    OAuthVerdict verdict = call.is_revocation ? judge_revocation(response)
                                              : judge_oauth(response, call.of_invalid_grant);
    if (verdict.outcome != OAuthOutcome::ok) {
      verdict.words = message_of(call, std::move(verdict.words),
                                 fmt::format("HTTP {} of {}", response.status, place));
    }
    co_return verdict;
  } catch (const TransportError& error) {
    failed = error.what();
  } catch (const async::DeadlinePassed& error) {
    failed = error.what();
  }
  co_return OAuthVerdict{
      OAuthOutcome::transient, message_of(call, std::move(failed), "no answer from " + place), {}};
}

template <class Value>
OAuthResult<Value> failure(const OAuthVerdict& verdict) {
  return {verdict.outcome, verdict.words, {}};
}

OAuthResult<OAuthGrant> grant_of(const OAuthSettings& settings, const OAuthVerdict& verdict,
                                 std::string_view what) {
  if (verdict.outcome != OAuthOutcome::ok) return failure<OAuthGrant>(verdict);
  OAuthResult<OAuthGrant> grant = read_oauth_grant(verdict.fields);
  if (!grant.ok()) grant.message = fmt::format("could not {}: {}", what, grant.message);
  tell(settings, grant.value.access);
  tell(settings, grant.value.refresh);
  return grant;
}

}  // namespace

OAuth::OAuth(Client& client, async::Clock& clock, OAuthSettings settings)
    : client_(client), clock_(clock), settings_(normalized(std::move(settings))) {}

std::string OAuth::authorize_url(const AuthorizeQuestion& question) const {
  Form form = {{"client_id", settings_.client_id},
               {"redirect_uri", question.redirect_uri},
               {"state", question.state},
               {"code_challenge", question.code_challenge},
               {"code_challenge_method", "S256"}};
  if (!question.scope.empty()) form.emplace_back("scope", question.scope);
  if (question.choose_account) form.emplace_back("prompt", "select_account");
  return settings_.web_url + "/login/oauth/authorize?" + encode_form(form);
}

async::Task<OAuthResult<OAuthGrant>> OAuth::exchange(std::string code, std::string verifier,
                                                     std::string redirect_uri) {
  const std::string what = "exchange the code for a token";
  Call call = form_call(settings_, what, "/login/oauth/access_token",
                        {{"client_id", settings_.client_id},
                         {"client_secret", settings_.client_secret},
                         {"grant_type", "authorization_code"},
                         {"code", std::move(code)},
                         {"redirect_uri", std::move(redirect_uri)},
                         {"code_verifier", std::move(verifier)}});
  call.of_invalid_grant = OAuthOutcome::bad_code;
  const OAuthVerdict verdict = co_await ask(client_, clock_, settings_, std::move(call));
  co_return grant_of(settings_, verdict, what);
}

async::Task<OAuthResult<OAuthGrant>> OAuth::refresh(std::string refresh_token) {
  const std::string what = "refresh the member's token";
  Call call = form_call(settings_, what, "/login/oauth/access_token",
                        {{"client_id", settings_.client_id},
                         {"client_secret", settings_.client_secret},
                         {"grant_type", "refresh_token"},
                         {"refresh_token", refresh_token}});
  call.of_invalid_grant = OAuthOutcome::bad_refresh;
  const OAuthVerdict verdict = co_await ask(client_, clock_, settings_, std::move(call));
  OAuthResult<OAuthGrant> grant = grant_of(settings_, verdict, what);
  // RFC 6749, 6: when no new one comes, the old one goes on.
  if (grant.ok() && grant.value.refresh.empty()) grant.value.refresh = std::move(refresh_token);
  co_return grant;
}

async::Task<OAuthResult<DeviceCode>> OAuth::start_device(std::string scope) {
  const std::string what = "get a code for the device";
  Form form = {{"client_id", settings_.client_id}};
  if (!scope.empty()) form.emplace_back("scope", std::move(scope));
  Call call = form_call(settings_, what, "/login/device/code", form);
  const OAuthVerdict verdict = co_await ask(client_, clock_, settings_, std::move(call));
  if (verdict.outcome != OAuthOutcome::ok) co_return failure<DeviceCode>(verdict);
  OAuthResult<DeviceCode> code = read_device_code(verdict.fields);
  if (!code.ok()) code.message = fmt::format("could not {}: {}", what, code.message);
  tell(settings_, code.value.device_code);
  co_return code;
}

async::Task<OAuthResult<OAuth::DevicePoll>> OAuth::poll_device(std::string device_code) {
  const std::string what = "ask whether the device was let in";
  Call call = form_call(settings_, what, "/login/oauth/access_token",
                        {{"client_id", settings_.client_id},
                         {"device_code", std::move(device_code)},
                         {"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}});
  const OAuthVerdict verdict = co_await ask(client_, clock_, settings_, std::move(call));
  OAuthResult<OAuthGrant> grant = grant_of(settings_, verdict, what);
  OAuthResult<DevicePoll> poll{grant.outcome, std::move(grant.message), {}};
  poll.value.grant = std::move(grant.value);
  constexpr std::uint64_t interval_s_max = 3'600;
  poll.value.interval_s = static_cast<std::int64_t>(
      std::min(verdict.fields.number("interval").value_or(0), interval_s_max));
  co_return poll;
}

async::Task<OAuthResult<OAuthNothing>> OAuth::revoke_grant(std::string access_token) {
  Call call = revocation(settings_, "revoke the app's access", "grant", access_token);
  const OAuthVerdict verdict = co_await ask(client_, clock_, settings_, std::move(call));
  co_return failure<OAuthNothing>(verdict);
}

async::Task<OAuthResult<OAuthNothing>> OAuth::revoke_token(std::string access_token) {
  Call call = revocation(settings_, "revoke the token", "token", access_token);
  const OAuthVerdict verdict = co_await ask(client_, clock_, settings_, std::move(call));
  co_return failure<OAuthNothing>(verdict);
}

}  // namespace tidemark::http::github
