// Sign-in: the authorize address and the token endpoint, which know our client id and secret.
#include "http/basic_authorization.hpp"
#include "http/openhumans/api.hpp"
#include "http/openhumans/call.hpp"
#include "http/openhumans/result.hpp"
#include "http/openhumans/values.hpp"

namespace tidemark::http::openhumans {
namespace {

// A code and a refresh token die at their first arrival: a second one would be answered
// invalid_grant, and what the first one brought would be lost.
Call client_call(const ApiSettings& settings, std::string what, const std::string& path) {
  Call call;
  call.what = std::move(what);
  call.method = "POST";
  call.address = settings.url + path;
  call.authorization = basic_authorization(settings.client_id, settings.client_secret);
  call.idempotent = false;
  return call;
}

Result<Grant> grant_of(const ApiSettings& settings, const Verdict& verdict,
                       const std::string& what) {
  Result<Grant> grant = result_of(verdict, what, read_grant);
  tell(settings, grant.value.access);
  tell(settings, grant.value.refresh);
  return grant;
}

}  // namespace

std::string Api::authorize_url(std::string_view state, std::string_view code_challenge,
                               std::string_view redirect_uri) const {
  const Form question = {{"client_id", settings_.client_id},
                         {"response_type", "code"},
                         {"redirect_uri", std::string(redirect_uri)},
                         {"state", std::string(state)},
                         {"code_challenge", std::string(code_challenge)},
                         {"code_challenge_method", "S256"}};
  return settings_.url + "/direct-sharing/projects/oauth2/authorize/?" + encode_form(question);
}

async::Task<Result<Grant>> Api::exchange(std::string code, std::string verifier,
                                         std::string redirect_uri) {
  Call request = client_call(settings_, "exchange the code for tokens", "/oauth2/token/");
  request.form = {{"grant_type", "authorization_code"},
                  {"code", std::move(code)},
                  {"redirect_uri", std::move(redirect_uri)},
                  {"code_verifier", std::move(verifier)}};
  const Verdict verdict =
      co_await call(client_, async::Deadline::after(clock_, settings_.request_ms), request);
  co_return grant_of(settings_, verdict, request.what);
}

async::Task<Result<Grant>> Api::refresh(std::string refresh_token) {
  tell(settings_, refresh_token);
  Call request = client_call(settings_, "refresh the member's token", "/oauth2/token/");
  request.form = {{"grant_type", "refresh_token"}, {"refresh_token", std::move(refresh_token)}};
  const Verdict verdict =
      co_await call(client_, async::Deadline::after(clock_, settings_.request_ms), request);
  co_return grant_of(settings_, verdict, request.what);
}

async::Task<Result<Nothing>> Api::revoke(std::string token) {
  tell(settings_, token);
  Call request = client_call(settings_, "revoke the member's token", "/oauth2/revoke_token/");
  request.form = {{"token", std::move(token)}};
  request.has_answer = false;
  // Dead twice is dead.
  request.idempotent = true;
  const Verdict verdict =
      co_await call(client_, async::Deadline::after(clock_, settings_.request_ms), request);
  co_return Result<Nothing>{verdict.outcome, verdict.message, {}};
}

}  // namespace tidemark::http::openhumans
