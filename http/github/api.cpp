#include "http/github/api.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "http/excerpt.hpp"
#include "http/header_value.hpp"

namespace tidemark::http::github {
namespace {

enum class Kind { rest, graphql };

struct Failure {
  TransportError::Step step;
  std::string what;
};

Answer refuse(std::string message) {
  Answer answer;
  answer.outcome = Outcome::invalid;
  answer.message = std::move(message);
  return answer;
}

// A query that GitHub gave up on ends as a stream that is cut or never answers; only for GraphQL is
// there less to ask for. An answer over our own limit is too much for either.
Outcome outcome_of(TransportError::Step step, Kind kind) {
  using Step = TransportError::Step;
  if (step == Step::too_large) return Outcome::too_heavy;
  if (kind == Kind::graphql && (step == Step::read || step == Step::deadline)) {
    return Outcome::too_heavy;
  }
  return Outcome::server_error;
}

Answer unanswered(const Failure& failure, Kind kind, Url url, async::WallTime sent,
                  async::WallTime now) {
  Answer answer;
  answer.outcome = outcome_of(failure.step, kind);
  answer.message = fmt::format("no answer from {}: {}", url.origin(), excerpt(failure.what));
  answer.rate.sent = sent;
  answer.rate.received = now;
  answer.exchanged.url = std::move(url);
  answer.exchanged.sent = sent;
  answer.exchanged.received = now;
  return answer;
}

void add_common_headers(Headers& headers, const std::string& token, const std::string& version) {
  headers.add("Accept", "application/vnd.github+json");
  headers.add("X-GitHub-Api-Version", version);
  if (!token.empty()) headers.add("Authorization", "Bearer " + token);
}

// The address of a path, or of what a Link header gave; nullopt when it is not this API's.
std::optional<Url> address_of(const std::string& api_url, const std::string& target) {
  if (!is_header_safe(target)) return std::nullopt;
  if (target.starts_with('/')) return parse_url(api_url + target);
  const std::optional<Url> api = parse_url(api_url);
  std::optional<Url> url = parse_url(target);
  if (!api || !url || url->origin() != api->origin()) return std::nullopt;
  return url;
}

// "https://host/api/v3/" and "https://host/api/v3" are the same; paths are appended to the latter.
ApiSettings normalized(ApiSettings settings) {
  while (settings.api_url.ends_with('/')) settings.api_url.pop_back();
  if (!parse_url(settings.api_url)) {
    throw std::invalid_argument(fmt::format(
        "github.api_url is \"{}\": write an absolute address such as https://api.github.com",
        excerpt(settings.api_url)));
  }
  if (!parse_url(settings.graphql_url)) {
    throw std::invalid_argument(
        fmt::format("github.graphql_url is \"{}\": write an absolute address such as "
                    "https://api.github.com/graphql",
                    excerpt(settings.graphql_url)));
  }
  return settings;
}

constexpr std::string_view unsafe_token =
    "the GitHub token holds blanks, line breaks or other bytes that no token has: store it again";

}  // namespace

Api::Api(Client& client, async::Clock& clock, ApiSettings settings)
    : client_(client), clock_(clock), settings_(normalized(std::move(settings))) {}

async::Task<Answer> Api::get(std::string token, std::string target, std::string etag) {
  const std::optional<Url> address = address_of(settings_.api_url, target);
  if (!address) {
    co_return refuse(
        fmt::format("{} is not an address of {}: github.api_url decides where "
                    "requests may go",
                    excerpt(target), settings_.api_url));
  }
  if (!is_header_safe(token)) co_return refuse(std::string(unsafe_token));
  if (settings_.on_secret && !token.empty()) settings_.on_secret(token);

  Request request;
  request.target = address->target;
  add_common_headers(request.headers, token, settings_.api_version);
  // Byte for byte as it came; W/"…" has no blanks either.
  if (!etag.empty() && is_header_safe(etag)) request.headers.add("If-None-Match", etag);
  ExchangeOptions options;
  options.deadline = async::Deadline::after(clock_, settings_.request_ms);
  options.idempotent = true;
  options.redirects_max = 3;

  const async::WallTime sent = clock_.wall_now();
  std::optional<Failure> failure;
  try {
    Exchanged exchanged = co_await client_.exchange(*address, std::move(request), options);
    if (exchanged.url.origin() != address->origin()) {
      co_return refuse(
          fmt::format("{} redirected to {}, which is another service: check "
                      "github.api_url",
                      address->origin(), exchanged.url.origin()));
    }
    co_return classify_rest(std::move(exchanged));
  } catch (const TransportError& error) {
    failure = Failure{error.step(), error.what()};
  } catch (const async::DeadlinePassed& error) {
    failure = Failure{TransportError::Step::deadline, error.what()};
  }
  co_return unanswered(*failure, Kind::rest, *address, sent, clock_.wall_now());
}

async::Task<Answer> Api::graphql(std::string token, std::string query,
                                 boost::json::object variables) {
  if (token.empty()) {
    co_return refuse("GraphQL needs a token: give one, or ask over REST");
  }
  if (!is_header_safe(token)) co_return refuse(std::string(unsafe_token));
  if (settings_.on_secret) settings_.on_secret(token);
  const std::optional<Url> address = parse_url(settings_.graphql_url);

  Request request;
  request.method = "POST";
  request.target = address->target;
  add_common_headers(request.headers, token, settings_.api_version);
  request.headers.add("Content-Type", "application/json");
  boost::json::object body;
  body.emplace("query", query);
  body.emplace("variables", std::move(variables));
  request.body = boost::json::serialize(body);
  ExchangeOptions options;
  options.deadline = async::Deadline::after(clock_, settings_.request_ms);
  // Queries only ask: a second one on a fresh connection does no harm.
  options.idempotent = true;

  const async::WallTime sent = clock_.wall_now();
  std::optional<Failure> failure;
  try {
    Exchanged exchanged = co_await client_.exchange(*address, std::move(request), options);
    co_return classify_graphql(std::move(exchanged));
  } catch (const TransportError& error) {
    failure = Failure{error.step(), error.what()};
  } catch (const async::DeadlinePassed& error) {
    failure = Failure{TransportError::Step::deadline, error.what()};
  }
  co_return unanswered(*failure, Kind::graphql, *address, sent, clock_.wall_now());
}

}  // namespace tidemark::http::github
