#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/pages/views.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"
#include "storage/week.hpp"
#include "storage/weeks.hpp"

namespace tidemark::daemon {

// What the store knows of a member at one moment.
struct MemberReading {
  storage::Member member;
  storage::WeekCounts counts;
  std::optional<storage::Job> job;  // the newest sync
  std::map<storage::Week, storage::WeekRecord> weeks;
};
[[nodiscard]] std::optional<MemberReading> read_member_page(const storage::Reader& reader,
                                                            const std::string& member,
                                                            std::int64_t now_ms);

// It is Open Humans that does not accept the sign-in any more, as far as we know.
[[nodiscard]] bool needs_openhumans(const storage::Member& member);

// When "update now" is possible again; 0: at once.
[[nodiscard]] std::int64_t update_again_ms(const storage::Member& member, std::int64_t now_ms,
                                           std::int64_t cooldown_ms);

// The same in the words of the page. `clean` takes secrets out of foreign words.
[[nodiscard]] pages::MemberView member_view(
    const MemberReading& reading, std::int64_t now_ms, std::int64_t cooldown_ms,
    const std::function<std::string(std::string_view)>& clean);

}  // namespace tidemark::daemon
