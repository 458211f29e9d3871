#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::daemon::graph {

// Where a row stands in an order: what it is ordered by (one of the two), and its number, so that
// no two rows stand in the same place. Cursors say this and no count of rows.
struct SortKey {
  std::int64_t number = 0;
  std::string text = {};
  std::uint64_t id = 0;
  friend bool operator==(const SortKey&, const SortKey&) = default;
};

// "-created_at.1577836800.583231.", "login.0.0.octocat". Nothing: a cursor of another order.
[[nodiscard]] std::string sort_cursor(std::string_view sort, const SortKey& key);
[[nodiscard]] std::optional<SortKey> read_sort_cursor(std::string_view sort, std::string_view text);

// Falling: the greatest first, and equals by their number, rising. Rising is the same backwards.
enum class Way : std::uint8_t { rising, falling };
[[nodiscard]] bool stands_before(Way way, const SortKey& left, const SortKey& right);

// The first of an order that has no index, out of all keys that are offered in whatever order:
// memory for those alone.
class FirstKeys {
 public:
  // Of those behind `after`.
  FirstKeys(Way way, std::size_t most, std::optional<SortKey> after)
      : way_(way), most_(most), after_(std::move(after)) {}
  void offer(SortKey key);
  // In order; ends it.
  [[nodiscard]] std::vector<SortKey> take();

 private:
  Way way_;
  std::size_t most_;
  std::optional<SortKey> after_;
  std::vector<SortKey> heap_;  // the last of them on top
};

}  // namespace tidemark::daemon::graph
