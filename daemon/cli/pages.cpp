#include "daemon/cli/pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/cli/control.hpp"
#include "daemon/cli/table.hpp"
#include "http/url.hpp"

namespace tidemark::daemon {

boost::json::array fetch_all(Control& control, const std::string& path, const std::string& query,
                             const std::string& name, std::uint64_t limit,
                             std::uint64_t page_rows_most) {
  boost::json::array rows;
  std::string cursor;
  do {
    const std::uint64_t left = limit == 0 ? page_rows_most : limit - rows.size();
    auto answer = control.get(fmt::format("{}?limit={}{}{}", path, std::min(left, page_rows_most),
                                          query, query_part("cursor", cursor)));
    for (auto& row : answer.at(name).as_array()) rows.push_back(std::move(row));
    cursor = text_of(answer, "next");
  } while (!cursor.empty() && (limit == 0 || rows.size() < limit));
  return rows;
}

std::string query_part(const std::string& name, const std::string& value) {
  if (value.empty()) return {};
  return fmt::format("&{}={}", name, http::percent_encode(value));
}

}  // namespace tidemark::daemon
