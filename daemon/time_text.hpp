#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidemark::daemon {

// "2026-05-01T12:00:00.123Z" of Unix milliseconds: for programs.
[[nodiscard]] std::string iso_text(std::int64_t unix_ms);
// For people, in the machine's time zone: "14:32:05", with the date when it is another day than
// `now_ms`: "2026-05-02 14:32:05".
[[nodiscard]] std::string clock_text(std::int64_t unix_ms, std::int64_t now_ms);
// "3 s", "12 min", "5 h", "4 days".
[[nodiscard]] std::string duration_text(std::int64_t duration_ms);

// Why and until when something waits, in the words that all doors use:
// "waiting for quota until 14:32:05 (GitHub graphql: 0 of 20 left)". `until_ms` is 0 when nobody
// knows: "waiting (discovery is off; …)".
[[nodiscard]] std::string wait_text(std::string_view reason, std::int64_t until_ms,
                                    std::int64_t now_ms);

}  // namespace tidemark::daemon
