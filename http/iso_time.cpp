#include "http/iso_time.hpp"

#include "http/text_scanner.hpp"

namespace tidemark::http {

std::optional<std::int64_t> parse_iso_time(std::string_view text) {
  TextScanner scanner(text);
  const int year = scanner.digits(4);
  scanner.expect("-");
  const int month = scanner.digits(2);
  scanner.expect("-");
  const int day = scanner.digits(2);
  if (!scanner.skip("t") && !scanner.skip(" ")) scanner.expect("T");
  const int hour = scanner.digits(2);
  scanner.expect(":");
  const int minute = scanner.digits(2);
  scanner.expect(":");
  const int second = scanner.digits(2);
  if (scanner.skip(".") && scanner.digits_as_they_come().empty()) return std::nullopt;

  std::int64_t offset_s = 0;
  if (scanner.peek() == '+' || scanner.peek() == '-') {
    const std::int64_t sign = scanner.skip("-") ? -1 : 1;
    if (sign > 0) scanner.expect("+");
    const int offset_hours = scanner.digits(2);
    scanner.expect(":");
    const int offset_minutes = scanner.digits(2);
    if (offset_hours > 23 || offset_minutes > 59) return std::nullopt;
    offset_s = sign * (offset_hours * 3600 + offset_minutes * 60);
  } else if (!scanner.skip("z")) {
    scanner.expect("Z");
  }
  if (!scanner.finished()) return std::nullopt;
  const std::optional<std::int64_t> local_s = unix_seconds(year, month, day, hour, minute, second);
  if (!local_s) return std::nullopt;
  return *local_s - offset_s;
}

}  // namespace tidemark::http
