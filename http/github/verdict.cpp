#include "http/github/verdict.hpp"

#include <fmt/format.h>

#include "http/excerpt.hpp"
#include "http/json_document.hpp"

namespace tidemark::http::github {
namespace {

// A 401 is answered from the anonymous bucket: its numbers must not reach the token's budget.
void forget_numbers(RateReading& rate) {
  rate.resource.clear();
  rate.limit.reset();
  rate.remaining.reset();
  rate.used.reset();
  rate.reset_s.reset();
}

// The first of `errors` in a 422: {"resource": "User", "field": "since", "code": "invalid"}.
std::string first_validation_error(const boost::json::object& body) {
  const boost::json::value* errors = body.if_contains("errors");
  if (errors == nullptr || !errors->is_array() || errors->get_array().empty()) return {};
  const boost::json::value& first = errors->get_array().front();
  if (first.is_string()) return std::string(std::string_view(first.get_string()));
  if (!first.is_object()) return {};
  if (const auto message = string_member(first.get_object(), "message")) {
    return std::string(*message);
  }
  const auto field = string_member(first.get_object(), "field");
  const auto code = string_member(first.get_object(), "code");
  return fmt::format("{} {}", field.value_or("?"), code.value_or("?"));
}

std::string read_words(const Answer& answer) {
  if (answer.json.is_object()) {
    const boost::json::object& body = answer.json.get_object();
    const std::string message(string_member(body, "message").value_or(""));
    const std::string detail = first_validation_error(body);
    if (message.empty() || detail.empty()) return message;
    return message + ": " + detail;
  }
  return excerpt(answer.exchanged.response.body);
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

Verdict judge_refusal(const Opened& opened) {
  const Answer& answer = opened.answer;
  const Headers& headers = answer.exchanged.response.headers;
  // The order is Octokit's: the words of the secondary limit win over a remaining of 0.
  if (says_secondary_limit(opened.words)) return {Outcome::secondary_limit, {}};
  if (contains_ignoring_case(opened.words, "repository access blocked")) return {Outcome::gone, {}};
  if (answer.rate.remaining == std::uint64_t{0}) return {Outcome::primary_limit, {}};
  if (says_primary_limit(opened.words)) {
    // With quota left there is no reset to wait for; the secondary rule always gives a wait.
    if (answer.rate.remaining) return {Outcome::secondary_limit, {}};
    return {Outcome::primary_limit, {}};
  }
  if (answer.status == 429 || headers.has("retry-after") || headers.has("gh-limited-by")) {
    return {Outcome::secondary_limit, {}};
  }
  if (contains_ignoring_case(opened.words, "administrative rules") ||
      contains_ignoring_case(opened.words, "User-Agent header")) {
    return {Outcome::invalid, "GitHub wants a User-Agent that names the program"};
  }
  return {Outcome::forbidden, {}};
}

}  // namespace

Opened open_answer(Exchanged exchanged) {
  RateReading rate = read_rate(exchanged.response.headers, exchanged.sent, exchanged.received);
  const unsigned status = exchanged.response.status;
  if (status == 401) forget_numbers(rate);

  const bool has_body = !exchanged.response.body.empty();
  JsonDocument document = has_body ? parse_json(exchanged.response.body) : JsonDocument{};
  // Two copies of a large answer at once are one too many. What is not JSON is kept for `words`.
  if (document.ok()) std::string().swap(exchanged.response.body);
  Opened opened{Answer{.outcome = Outcome::ok,
                       .message = {},
                       .rate = std::move(rate),
                       .status = status,
                       .exchanged = std::move(exchanged),
                       .json = std::move(document.value),
                       .errors = {},
                       .cost = {},
                       .node_count = {}},
                has_body,
                std::move(document.error),
                {}};
  opened.words = read_words(opened.answer);
  return opened;
}

Verdict judge_failure(const Opened& opened) {
  switch (opened.answer.status) {
    case 304: return {Outcome::not_modified, {}};
    case 401: return {Outcome::bad_credentials, {}};
    case 403:
    case 429: return judge_refusal(opened);
    case 404: return {Outcome::not_found, {}};
    case 408: return {Outcome::server_error, {}};
    case 409:
      if (contains_ignoring_case(opened.words, "repository is empty")) return {Outcome::empty, {}};
      return {Outcome::server_error, {}};
    case 410:
      // Also the answer to a retired X-GitHub-Api-Version: then it is we who are out of date.
      if (contains_ignoring_case(opened.words, "version")) {
        return {Outcome::invalid, "check the API version that is asked for"};
      }
      return {Outcome::gone, {}};
    case 451: return {Outcome::gone, {}};
    default: break;
  }
  if (opened.answer.status >= 500) return {Outcome::server_error, {}};
  if (opened.answer.status >= 400) return {Outcome::invalid, {}};
  return {Outcome::server_error,
          "a redirect that was not followed, or a status without meaning here"};
}

bool says_secondary_limit(std::string_view words) {
  if (contains_ignoring_case(words, "abuse detection")) return true;
  // /\bsecondary rate\b/i, as Octokit has it.
  constexpr std::string_view marker = "secondary rate";
  for (std::size_t start = 0; start + marker.size() <= words.size(); ++start) {
    if (!equals_ignoring_case(words.substr(start, marker.size()), marker)) continue;
    const std::size_t end = start + marker.size();
    const bool begins = start == 0 || !is_word_character(words[start - 1]);
    const bool ends = end == words.size() || !is_word_character(words[end]);
    if (begins && ends) return true;
  }
  return false;
}

bool says_primary_limit(std::string_view words) {
  return contains_ignoring_case(words, "API rate limit exceeded") ||
         contains_ignoring_case(words, "API rate limit already exceeded");
}

Answer conclude(Opened opened, Verdict verdict) {
  Answer answer = std::move(opened.answer);
  answer.outcome = verdict.outcome;
  if (verdict.outcome == Outcome::ok) return answer;
  std::string said = excerpt(opened.words);
  if (!verdict.remark.empty()) {
    said = said.empty() ? verdict.remark : verdict.remark + ": " + said;
  }
  if (said.empty()) said = std::string(name_of(verdict.outcome));
  const std::string where = excerpt(answer.exchanged.url.text());
  answer.message = fmt::format("{} (HTTP {} of {})", said, answer.status, where);
  return answer;
}

}  // namespace tidemark::http::github
