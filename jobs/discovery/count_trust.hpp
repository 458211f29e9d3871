#pragma once

#include <cstddef>
#include <cstdint>

namespace tidemark::jobs::discovery {

// GraphQL counts fewer than REST in the lists of some accounts, for good. That it tells so of
// several in one question is believed as long as a question for one of them alone bears it out: for
// about so many things in a question, for an hour, and for so many questions.
struct CountTrust {
  std::size_t things = 0;       // in the question that was borne out
  std::uint64_t gap = 0;        // by so many entries REST counted more
  std::int64_t since_ms = 0;    // when that was
  std::uint32_t questions = 0;  // that are still believed
  friend bool operator==(const CountTrust&, const CountTrust&) = default;
};

[[nodiscard]] bool believes(const CountTrust& trust, std::size_t things, std::uint64_t gap,
                            std::int64_t now_ms);
void note_borne_out(CountTrust& trust, std::size_t things, std::uint64_t gap, std::int64_t now_ms);
// One question less.
void note_believed(CountTrust& trust);

}  // namespace tidemark::jobs::discovery
