#pragma once

#include <cstddef>
#include <cstdint>

namespace tidemark::jobs::discovery {

inline constexpr std::size_t seeds_at_once_most = 100;

// How many seeds one question may look up: GitHub may fail all of a question for one of them.
// Plain: kept in the cursor.
struct SeedAdaptation {
  std::size_t at_once = seeds_at_once_most;
  bool apart = false;  // in questions that ask for nothing else
  // Such a question was refused: one without seeds tells whether GitHub answers at all.
  bool others_first = false;
  std::uint32_t failures = 0;  // of the one that is looked up alone; see note_seeds_refused
  friend bool operator==(const SeedAdaptation&, const SeedAdaptation&) = default;
};

enum class SeedRefusal {
  passing,   // it may be an outage
  telling,   // GitHub took long over it, or answered the question before it
  definite,  // its last word, while it answers other questions
};
// A question for so many seeds, and perhaps for others, was refused as a whole. True: it was one
// seed, and there is no answer for it: at once, the third time, or in what may be an outage the
// twelfth.
[[nodiscard]] bool note_seeds_refused(SeedAdaptation& seeds, std::size_t asked, bool with_others,
                                      SeedRefusal how);
// Nothing was said of one of so many, neither an account nor why: fewer are looked up at once.
void note_seed_untold(SeedAdaptation& seeds, std::size_t asked);
// A question came back that looked up so many; 0: it was for others.
void note_seeds_told(SeedAdaptation& seeds, std::size_t asked);

}  // namespace tidemark::jobs::discovery
