#include "daemon/routes/graph/sort_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tidemark::daemon::graph {

namespace {

// Takes "123." off the beginning.
template <class Number>
bool take_number(std::string_view& text, Number& number) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return false;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + dot, number);
  if (error != std::errc{} || stop != text.data() + dot) return false;
  text.remove_prefix(dot + 1);
  return true;
}

}  // namespace

std::string sort_cursor(std::string_view sort, const SortKey& key) {
  return fmt::format("{}.{}.{}.{}", sort, key.number, key.id, key.text);
}

std::optional<SortKey> read_sort_cursor(std::string_view sort, std::string_view text) {
  if (!text.starts_with(sort)) return std::nullopt;
  text.remove_prefix(sort.size());
  if (!text.starts_with('.')) return std::nullopt;
  text.remove_prefix(1);
  SortKey key;
  if (!take_number(text, key.number) || !take_number(text, key.id)) return std::nullopt;
  key.text = text;
  return key;
}

bool stands_before(Way way, const SortKey& left, const SortKey& right) {
  if (way == Way::rising) return stands_before(Way::falling, right, left);
  if (left.number != right.number) return left.number > right.number;
  if (left.text != right.text) return left.text > right.text;
  return left.id < right.id;
}

void FirstKeys::offer(SortKey key) {
  if (after_ && !stands_before(way_, *after_, key)) return;
  auto before = [this](const SortKey& left, const SortKey& right) {
    return stands_before(way_, left, right);
  };
  if (heap_.size() == most_) {
    if (!before(key, heap_.front())) return;
    std::ranges::pop_heap(heap_, before);
    heap_.pop_back();
  }
  heap_.push_back(std::move(key));
  std::ranges::push_heap(heap_, before);
}

std::vector<SortKey> FirstKeys::take() {
  auto before = [this](const SortKey& left, const SortKey& right) {
    return stands_before(way_, left, right);
  };
  std::ranges::sort_heap(heap_, before);
  return std::move(heap_);
}

}  // namespace tidemark::daemon::graph
