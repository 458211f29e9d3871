#pragma once

#include <cstddef>
#include <cstdint>

namespace tidemark::jobs::discovery {

inline constexpr std::size_t pages_at_once_most = 149;

// How many further pages one question may ask for: GitHub may fail all of a question for one of
// them, and that must not look as if it were about the accounts beside them. Plain: kept in the
// cursor.
struct PageAdaptation {
  std::size_t at_once = pages_at_once_most;
  std::uint32_t patience = 2, good_in_a_row = 0;  // good answers before it asks for more
  // A question that held some beside accounts was refused: the accounts alone tell whose fault that
  // was.
  bool left_out = false;
  std::size_t suspects = 0;  // so many were in it
  friend bool operator==(const PageAdaptation&, const PageAdaptation&) = default;
};

// Refused: a question for so many beside accounts, one for nothing else, one for accounts only.
void note_riding_pages_refused(PageAdaptation& pages, std::size_t asked);
void note_pages_refused(PageAdaptation& pages, std::size_t asked);
void note_refused_without_pages(PageAdaptation& pages);
// Answered: with some, and without.
void note_pages_told(PageAdaptation& pages);
void note_told_without_pages(PageAdaptation& pages);

}  // namespace tidemark::jobs::discovery
