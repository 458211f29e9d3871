#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tidemark::http {

// Reads a text of fixed form from left to right, for dates. Once something does not fit, `failed()`
// stays true, so that callers check once at the end.
class TextScanner {
 public:
  explicit TextScanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool finished() const { return !failed_ && rest_.empty(); }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  // Exactly `count` decimal digits.
  int digits(std::size_t count) {
    if (rest_.size() < count) return fail();
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  void expect(std::string_view literal) {
    if (!skip(literal)) failed_ = true;
  }
  bool skip(std::string_view literal) {
    if (failed_ || !rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }

  std::string_view letters() {
    return take([](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
  }
  std::string_view digits_as_they_come() { return take(is_digit); }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  int fail() {
    failed_ = true;
    return 0;
  }
  template <class Accept>
  std::string_view take(Accept accept) {
    std::size_t length = 0;
    while (length < rest_.size() && accept(rest_[length])) ++length;
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

  std::string_view rest_;
  bool failed_ = false;
};

// Seconds since 1970 in UTC; nullopt for a date or time that does not exist. Second 60 is a leap
// second and counts as the next minute's first.
[[nodiscard]] std::optional<std::int64_t> unix_seconds(int year, int month, int day, int hour,
                                                       int minute, int second);

}  // namespace tidemark::http
