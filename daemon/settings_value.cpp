#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "daemon/settings.hpp"

namespace tidemark::daemon {

namespace {

std::string shown(const decltype(GivenValue::value)& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return fmt::format("\"{}\"", *text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return "a list";
}

std::string key_of(const SettingRow& row) {
  return std::string(row.name.substr(row.name.find('.') + 1));
}

std::optional<double> number_of(const GivenValue& given) {
  if (const auto* number = std::get_if<std::int64_t>(&given.value)) {
    return static_cast<double>(*number);
  }
  if (const auto* number = std::get_if<double>(&given.value)) return *number;
  const auto* text = std::get_if<std::string>(&given.value);
  if (text == nullptr || !given.is_text_only) return std::nullopt;
  double number = 0;
  const auto end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::string check_number(const SettingRow& row, const GivenValue& given, bool whole,
                         double& number) {
  const auto wanted = fmt::format("{} {} from {} to {}, as in: {} = {}", whole ? "a whole" : "a",
                                  "number", row.lowest, row.highest, key_of(row), row.fallback);
  const auto found = number_of(given);
  if (!found || !std::isfinite(*found) || (whole && std::floor(*found) != *found)) {
    return fmt::format("{} is not {}", shown(given.value), wanted);
  }
  if (*found < row.lowest || *found > row.highest) {
    return fmt::format("{} is out of bounds; give {}", shown(given.value), wanted);
  }
  number = *found;
  return {};
}

bool is_mode(std::string_view text) {
  return text.size() >= 3 && text.size() <= 4 &&
         text.find_first_not_of("01234567") == std::string_view::npos;
}

bool is_page(std::string_view text) {
  const bool http = text.starts_with("http://") && text.size() > 7;
  const bool https = text.starts_with("https://") && text.size() > 8;
  return (http || https) && text.find_first_of(" \t\"") == std::string_view::npos;
}

bool is_address(std::string_view text) {
  return is_page(text) && text.find_first_of("@?#") == std::string_view::npos &&
         !text.ends_with('/');
}

std::string check_text(const SettingRow& row, const std::string& text) {
  const bool control = std::ranges::any_of(text, [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
  });
  if (control) return "holds a control character; remove it";
  switch (row.form) {
    case TextForm::any: return {};
    case TextForm::optional_path:
      if (text.empty()) return {};
      [[fallthrough]];
    case TextForm::path:
      if (text.starts_with('/')) return {};
      return fmt::format("\"{}\" is not an absolute path; begin it with /", text);
    case TextForm::optional_url:
      if (text.empty()) return {};
      [[fallthrough]];
    case TextForm::url:
      if (is_address(text)) return {};
      return fmt::format(
          "\"{}\" is not an address; give https://HOST without a slash at its end, as in \"{}\"",
          text, row.fallback.empty() ? "https://tidemark.example.org" : row.fallback);
    case TextForm::optional_page:
      if (text.empty() || is_page(text)) return {};
      return fmt::format("\"{}\" is not the address of a page; begin it with https://", text);
    case TextForm::choice:
      if (std::ranges::find(row.choices, text) != row.choices.end()) return {};
      return fmt::format("\"{}\" is none of {}", text, fmt::join(row.choices, ", "));
    case TextForm::mode:
      if (is_mode(text)) return {};
      return fmt::format("\"{}\" is not a mode; give octal digits, as in \"0660\"", text);
  }
  return {};
}

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto part = text.substr(0, comma);
    if (!part.empty()) parts.emplace_back(part);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return parts;
}

std::string set_flag(bool& field, const SettingRow& row, const GivenValue& given) {
  if (const auto* flag = std::get_if<bool>(&given.value)) {
    field = *flag;
    return {};
  }
  const auto* text = std::get_if<std::string>(&given.value);
  if (text != nullptr && given.is_text_only && (*text == "true" || *text == "false")) {
    field = *text == "true";
    return {};
  }
  return fmt::format("{} is neither true nor false; write {} = {}", shown(given.value), key_of(row),
                     row.fallback);
}

std::string set_value(Settings& settings, const SettingRow& row, const GivenValue& given) {
  if (const auto* field = std::get_if<std::int64_t Settings::*>(&row.field)) {
    double number = 0;
    if (auto problem = check_number(row, given, true, number); !problem.empty()) return problem;
    settings.*(*field) = static_cast<std::int64_t>(number);
    return {};
  }
  if (const auto* field = std::get_if<double Settings::*>(&row.field)) {
    return check_number(row, given, false, settings.*(*field));
  }
  if (const auto* field = std::get_if<bool Settings::*>(&row.field)) {
    return set_flag(settings.*(*field), row, given);
  }
  if (const auto* field = std::get_if<std::vector<std::string> Settings::*>(&row.field)) {
    const auto* text = std::get_if<std::string>(&given.value);
    const auto* list = std::get_if<std::vector<std::string>>(&given.value);
    if (list != nullptr) settings.*(*field) = *list;
    if (text != nullptr && given.is_text_only) settings.*(*field) = split_commas(*text);
    if (list != nullptr || (text != nullptr && given.is_text_only)) return {};
    return fmt::format("{} is not a list of texts; write {} = [\"a\", \"b\"]", shown(given.value),
                       key_of(row));
  }
  const auto* text = std::get_if<std::string>(&given.value);
  if (text == nullptr) {
    return fmt::format("{} is not a text; write it in quotes, as in: {} = \"{}\"",
                       shown(given.value), key_of(row), row.fallback);
  }
  if (auto problem = check_text(row, *text); !problem.empty()) return problem;
  settings.*std::get<std::string Settings::*>(row.field) = *text;
  return {};
}

}  // namespace

std::string apply_setting(Settings& settings, const GivenValue& given) {
  const SettingRow* row = find_setting(given.name);
  if (row == nullptr) {
    const auto nearest = nearest_setting(given.name);
    const auto hint = nearest.empty() ? std::string("`tidemark config` lists all settings")
                                      : fmt::format("did you mean {}?", nearest);
    return fmt::format("{}: unknown setting {}; {}", given.place, given.name, hint);
  }
  const auto problem = set_value(settings, *row, given);
  if (problem.empty()) return {};
  return fmt::format("{}: {}: {}", given.place, given.name, problem);
}

unsigned parse_mode(std::string_view text) {
  unsigned mode = 0;
  std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  return mode;
}

}  // namespace tidemark::daemon
