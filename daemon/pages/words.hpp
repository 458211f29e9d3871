#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/pages/templates.hpp"

namespace tidemark::daemon::pages {

// "12,345".
[[nodiscard]] std::string grouped(std::uint64_t number);
// "1 week", "12,345 weeks".
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view singular);
// "four", "13".
[[nodiscard]] std::string number_word(std::uint64_t number);
// "every day", "every four days", "every 36 hours".
[[nodiscard]] std::string every(std::int64_t hours);
// "once an hour", "once every 90 minutes".
[[nodiscard]] std::string once_every(std::int64_t minutes);
// In UTC: "14:32 UTC", of another day "2 May, 14:32 UTC", of another year "2 May 2025, 14:32 UTC".
[[nodiscard]] std::string utc_text(std::int64_t unix_ms, std::int64_t now_ms);
// For <time datetime="{{iso}}">{{shown}}</time>.
[[nodiscard]] Values instant(std::int64_t unix_ms, std::int64_t now_ms);
// "28 Apr" of days since 1970.
[[nodiscard]] std::string day_text(std::int64_t days);
// With a full stop at the end, unless it has one.
[[nodiscard]] std::string sentence(std::string_view text);

}  // namespace tidemark::daemon::pages
