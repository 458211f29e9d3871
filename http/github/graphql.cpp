#include <fmt/format.h>

#include <algorithm>

#include "http/github/graphql_errors.hpp"
#include "http/github/verdict.hpp"
#include "http/iso_time.hpp"
#include "http/json_document.hpp"

namespace tidemark::http::github {
namespace {

// `resetAt` is an ISO text, although the documentation once called it an epoch.
std::optional<std::int64_t> read_reset_s(const boost::json::value& value) {
  if (value.is_string()) return parse_iso_time(std::string_view(value.get_string()));
  constexpr std::uint64_t unix_s_max = 253'402'300'799;
  const std::optional<std::uint64_t> seconds = as_unsigned(value);
  if (!seconds || *seconds > unix_s_max) return std::nullopt;
  return static_cast<std::int64_t>(*seconds);
}

// data.rateLimit { cost limit remaining used resetAt nodeCount }, whichever were asked for. Gives
// the name of a member that is absurd, or nothing.
std::string read_rate_limit(const boost::json::object& data, Answer& answer) {
  const boost::json::value* member = data.if_contains("rateLimit");
  if (member == nullptr || member->is_null()) return {};
  if (!member->is_object()) return "rateLimit";

  struct Field {
    std::string_view name;
    std::optional<std::uint64_t>* into;
  };
  for (const Field& field : {Field{"cost", &answer.cost}, Field{"nodeCount", &answer.node_count},
                             Field{"limit", &answer.rate.limit}, Field{"used", &answer.rate.used},
                             Field{"remaining", &answer.rate.remaining}}) {
    const boost::json::value* value = member->get_object().if_contains(field.name);
    if (value == nullptr) continue;
    const std::optional<std::uint64_t> number = as_unsigned(*value);
    if (!number) return fmt::format("rateLimit.{}", field.name);
    *field.into = number;
    answer.rate.resource = "graphql";
  }
  if (const boost::json::value* reset = member->get_object().if_contains("resetAt")) {
    answer.rate.reset_s = read_reset_s(*reset);
    if (!answer.rate.reset_s) return "rateLimit.resetAt";
    answer.rate.resource = "graphql";
  }
  return {};
}

Verdict judge_status(const Opened& opened) {
  const unsigned status = opened.answer.status;
  // 502 and 504 are how a query over its ten seconds ends, as JSON or as a gateway's page; 408 and
  // 413 ask for less in plain words.
  if (status == 502 || status == 504 || status == 408 || status == 413) {
    return {Outcome::too_heavy, {}};
  }
  if (status >= 500 && says_too_heavy(opened.words)) return {Outcome::too_heavy, {}};
  if (status >= 200 && status <= 299) {
    return {Outcome::server_error, "a status that GraphQL never gives"};
  }
  Verdict verdict = judge_failure(opened);
  if (verdict.outcome == Outcome::not_modified || verdict.outcome == Outcome::empty) {
    verdict.outcome = Outcome::server_error;
  }
  return verdict;
}

bool any(const std::vector<ErrorClass>& classes, ErrorClass wanted) {
  return std::find(classes.begin(), classes.end(), wanted) != classes.end();
}
bool all(const std::vector<ErrorClass>& classes, ErrorClass wanted) {
  return std::all_of(classes.begin(), classes.end(),
                     [wanted](ErrorClass found) { return found == wanted; });
}

// `has_data_key` tells a query that ran and came to nothing from one that was never run: the latter
// has no `data` at all (GraphQL specification, 7.1).
Verdict judge_errors(const std::vector<GraphqlError>& errors, bool has_data_key, bool has_data) {
  std::vector<ErrorClass> classes;
  classes.reserve(errors.size());
  std::transform(errors.begin(), errors.end(), std::back_inserter(classes), class_of);

  if (any(classes, ErrorClass::secondary_limit)) return {Outcome::secondary_limit, {}};
  if (any(classes, ErrorClass::primary_limit)) return {Outcome::primary_limit, {}};
  if (any(classes, ErrorClass::too_heavy)) return {Outcome::too_heavy, {}};
  if (any(classes, ErrorClass::invalid)) return {Outcome::invalid, {}};
  if (has_data) return {Outcome::ok, {}};
  if (errors.empty()) return {Outcome::server_error, "neither data nor errors"};
  if (all(classes, ErrorClass::not_found)) return {Outcome::not_found, {}};
  if (all(classes, ErrorClass::forbidden)) return {Outcome::forbidden, {}};
  if (!has_data_key) return {Outcome::invalid, "the query was refused"};
  return {Outcome::server_error, "no data, only errors"};
}

Verdict judge_body(Opened& opened) {
  Answer& answer = opened.answer;
  if (!opened.json_error.empty()) return {Outcome::server_error, opened.json_error};
  if (!answer.json.is_object()) {
    return {Outcome::server_error,
            fmt::format("the body is {}, not an object", kind_of(answer.json))};
  }
  const boost::json::object& body = answer.json.get_object();
  const boost::json::value* data = body.if_contains("data");
  const boost::json::value* errors = body.if_contains("errors");
  if (data != nullptr && !data->is_object() && !data->is_null()) {
    return {Outcome::server_error, fmt::format("data is {}, not an object", kind_of(*data))};
  }
  if (errors != nullptr && !errors->is_array()) {
    return {Outcome::server_error, fmt::format("errors is {}, not an array", kind_of(*errors))};
  }
  const bool has_data = data != nullptr && data->is_object();
  if (errors != nullptr) answer.errors = read_errors(errors->get_array());
  if (has_data) {
    const std::string absurd = read_rate_limit(data->get_object(), answer);
    if (!absurd.empty()) {
      return {Outcome::server_error,
              fmt::format("data.{} is neither a number from 0 up nor a time", absurd)};
    }
  }
  if (!answer.errors.empty()) opened.words = answer.errors.front().message;
  // The secondary limit also comes as a REST error's body with status 200.
  if (answer.errors.empty() && !has_data) {
    if (says_secondary_limit(opened.words)) return {Outcome::secondary_limit, {}};
    if (says_primary_limit(opened.words)) return {Outcome::primary_limit, {}};
  }
  return judge_errors(answer.errors, data != nullptr, has_data);
}

// The words of the error that decided, not of the first one.
void choose_words(Opened& opened, Outcome outcome) {
  const auto decides = [outcome](const GraphqlError& error) {
    const ErrorClass found = class_of(error);
    return (outcome == Outcome::secondary_limit && found == ErrorClass::secondary_limit) ||
           (outcome == Outcome::primary_limit && found == ErrorClass::primary_limit) ||
           (outcome == Outcome::too_heavy && found == ErrorClass::too_heavy) ||
           (outcome == Outcome::invalid && found == ErrorClass::invalid);
  };
  const std::vector<GraphqlError>& errors = opened.answer.errors;
  const auto found = std::find_if(errors.begin(), errors.end(), decides);
  if (found != errors.end()) opened.words = found->message;
}

}  // namespace

Answer classify_graphql(Exchanged exchanged) {
  Opened opened = open_answer(std::move(exchanged));
  Verdict verdict;
  if (opened.answer.status == 200) {
    verdict = judge_body(opened);
    choose_words(opened, verdict.outcome);
  } else {
    verdict = judge_status(opened);
  }
  RateReading& rate = opened.answer.rate;
  const bool says_numbers = rate.limit || rate.remaining || rate.reset_s;
  // Whatever this endpoint says of a bucket, it says of this one.
  if (rate.resource.empty() && (says_numbers || verdict.outcome == Outcome::primary_limit)) {
    rate.resource = "graphql";
  }
  return conclude(std::move(opened), std::move(verdict));
}

}  // namespace tidemark::http::github
