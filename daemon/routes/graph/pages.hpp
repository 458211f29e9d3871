#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/json_text.hpp"
#include "daemon/routes/answers.hpp"
#include "daemon/routes/graph/gate.hpp"
#include "daemon/routes/routes.hpp"

namespace tidemark::daemon::graph {

// What a request may look at: a filter that fits few rows must not hold up the store. Then the page
// has fewer rows, and a `next`. Who needs more than the first few passes a gate.
inline constexpr std::size_t examined_most = 20'000, examined_freely = 500;

// Counts the rows of a page. `position` is where the next page goes on.
template <class Position>
class PageCount {
 public:
  PageCount(std::size_t limit, std::size_t rows_most) : limit_(limit), rows_most_(rows_most) {}
  // Before a row is looked at; false: the page is full, and there is more.
  bool goes_on() {
    if (shown_ < limit_ && examined_ < rows_most_) return true;
    more_ = true;
    return false;
  }
  void examined(Position position) {
    last_ = std::move(position);
    ++examined_;
  }
  void shown() { ++shown_; }
  // More looks might fill the page.
  [[nodiscard]] bool cut() const { return more_ && shown_ < limit_; }
  // Where to go on; nothing: that was all.
  [[nodiscard]] std::optional<Position> next() const {
    return more_ ? std::optional(last_) : std::nullopt;
  }

 private:
  std::size_t limit_, rows_most_, shown_ = 0, examined_ = 0;
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

struct Page {
  std::string text;  // empty: it is a list of somebody who is not there
  bool cut = false;
};

// A page by `body(reader, rows to look at)`. Without a filter it is a small read; one with a filter
// may look at very many rows: it begins with a few, and starts over behind the gate if those do not
// fill the page. Nothing: too many do that already.
template <class Body>
async::Task<std::optional<std::string>> read_page(RouteServices& services,
                                                  std::shared_ptr<Gate> gate, bool small,
                                                  Body body) {
  auto few = [&](const storage::Reader& reader) { return body(reader, examined_freely); };
  auto most = [&](const storage::Reader& reader) { return body(reader, examined_most); };
  Page page;
  if (small) {
    page = co_await services.store.read_cached(few);
  } else {
    page = co_await services.store.read(few);
  }
  if (!page.cut) co_return std::move(page.text);
  const std::shared_ptr<void> inside = gate->enter();
  if (!inside) co_return std::nullopt;
  page = co_await services.store.read(most);
  co_return std::move(page.text);
}

// The same for what is found in slices, the first of them small; `slice(reader)` says whether there
// are more. False: too many do that already.
template <class Slice>
async::Task<bool> read_slices(RouteServices& services, std::shared_ptr<Gate> gate, Slice slice) {
  bool more = co_await services.store.read(slice);
  if (!more) co_return true;
  const std::shared_ptr<void> inside = gate->enter();
  if (!inside) co_return false;
  while (more) more = co_await services.store.read(slice);
  co_return true;
}

inline void write_next(JsonText& json, const std::optional<std::string>& position) {
  if (position) {
    json.text("next", write_cursor(*position));
  } else {
    json.null("next");
  }
}

}  // namespace tidemark::daemon::graph
