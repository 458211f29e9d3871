#include "daemon/cli/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cstdio>

#include "http/excerpt.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

bool begins_letter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

bool is_number(std::string_view cell) {
  return !cell.empty() && cell.find_first_not_of("0123456789.-") == std::string_view::npos;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_letter));
}

std::string clipped(std::string_view text, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!begins_letter(text[i])) continue;
    if (seen++ == columns) return std::string(text.substr(0, i));
  }
  return std::string(text);
}

void Table::add(std::vector<std::string> cells) {
  for (auto& cell : cells) cell = http::printable(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], columns_of(row[i]));
    }
  }
  std::string result;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - columns_of(row[i]), ' ');
      line += is_number(row[i]) ? space + row[i] : row[i] + space;
      if (i + 1 < row.size()) line += "  ";
    }
    while (line.ends_with(' ')) line.pop_back();
    result += line + '\n';
  }
  return result;
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} bytes", bytes);
  auto amount = static_cast<double>(bytes) / 1000;
  for (const auto* unit : {"kB", "MB", "GB"}) {
    if (amount < 1000) return fmt::format("{:.1f} {}", amount, unit);
    amount /= 1000;
  }
  return fmt::format("{:.1f} TB", amount);
}

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return {};
  if (const auto* text = value->if_string()) return http::printable({text->data(), text->size()});
  return http::printable(json::serialize(*value));
}

std::int64_t number_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return 0;
  boost::system::error_code error;
  const auto number = value->to_number<std::int64_t>(error);
  return error ? 0 : number;
}

json::object object_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_object()) return {};
  return value->get_object();
}

void print_json(const json::value& value) { fmt::print("{}\n", json::serialize(value)); }

}  // namespace tidemark::daemon
