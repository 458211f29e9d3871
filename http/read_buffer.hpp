#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace tidemark::http {

// Bytes read but not yet parsed. Lives as long as its connection: one allocation for all messages.
class ReadBuffer {
 public:
  explicit ReadBuffer(std::size_t capacity = 16 * 1024) : capacity_(capacity) {}

  [[nodiscard]] std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  void consume(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  void clear() { begin_ = end_ = 0; }

  // Where the next bytes go. Grows up to `most` unparsed bytes; empty when those are there already.
  [[nodiscard]] std::span<char> room(std::size_t most) {
    if (end_ - begin_ >= most) return {};
    if (!bytes_) bytes_ = std::make_unique_for_overwrite<char[]>(capacity_);
    if (begin_ > 0 && end_ == capacity_) move_to_front(bytes_.get());
    if (end_ == capacity_ && capacity_ < most) grow(std::min(most, capacity_ * 2));
    return {bytes_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t count) { end_ += count; }

 private:
  void move_to_front(char* into) {
    std::memmove(into, bytes_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  void grow(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    move_to_front(larger.get());
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_;
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace tidemark::http
