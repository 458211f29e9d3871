#include "daemon/json_text.hpp"

#include <algorithm>
#include <array>

#include "storage/calendar.hpp"
#include "storage/week.hpp"

namespace tidemark::daemon {

namespace {

// What stands after the backslash; 'u': as \u00XX; 0: as it is.
constexpr std::array<char, 256> escapes() {
  std::array<char, 256> table{};
  for (std::size_t control = 0; control < 0x20; ++control) table[control] = 'u';
  table['\b'] = 'b';
  table['\t'] = 't';
  table['\n'] = 'n';
  table['\f'] = 'f';
  table['\r'] = 'r';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}
constexpr auto escape_of = escapes();
constexpr std::size_t escape_most = 6;

char* put_escape(char* at, unsigned char letter) {
  constexpr std::string_view hex = "0123456789abcdef";
  const char escape = escape_of[letter];
  *at++ = '\\';
  *at++ = escape;
  if (escape != 'u') return at;
  *at++ = '0';
  *at++ = '0';
  *at++ = hex[letter >> 4];
  *at++ = hex[letter & 15];
  return at;
}

// Whether one of eight letters must be escaped: below a space, a quote or a backslash.
bool has_special(std::uint64_t eight) {
  constexpr std::uint64_t ones = 0x0101'0101'0101'0101ULL, highs = ones * 0x80;
  auto zero = [](std::uint64_t value) { return (value - ones) & ~value & highs; };
  const std::uint64_t below_space = (eight - ones * 0x20) & ~eight & highs;
  return (below_space | zero(eight ^ (ones * '"')) | zero(eight ^ (ones * '\\'))) != 0;
}

void put_digits(char* at, std::int64_t value, int count) {
  auto rest = static_cast<std::uint32_t>(value);
  for (int i = count - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
}

constexpr std::size_t time_bytes = 20;  // of the years 0 to 9999

// False: another year.
bool put_time(char* at, std::int64_t unix_s) {
  const std::int64_t days = storage::floor_divide(unix_s, storage::seconds_per_day);
  const storage::Date date = storage::date_of(days);
  if (date.year < 0 || date.year > 9999) return false;
  const std::int64_t second = unix_s - days * storage::seconds_per_day;
  std::memcpy(at, "0000-00-00T00:00:00Z", time_bytes);
  put_digits(at, date.year, 4);
  put_digits(at + 5, date.month, 2);
  put_digits(at + 8, date.day, 2);
  put_digits(at + 11, second / 3600, 2);
  put_digits(at + 14, second / 60 % 60, 2);
  put_digits(at + 17, second % 60, 2);
  return true;
}

}  // namespace

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_time(std::string& out, std::int64_t unix_s) {
  std::array<char, time_bytes> text{};
  if (put_time(text.data(), unix_s)) {
    out.append(text.data(), text.size());
  } else {
    out += storage::format_time(unix_s);
  }
}

void JsonText::grow(std::size_t bytes) {
  out_.resize(std::max(out_.size() * 2, used_ + bytes + spare));
}

JsonText& JsonText::text(std::string_view value) {
  separate();
  char* at = room(value.size() * escape_most + 2);
  *at++ = '"';
  std::size_t i = 0;
  while (i < value.size()) {
    std::uint64_t eight = 0;
    if (value.size() - i >= sizeof eight) {
      std::memcpy(&eight, value.data() + i, sizeof eight);
      if (!has_special(eight)) {
        std::memcpy(at, &eight, sizeof eight);
        at += sizeof eight;
        i += sizeof eight;
        continue;
      }
    }
    const std::size_t end = std::min(value.size(), i + sizeof eight);
    for (; i < end; ++i) {
      const auto letter = static_cast<unsigned char>(value[i]);
      if (escape_of[letter] != 0) {
        at = put_escape(at, letter);
      } else {
        *at++ = value[i];
      }
    }
  }
  *at++ = '"';
  used_ = static_cast<std::size_t>(at - out_.data());
  return *this;
}

JsonText& JsonText::seconds(std::string_view name, std::int64_t unix_s) {
  if (unix_s == 0) return null(name);
  this->name(name);
  char* at = room(time_bytes + 2);
  if (!put_time(at + 1, unix_s)) return text(storage::format_time(unix_s));
  at[0] = at[time_bytes + 1] = '"';
  used_ += time_bytes + 2;
  first_ = false;
  return *this;
}

JsonText& JsonText::instant(std::string_view name, std::int64_t unix_ms) {
  std::string ms_name(name);
  ms_name.append("_ms");
  if (unix_ms == 0) return null(name).null(ms_name);
  const std::int64_t unix_s = storage::floor_divide(unix_ms, 1'000);
  std::string time;
  append_time(time, unix_s);
  time.back() = '.';  // the Z
  std::array<char, 3> milliseconds{};
  put_digits(milliseconds.data(), unix_ms - unix_s * 1'000, 3);
  time.append(milliseconds.data(), milliseconds.size()).append("Z");
  text(name, time).name(ms_name);
  std::string number(unix_ms < 0 ? "-" : "");
  append_number(number, static_cast<std::uint64_t>(unix_ms < 0 ? -unix_ms : unix_ms));
  return word(number);
}

}  // namespace tidemark::daemon
