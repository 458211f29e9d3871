#include "http/json_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parser.hpp>

namespace tidemark::http {

JsonDocument parse_json(std::string_view text) {
  constexpr std::size_t depth_max = 64;
  // The parsed form is about twice as large as the text; the resource grows by doubling.
  constexpr std::size_t first_block_bytes_min = 4 * 1'024;
  constexpr std::size_t first_block_bytes_max = 256 * 1'024;

  boost::json::parse_options options;
  options.max_depth = depth_max;
  auto memory = std::make_unique<JsonTree::Memory>(
      std::clamp(2 * text.size(), first_block_bytes_min, first_block_bytes_max));
  unsigned char scratch[4 * 1'024];
  boost::json::parser parser({}, options, scratch);
  parser.reset(memory.get());
  boost::system::error_code error;
  const std::size_t consumed = parser.write(text.data(), text.size(), error);
  if (error) {
    std::string why =
        fmt::format("not JSON: {} after {} of {} bytes", error.message(), consumed, text.size());
    return JsonDocument{JsonTree(), std::move(why)};
  }
  return JsonDocument{JsonTree(std::move(memory), parser.release()), std::string()};
}

std::optional<std::uint64_t> as_unsigned(const boost::json::value& value) {
  if (const std::uint64_t* number = value.if_uint64()) return *number;
  const std::int64_t* number = value.if_int64();
  if (number == nullptr || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::optional<std::uint64_t> unsigned_member(const boost::json::object& object,
                                             std::string_view name) {
  const boost::json::value* member = object.if_contains(name);
  if (member == nullptr) return std::nullopt;
  return as_unsigned(*member);
}

std::optional<std::string_view> string_member(const boost::json::object& object,
                                              std::string_view name) {
  const boost::json::value* member = object.if_contains(name);
  if (member == nullptr || !member->is_string()) return std::nullopt;
  return std::string_view(member->get_string());
}

std::string_view kind_of(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return "null";
    case boost::json::kind::bool_: return "a boolean";
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_: return "a number";
    case boost::json::kind::string: return "a string";
    case boost::json::kind::array: return "an array";
    case boost::json::kind::object: return "an object";
  }
  return "of an unknown kind";
}

}  // namespace tidemark::http
