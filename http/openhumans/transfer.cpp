// The file transfers: to and from presigned addresses, which carry their own permission.
#include "http/openhumans/api.hpp"
#include "http/openhumans/call.hpp"

namespace tidemark::http::openhumans {
namespace {

Result<std::string> failure(Outcome outcome, std::string message) {
  return Result<std::string>{outcome, std::move(message), {}};
}

// Presigned addresses go where Open Humans says. From https never to http: a member's data would
// cross the net in clear.
std::optional<Url> presigned_url(const ApiSettings& settings, const std::string& address) {
  std::optional<Url> url = parse_url(address);
  if (url && !url->endpoint.tls && settings.url.starts_with("https:")) return std::nullopt;
  return url;
}

std::string without_quotes(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
    etag = etag.substr(1, etag.size() - 2);
  }
  return std::string(etag);
}

}  // namespace

async::Task<Result<std::string>> Api::put(std::string put_url, std::string bytes) {
  const std::string what = "put the file's bytes";
  std::optional<Url> url = presigned_url(settings_, put_url);
  if (!url) {
    co_return failure(Outcome::rejected,
                      "could not put the file's bytes: the address given for it is "
                      "not https, or none at all: register the upload again");
  }
  // The signature covers Content-Type and Content-MD5 too, as empty: any value breaks it.
  Request request;
  request.method = "PUT";
  request.target = url->target;
  request.headers.add("Content-Length", std::to_string(bytes.size()));
  request.body = std::move(bytes);
  ExchangeOptions options;
  options.deadline = async::Deadline::after(clock_, settings_.request_ms);
  options.idempotent = true;

  Attempt made = co_await attempt(client_, what, *url, std::move(request), options);
  if (!made.exchanged) co_return failure(made.outcome, std::move(made.message));
  const Response& response = made.exchanged->response;
  const Verdict verdict = judge_put(response);
  if (verdict.outcome != Outcome::ok) {
    co_return failure(verdict.outcome, describe(what, verdict.message, response.status, *url));
  }
  const std::optional<std::string_view> etag = response.headers.find("etag");
  if (!etag) {
    co_return failure(Outcome::transient,
                      describe(what, "no ETag to compare with the md5", response.status, *url));
  }
  co_return Result<std::string>{Outcome::ok, {}, without_quotes(*etag)};
}

async::Task<Result<std::string>> Api::download(std::string download_url) {
  const std::string what = "download the file";
  std::optional<Url> url = presigned_url(settings_, download_url);
  if (!url) {
    co_return failure(Outcome::rejected,
                      "could not download the file: its address is not https, or "
                      "none at all: list the files again");
  }
  // No Authorization: the key is in the address, and the storage behind the redirect refuses a
  // request with two kinds of it.
  Request request;
  request.target = url->target;
  ExchangeOptions options;
  options.deadline = async::Deadline::after(clock_, settings_.request_ms);
  options.idempotent = true;
  options.redirects_max = 3;

  Attempt made = co_await attempt(client_, what, *url, std::move(request), options);
  if (!made.exchanged) co_return failure(made.outcome, std::move(made.message));
  Exchanged& exchanged = *made.exchanged;
  const bool by_open_humans = exchanged.url.origin() == parse_url(settings_.url)->origin();
  const Verdict verdict = judge_download(exchanged.response, by_open_humans);
  if (verdict.outcome != Outcome::ok) {
    co_return failure(verdict.outcome,
                      describe(what, verdict.message, exchanged.response.status, exchanged.url));
  }
  co_return Result<std::string>{Outcome::ok, {}, std::move(exchanged.response.body)};
}

}  // namespace tidemark::http::openhumans
