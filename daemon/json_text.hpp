#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark::daemon {

// Writes JSON straight into a text, for answers of many rows: no tree in between. The bytes are
// those that Boost.JSON makes of the same values. Names must be plain ASCII without quotes; texts
// are escaped.
//
//   JsonText json;
//   json.object().text("login", user.login).number("followers", 12).end_object();
//
// What every row does stands in this header, so that a name becomes a few stores.
class JsonText {
 public:
  explicit JsonText(std::size_t bytes = 1024) : out_(bytes + spare, '\0') {}

  JsonText& object() { return open('{'); }
  JsonText& object(std::string_view name) { return this->name(name).open('{'); }
  JsonText& end_object() { return close('}'); }
  JsonText& array() { return open('['); }
  JsonText& array(std::string_view name) { return this->name(name).open('['); }
  JsonText& end_array() { return close(']'); }
  // Ends a line: the next value begins a document of its own (NDJSON).
  JsonText& line() {
    *room(1) = '\n';
    used_ += 1;
    first_ = true;
    return *this;
  }

  JsonText& text(std::string_view value);
  JsonText& text(std::string_view name, std::string_view value) {
    return this->name(name).text(value);
  }
  // null when it is empty.
  JsonText& text_or_null(std::string_view name, std::string_view value) {
    return value.empty() ? null(name) : text(name, value);
  }
  JsonText& number(std::string_view name, std::uint64_t value) {
    this->name(name);
    char* at = room(digits_most);
    used_ += static_cast<std::size_t>(std::to_chars(at, at + digits_most, value).ptr - at);
    first_ = false;
    return *this;
  }
  JsonText& number(std::string_view name, const std::optional<std::uint64_t>& value) {
    return value ? number(name, *value) : null(name);
  }
  JsonText& flag(std::string_view name, bool value) {
    return value ? this->name(name).word("true") : this->name(name).word("false");
  }
  JsonText& flag(std::string_view name, const std::optional<bool>& value) {
    return value ? flag(name, *value) : null(name);
  }
  JsonText& null(std::string_view name) { return this->name(name).word("null"); }
  // "2026-01-05T10:00:00Z"; null for 0, which is how "not known" is stored.
  JsonText& seconds(std::string_view name, std::int64_t unix_s);
  // `name` and `name`_ms, as add_time() does; both null when 0.
  JsonText& instant(std::string_view name, std::int64_t unix_ms);

  [[nodiscard]] std::string_view bytes() const { return {out_.data(), used_}; }
  [[nodiscard]] std::string take() {
    out_.resize(used_);
    return std::move(out_);
  }

 private:
  static constexpr std::size_t digits_most = 20, spare = 32;

  // Where the next `bytes` go.
  char* room(std::size_t bytes) {
    if (out_.size() - used_ < bytes) grow(bytes);
    return out_.data() + used_;
  }
  void grow(std::size_t bytes);
  JsonText& word(std::string_view value) {
    std::memcpy(room(value.size()), value.data(), value.size());
    used_ += value.size();
    first_ = false;
    return *this;
  }
  JsonText& name(std::string_view name) {
    char* at = room(name.size() + 4);
    *at = ',';
    at += first_ ? 0 : 1;
    *at++ = '"';
    std::memcpy(at, name.data(), name.size());
    at += name.size();
    *at++ = '"';
    *at++ = ':';
    used_ = static_cast<std::size_t>(at - out_.data());
    first_ = true;  // its value follows at once
    return *this;
  }
  JsonText& open(char bracket) {
    separate();
    *room(1) = bracket;
    used_ += 1;
    first_ = true;
    return *this;
  }
  JsonText& close(char bracket) {
    *room(1) = bracket;
    used_ += 1;
    first_ = false;
    return *this;
  }
  void separate() {
    *room(1) = ',';
    used_ += first_ ? 0 : 1;
    first_ = false;
  }

  std::string out_;  // longer than what is written: `used_`
  std::size_t used_ = 0;
  bool first_ = true;  // nothing stands before the next value in its object or array
};

// "2026-01-05T10:00:00Z", as storage::format_time writes it.
void append_time(std::string& out, std::int64_t unix_s);
void append_number(std::string& out, std::uint64_t value);

}  // namespace tidemark::daemon
