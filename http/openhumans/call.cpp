#include "http/openhumans/call.hpp"

#include <fmt/format.h>

#include "http/excerpt.hpp"
#include "http/header_value.hpp"

namespace tidemark::http::openhumans {
namespace {

std::string place_of(const Url& url) {
  return excerpt(url.origin() + url.target.substr(0, url.target.find('?')));
}

bool is_safe_authorization(std::string_view value) {
  const std::size_t blank = value.find(' ');
  return blank != std::string_view::npos && blank + 1 < value.size() &&
         is_header_safe(value.substr(blank + 1));
}

// No body is known to repeat what we sent. Should one, the message must not.
void hide_secrets(std::string& message, const std::string& authorization, const Form& form) {
  hide_secret(message, std::string_view(authorization).substr(authorization.find(' ') + 1));
  for (const std::string_view name : {"refresh_token", "code", "code_verifier", "token"}) {
    if (const auto secret = form_value(form, name)) hide_secret(message, *secret);
  }
}

}  // namespace

std::string describe(const std::string& what, const std::string& words, unsigned status,
                     const Url& url) {
  return fmt::format("could not {}: {} (HTTP {} of {})", what, words, status, place_of(url));
}

async::Task<Attempt> attempt(Client& client, std::string what, Url url, Request request,
                             ExchangeOptions options) {
  Attempt made;
  const std::string place = place_of(url);
  try {
    Exchanged exchanged = co_await client.exchange(std::move(url), std::move(request), options);
    made.exchanged.emplace(std::move(exchanged));
    co_return made;
  } catch (const TransportError& error) {
    // The same again would be as large.
    if (error.step() == TransportError::Step::too_large) made.outcome = Outcome::rejected;
    made.message =
        fmt::format("could not {}: {}, no answer from {}", what, excerpt(error.what()), place);
  } catch (const async::DeadlinePassed& error) {
    made.message =
        fmt::format("could not {}: {}, no answer from {}", what, excerpt(error.what()), place);
  }
  co_return made;
}

async::Task<Verdict> call(Client& client, async::Deadline deadline, Call call) {
  const std::optional<Url> url = parse_url(call.address);
  if (!url) {
    co_return Verdict{
        Outcome::rejected,
        fmt::format("could not {}: openhumans.url is not an http or https address", call.what),
        {}};
  }
  if (!is_safe_authorization(call.authorization)) {
    co_return Verdict{Outcome::rejected,
                      fmt::format("could not {}: the token is empty or holds bytes that no token "
                                  "has: the member must sign in again",
                                  call.what),
                      {}};
  }
  Request request;
  request.method = call.method;
  request.target = url->target;
  request.headers.add("Accept", "application/json");
  // Never in the query: there it would stand in logs and in the `next` links of listings.
  request.headers.add("Authorization", call.authorization);
  if (call.method == "POST") {
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.body = encode_form(call.form);
  }
  ExchangeOptions options;
  options.deadline = deadline;
  options.idempotent = call.idempotent;

  Attempt made = co_await attempt(client, call.what, *url, std::move(request), options);
  if (!made.exchanged) {
    hide_secrets(made.message, call.authorization, call.form);
    co_return Verdict{made.outcome, std::move(made.message), {}};
  }
  const Response& response = made.exchanged->response;
  Verdict verdict =
      call.has_answer ? judge_api(response, call.success) : judge_bodiless(response, call.success);
  if (verdict.outcome != Outcome::ok) {
    verdict.message = describe(call.what, verdict.message, response.status, *url);
    hide_secrets(verdict.message, call.authorization, call.form);
  }
  co_return verdict;
}

}  // namespace tidemark::http::openhumans
