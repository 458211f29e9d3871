#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidemark::jobs::sync {

// Readers of a foreign JSON value: each throws AbsurdAnswer that names the field when it is missing
// or of another type.
[[nodiscard]] const boost::json::value& object_in(const boost::json::value& value,
                                                  std::string_view key);
[[nodiscard]] const boost::json::array& array_in(const boost::json::value& value,
                                                 std::string_view key);
[[nodiscard]] std::string text_in(const boost::json::value& value, std::string_view key);
[[nodiscard]] bool boolean_in(const boost::json::value& value, std::string_view key);
// Refuses negative numbers, fractions, and counts above 10^12.
[[nodiscard]] std::uint64_t count_in(const boost::json::value& value, std::string_view key);
[[nodiscard]] std::int64_t time_in(const boost::json::value& value, std::string_view key);
[[nodiscard]] bool is_null(const boost::json::value& value, std::string_view key);

}  // namespace tidemark::jobs::sync
