#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "storage/graph/user.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::UserId;

// Numbers of gists ride in questions for other things, where there is room, and the rest is asked
// for in questions of their own. GitHub may fail all of a question for one of them, and that must
// not look as if it were about the others. Plain: kept in the cursor.
struct GistAdaptation {
  // A question that held some beside other things was refused: without them it tells whose fault
  // that was.
  bool left_out = false;
  // So many questions went without them after they had failed one; so many of these are to come.
  std::uint32_t pause = 0, paused = 0;
  // Of a question for nothing else that was refused: among so many accounts is the one that fails.
  std::size_t suspects = 0;
  std::uint32_t failures = 0;                  // of the one that is asked for alone
  std::map<UserId, std::int64_t> passed_over;  // those that failed alone, since when; bounded
  friend bool operator==(const GistAdaptation&, const GistAdaptation&) = default;
};

[[nodiscard]] bool gists_may_ride(const GistAdaptation& gists);
// How many may be asked for in a question for nothing else.
[[nodiscard]] std::size_t gists_at_once(const GistAdaptation& gists, std::size_t most);
// Whose are not asked for: for a while nobody who failed alone.
[[nodiscard]] std::vector<UserId> without_their_gists(const GistAdaptation& gists,
                                                      std::int64_t now_ms);

// A question that held some beside other things was refused.
void note_riding_gists_refused(GistAdaptation& gists);
// One for the numbers of these accounts only was. `certain`: it is no outage.
void note_gists_refused(GistAdaptation& gists, const std::vector<UserId>& asked, bool certain,
                        std::int64_t now_ms);
// Questions that were answered: beside other things, for nothing else, and for other things only.
void note_riding_gists_told(GistAdaptation& gists);
void note_gists_told(GistAdaptation& gists, std::size_t asked);
void note_told_without_gists(GistAdaptation& gists);

}  // namespace tidemark::jobs::discovery
