#pragma once

#include <map>
#include <string>

#include "daemon/pages/views.hpp"

namespace tidemark::test {

// Saturday, 2026-05-02T14:05:00Z, in week 18.
inline constexpr std::int64_t page_now_ms = 1'777'730'700'000;

[[nodiscard]] daemon::pages::Frame example_frame(bool signed_in);
// Eight years: all uploaded but for `weeks_left` weeks, which stand in every other state.
[[nodiscard]] daemon::pages::MemberView example_member(std::size_t weeks_left = 0);
// Every page in every state that looks different, by name.
[[nodiscard]] std::map<std::string, std::string> example_pages();

}  // namespace tidemark::test
