#include "daemon/routes/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <stdexcept>

#include "daemon/routes/repeated_name.hpp"
#include "daemon/time_text.hpp"
#include "http/utf8.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

http::Reply json_answer(unsigned status, const json::value& body) {
  return http::json_reply(status, http::as_utf8(json::serialize(body)));
}

http::Reply not_found(std::string_view detail) {
  return http::problem(404, "/problems/not-found", "Not found", detail);
}
http::Reply conflict(std::string_view detail) {
  return http::problem(409, "/problems/conflict", "Conflict", detail);
}
http::Reply bad_request(std::string_view detail) {
  return http::problem(400, "/problems/bad-request", "Bad request", detail);
}

http::Reply no_such_member(std::string_view id) {
  return not_found(
      fmt::format("there is no member {}; `tidemark members` lists them", id.substr(0, 100)));
}

http::Reply discovery_is_off() { return conflict(discovery_off); }

std::string not_a_login(std::string_view text) {
  return fmt::format("\"{}\" is no GitHub login: 1 to 39 letters, digits and hyphens inside",
                     text.substr(0, 60));
}

void add_time(json::object& into, std::string_view name, std::int64_t unix_ms) {
  const auto ms_name = fmt::format("{}_ms", name);
  if (unix_ms == 0) {
    into[name] = nullptr;
    into[ms_name] = nullptr;
  } else {
    into[name] = iso_text(unix_ms);
    into[ms_name] = unix_ms;
  }
}

json::value text_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return json::string(text);
}

std::string write_cursor(std::string_view position) {
  std::string cursor = "c1";  // the form of cursors may change: the prefix tells which this is
  for (const char letter : position) {
    cursor += fmt::format("{:02x}", static_cast<unsigned char>(letter));
  }
  return cursor;
}

std::optional<std::string> read_cursor(std::string_view cursor) {
  if (!cursor.starts_with("c1") || cursor.size() % 2 != 0 || cursor.size() > 400) {
    return std::nullopt;
  }
  std::string position;
  for (std::size_t i = 2; i < cursor.size(); i += 2) {
    unsigned value = 0;
    const char* begin = cursor.data() + i;
    const auto [stop, error] = std::from_chars(begin, begin + 2, value, 16);
    if (error != std::errc{} || stop != begin + 2 || value == 0) return std::nullopt;
    position += static_cast<char>(value);
  }
  return position;
}

QueryReader::QueryReader(const http::Call& call, std::span<const QueryParameter> known,
                         std::string (*filters)())
    : call_(call), known_(known) {
  for (const auto& [name, value] : call.query) {
    if (std::ranges::find(known, name, &QueryParameter::name) != known.end()) continue;
    std::string names;
    for (const auto& each : known) names.append(names.empty() ? "" : ", ").append(each.name);
    fail(fmt::format("unknown query parameter {}; known here: {}{}", name.substr(0, 100),
                     names.empty() ? "none" : names, filters == nullptr ? "" : filters()));
  }
}

const QueryParameter& QueryReader::parameter(std::string_view name) const {
  const auto found = std::ranges::find(known_, name, &QueryParameter::name);
  if (found == known_.end()) throw std::logic_error(fmt::format("{} is not in the list", name));
  return *found;
}

std::optional<std::string> QueryReader::text(std::string_view name) const {
  const auto value = call_.query_value(name);
  if (!value) return std::nullopt;
  return std::string(*value);
}

std::uint64_t QueryReader::number(std::string_view name) {
  const QueryParameter& asked = parameter(name);
  const auto given = text(name);
  const std::string& digits = given ? *given : asked.by_itself;
  std::uint64_t value = 0;
  if (!given && digits.empty()) return value;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error == std::errc{} && stop == end && value >= asked.least && value <= asked.most) {
    return value;
  }
  fail(fmt::format("{} must be a whole number from {} to {}", name, asked.least, asked.most));
  return asked.least;
}

std::string QueryReader::choice(std::string_view name) {
  const QueryParameter& asked = parameter(name);
  const auto given = text(name);
  if (!given) return asked.by_itself;
  if (std::ranges::find(asked.choices, *given) == asked.choices.end()) {
    fail(fmt::format("{} must be one of {}", name, fmt::join(asked.choices, ", ")));
  }
  return *given;
}

std::string QueryReader::cursor() {
  const auto given = text("cursor");
  if (!given) return {};
  const auto position = read_cursor(*given);
  if (!position) fail("cursor is not one that this API gave; begin again without it");
  return position.value_or("");
}

void QueryReader::fail(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

BodyReader::BodyReader(std::string_view body, std::initializer_list<std::string_view> known) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 4;
  const json::value value = json::parse(body, error, {}, options);
  if (error || !value.is_object()) {
    fail("the body must be a JSON object (Content-Type: application/json)");
    return;
  }
  object_ = value.get_object();
  if (const auto name = repeated_name(body)) {
    fail(fmt::format("the field {} is there twice; give it once", name->substr(0, 100)));
  }
  for (const auto& field : object_) {
    const std::string_view name = field.key();
    if (std::ranges::find(known, name) == known.end()) {
      fail(fmt::format("unknown field {}; known here: {}", name.substr(0, 100),
                       fmt::join(known, ", ")));
    }
  }
}

std::string BodyReader::token(std::string_view name) {
  const json::value* value = object_.if_contains(name);
  if (value == nullptr || value->is_null()) return {};
  const auto* text = value->if_string();
  const bool visible =
      text != nullptr && !text->empty() && text->size() <= 4096 &&
      std::ranges::all_of(*text, [](char letter) { return letter > 0x20 && letter < 0x7f; });
  if (!visible) {
    fail(fmt::format("{} must be a text of 1 to 4096 visible letters without spaces", name));
    return {};
  }
  return std::string(text->data(), text->size());
}

std::string BodyReader::digits(std::string_view name, std::size_t most) {
  const json::value* value = object_.if_contains(name);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  const bool fits =
      text != nullptr && !text->empty() && text->size() <= most &&
      std::string_view(*text).find_first_not_of("0123456789") == std::string_view::npos;
  if (!fits) {
    fail(fmt::format("{} must be a text of 1 to {} digits, in quotes (it may begin with 0)", name,
                     most));
    return {};
  }
  return std::string(text->data(), text->size());
}

std::optional<std::int64_t> BodyReader::seconds(std::string_view name) {
  const json::value* value = object_.if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  boost::system::error_code error;
  const auto number = value->is_number() ? value->to_number<std::int64_t>(error) : -1;
  if (error || number < 1 || number > 1'000'000'000) {
    fail(fmt::format("{} must be a whole number of seconds from 1 to 1000000000", name));
    return std::nullopt;
  }
  return number;
}

bool BodyReader::flag(std::string_view name) {
  const json::value* value = object_.if_contains(name);
  if (value == nullptr || value->is_null()) return false;
  if (!value->is_bool()) fail(fmt::format("{} must be true or false", name));
  return value->is_bool() && value->get_bool();
}

std::uint64_t BodyReader::number(std::string_view name, std::uint64_t least, std::uint64_t most) {
  const json::value* value = object_.if_contains(name);
  if (value == nullptr || value->is_null()) return 0;
  boost::system::error_code error;
  const auto number = value->is_number() ? value->to_number<std::uint64_t>(error) : 0;
  if (value->is_number() && !error && number >= least && number <= most) return number;
  fail(fmt::format("{} must be a whole number from {} to {}", name, least, most));
  return 0;
}

std::vector<std::string> BodyReader::tokens(std::string_view name, std::size_t most) {
  const json::value* value = object_.if_contains(name);
  const auto* list = value == nullptr ? nullptr : value->if_array();
  std::vector<std::string> texts;
  for (std::size_t i = 0; list != nullptr && i < std::min(list->size(), most); ++i) {
    if (const auto* text = (*list)[i].if_string()) texts.emplace_back(text->data(), text->size());
  }
  if (list == nullptr || list->empty() || texts.size() != list->size()) {
    fail(fmt::format("{} must be a list of 1 to {} texts", name, most));
  }
  return texts;
}

void BodyReader::fail(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

}  // namespace tidemark::daemon
