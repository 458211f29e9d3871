#pragma once

#include <boost/json/array.hpp>
#include <cstdint>
#include <string>

namespace tidemark::daemon {

class Control;

// All rows of a paged list, or the first `limit` of them when it is not 0.
[[nodiscard]] boost::json::array fetch_all(Control& control, const std::string& path,
                                           const std::string& query, const std::string& name,
                                           std::uint64_t limit, std::uint64_t page_rows_most = 500);
// "&name=value", percent-encoded; nothing for an empty value.
[[nodiscard]] std::string query_part(const std::string& name, const std::string& value);

}  // namespace tidemark::daemon
