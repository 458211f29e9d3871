#include "http/openhumans/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "http/excerpt.hpp"
#include "http/json_document.hpp"

namespace tidemark::http::openhumans {
namespace {

bool is_page(const Response& response) {
  const auto type = response.headers.find("content-type");
  return type && contains_ignoring_case(*type, "text/html");
}

bool is_transient_status(unsigned status) {
  return status >= 500 || status == 408 || status == 425 || status == 429;
}

// Token endpoint and API use different words for the same misfortunes.
Outcome outcome_of_refusal(const Response& response, const boost::json::value& body) {
  if (body.is_object()) {
    const auto error = string_member(body.get_object(), "error");
    // 400 today, 401 in the recordings of 2018.
    if (error == "invalid_grant") return Outcome::invalid_grant;
    if (error == "invalid_client") return Outcome::invalid_client;
    const auto detail = string_member(body.get_object(), "detail");
    if (detail && contains_ignoring_case(*detail, "file not present")) return Outcome::not_present;
    if (response.status == 401 && detail) {
      if (contains_ignoring_case(*detail, "expired token")) return Outcome::expired_token;
      // The header did not arrive: no refresh mends that.
      if (contains_ignoring_case(*detail, "not provided")) return Outcome::rejected;
    }
  }
  return response.status == 401 ? Outcome::invalid_token : Outcome::rejected;
}

Verdict judge_success(const Response& response) {
  JsonDocument document = parse_json(response.body);
  if (!document.ok()) return {Outcome::transient, std::move(document.error), {}};
  if (!document.value.is_object() && !document.value.is_array()) {
    return {Outcome::transient,
            fmt::format("the body is {}, not an object or an array", kind_of(document.value)),
            {}};
  }
  return {Outcome::ok, {}, std::move(document.value)};
}

// S3's <Code> and <Message>. The rest of its error names the key id and what the signature covers.
std::string storage_words(const std::string& body) {
  const auto element = [&body](std::string_view open, std::string_view close) {
    const std::size_t start = body.find(open);
    if (start == std::string::npos) return std::string();
    const std::size_t end = body.find(close, start);
    if (end == std::string::npos) return std::string();
    return body.substr(start + open.size(), end - start - open.size());
  };
  const std::string code = element("<Code>", "</Code>");
  const std::string message = element("<Message>", "</Message>");
  if (code.empty()) return excerpt(message);
  return excerpt(message.empty() ? code : code + ": " + message);
}

Verdict judge_storage_failure(const Response& response) {
  std::string words = storage_words(response.body);
  if (words.empty()) words = "no reason given";
  if (response.status == 403) return {Outcome::forbidden, std::move(words), {}};
  // S3 says 400 when our bytes came too slowly.
  const bool slow = response.status == 400 && contains_ignoring_case(words, "RequestTimeout");
  const bool later = slow || is_transient_status(response.status);
  return {later ? Outcome::transient : Outcome::rejected, std::move(words), {}};
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok: return "ok";
    case Outcome::expired_token: return "expired token";
    case Outcome::invalid_token: return "invalid token";
    case Outcome::invalid_grant: return "invalid grant";
    case Outcome::invalid_client: return "invalid client";
    case Outcome::rejected: return "rejected";
    case Outcome::not_present: return "file not present";
    case Outcome::forbidden: return "forbidden";
    case Outcome::transient: return "transient";
  }
  return "unknown outcome";
}

Verdict judge_api(const Response& response, unsigned success) {
  const unsigned status = response.status;
  if (status == 404) return {Outcome::rejected, "there is no such address", {}};
  if (is_transient_status(status)) return {Outcome::transient, "a fault of the server", {}};
  if (status >= 300 && status <= 399) {
    return {Outcome::rejected, "a redirect: check openhumans.url, https and host as they are", {}};
  }
  if (is_page(response)) return {Outcome::transient, "a page where JSON belongs", {}};
  if (status == success) return judge_success(response);
  if (status < 300) {
    return {
        Outcome::transient, fmt::format("success, but not the {} that belongs here", success), {}};
  }
  const JsonDocument document = parse_json(response.body);
  // Neither JSON nor called a page: a proxy's words, or an answer cut short.
  if (!document.ok()) {
    return {Outcome::transient, document.error + ": " + excerpt(response.body), {}};
  }
  return {outcome_of_refusal(response, document.value), error_words(document.value), {}};
}

Verdict judge_bodiless(const Response& response, unsigned success) {
  if (response.status == success && !is_page(response)) return {};
  return judge_api(response, success);
}

Verdict judge_put(const Response& response) {
  if (response.status == 200) return {};
  if (response.status < 300) {
    return {Outcome::transient, "success, but not the 200 that belongs here", {}};
  }
  return judge_storage_failure(response);
}

Verdict judge_download(const Response& response, bool by_open_humans) {
  if (response.status == 200) {
    if (by_open_humans && is_page(response)) {
      return {Outcome::transient, "a page where the file belongs", {}};
    }
    return {};
  }
  if (response.status < 300) {
    return {Outcome::transient, "success, but not the 200 that belongs here", {}};
  }
  return judge_storage_failure(response);
}

}  // namespace tidemark::http::openhumans
