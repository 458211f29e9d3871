#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/json_text.hpp"
#include "daemon/routes/answers.hpp"
#include "daemon/routes/routes.hpp"

namespace tidemark::daemon::graph {

// What a request may look at: a filter that fits few rows must not hold up the store. Then the page
// has fewer rows, and a `next`.
inline constexpr std::size_t examined_most = 20'000;

// Counts the rows of a page. `position` is where the next page goes on.
template <class Position>
class PageCount {
 public:
  explicit PageCount(std::size_t limit) : limit_(limit) {}
  // Before a row is looked at; false: the page is full, and there is more.
  bool goes_on() {
    if (shown_ < limit_ && examined_ < examined_most) return true;
    more_ = true;
    return false;
  }
  void examined(Position position) {
    last_ = std::move(position);
    ++examined_;
  }
  void shown() { ++shown_; }
  // Where to go on; nothing: that was all.
  [[nodiscard]] std::optional<Position> next() const {
    return more_ ? std::optional(last_) : std::nullopt;
  }

 private:
  std::size_t limit_, shown_ = 0, examined_ = 0;
  Position last_{};
  bool more_ = false;
};

// Cursors name what they belong to by a letter, so that one of another order is refused.
[[nodiscard]] inline std::string number_cursor(char letter, std::uint64_t number) {
  std::string text{letter, '.'};
  append_number(text, number);
  return text;
}
[[nodiscard]] inline std::optional<std::uint64_t> read_number_cursor(char letter,
                                                                     std::string_view text) {
  if (text.size() < 3 || text[0] != letter || text[1] != '.') return std::nullopt;
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data() + 2, text.data() + text.size(), number);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return number;
}
inline constexpr const char* foreign_cursor =
    "cursor is not one that this list gave in this order; begin again without it";

// A page without a filter is a small read. One with a filter may look at very many rows.
template <class Body>
async::Task<std::string> read_page(RouteServices& services, bool small, Body body) {
  if (small) co_return co_await services.store.read_cached(std::move(body));
  co_return co_await services.store.read(std::move(body));
}

inline void write_next(JsonText& json, const std::optional<std::string>& position) {
  if (position) {
    json.text("next", write_cursor(*position));
  } else {
    json.null("next");
  }
}

}  // namespace tidemark::daemon::graph
