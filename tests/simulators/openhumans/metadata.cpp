#include "tests/simulators/openhumans/metadata.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/openhumans/answers.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_iso_week(std::string_view text) {
  return text.size() >= 8 && std::all_of(text.begin(), text.begin() + 4, is_digit) &&
         text[4] == '-' && text[5] == 'W' && is_digit(text[6]) && is_digit(text[7]);
}

std::optional<http::Response> check_dates(const json::object& metadata) {
  for (std::string_view name : {"creation_date", "start_date", "end_date"}) {
    const json::value* date = metadata.if_contains(name);
    if (date == nullptr || date->is_number()) continue;
    if (date->is_null()) return shapes::html(500);
    bool right = date->is_string() &&
                 (parse_moment(date->as_string()).has_value() || is_iso_week(date->as_string()));
    if (!right) return shapes::field_list("metadata", "Dates must be in ISO 8601 format");
  }
  return std::nullopt;
}

std::optional<http::Response> check_md5(const json::object& metadata) {
  const json::value* md5 = metadata.if_contains("md5");
  if (md5 == nullptr) return std::nullopt;
  if (md5->is_null()) return shapes::html(500);
  bool right = md5->is_string() && md5->as_string().size() >= 32 &&
               std::all_of(md5->as_string().begin(), md5->as_string().begin() + 32,
                           [](char c) { return is_digit(c) || is_letter(c); });
  if (!right) return shapes::field_list("metadata", "Invalid MD5 specified");
  return std::nullopt;
}

std::optional<http::Response> check_keys(const json::object& metadata) {
  auto refuse = [](std::string_view text) { return shapes::field_list("metadata", text); };
  const json::value* description = metadata.if_contains("description");
  if (description == nullptr) return refuse("\"description\" is a required field of the metadata");
  if (!description->is_string()) return refuse("\"description\" must be a string");
  const json::value* tags = metadata.if_contains("tags");
  if (tags == nullptr) return refuse("\"tags\" is a required field of the metadata");
  if (!tags->is_array()) return refuse("\"tags\" must be an array of strings");
  if (auto wrong = check_dates(metadata)) return wrong;
  return check_md5(metadata);
}

}  // namespace

CheckedMetadata check_metadata(const json::object& fields) {
  CheckedMetadata checked;
  const json::value* given = fields.if_contains("metadata");
  if (given == nullptr) {
    checked.refusal = shapes::field_list("metadata", "This field is required.");
    return checked;
  }
  if (given->is_null()) {
    checked.refusal = shapes::html(500);
    return checked;
  }
  boost::system::error_code error;
  json::value parsed;
  if (given->is_string()) parsed = json::parse(given->as_string(), error);
  if (!given->is_string() || error || !parsed.is_object()) {
    checked.refusal = shapes::field_list("metadata", "could not parse the uploaded metadata");
    return checked;
  }
  checked.metadata = std::move(parsed.as_object());
  checked.refusal = check_keys(checked.metadata);
  return checked;
}

}  // namespace tidemark::simulators
