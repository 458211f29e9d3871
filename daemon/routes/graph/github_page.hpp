#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/json_text.hpp"
#include "daemon/routes/graph/field_filter.hpp"
#include "http/router.hpp"

namespace tidemark::daemon::graph {

// Pages as the replaced system numbered them: ten rows, "?page=2". To number pages is to count, so
// they are bounded: what lies behind the first 200,000 rows in order is not looked at. /v1 has
// cursors instead.
inline constexpr std::size_t github_page_rows = 10;
inline constexpr std::uint64_t github_rows_most = 200'000;

class GithubPage {
 public:
  // `query` as it came; nothing: the page is no number, and there is no such page.
  [[nodiscard]] static std::optional<GithubPage> read(const http::Call& call);

  // Counts a row that fits, and says whether it stands on this page.
  bool take() {
    const std::uint64_t place = matched_++;
    return place >= first_row() && place < first_row() + github_page_rows;
  }
  [[nodiscard]] std::uint64_t matched() const { return matched_; }
  [[nodiscard]] bool full() const { return matched_ >= first_row() + github_page_rows; }
  [[nodiscard]] const std::string& origin() const { return origin_; }

  // {count, next, previous, results}, or 404 when there is no such page. `results`: the array.
  [[nodiscard]] http::Reply answer(std::uint64_t count, std::string_view results) const;

 private:
  [[nodiscard]] std::uint64_t first_row() const { return (number_ - 1) * github_page_rows; }
  [[nodiscard]] std::string url(std::uint64_t number) const;

  std::uint64_t number_ = 1, matched_ = 0;
  std::string origin_, path_;
  http::Form others_;  // the query but for `page`
};

[[nodiscard]] http::Reply github_not_found(std::string_view detail = "Not found.");
// 400 {"followers_count__gte": ["Enter a number."]}
[[nodiscard]] http::Reply github_bad_filter(const FilterProblem& problem);

}  // namespace tidemark::daemon::graph
