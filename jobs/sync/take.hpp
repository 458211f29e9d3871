#pragma once

#include <cstddef>

#include "http/github/answer.hpp"
#include "jobs/sync/state.hpp"

namespace tidemark::jobs::sync {

// Thrown when the token turns out to be another account's than before: the member must decide.
class AnotherAccount : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Thrown when GitHub does not tell whose token it is: without that nothing else can be asked.
class AccountUnknown : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Stores what an `ok` answer to the first `parts` pending parts brought: facts, repositories, and
// in the cursor what is asked next. Plans the next stage when a stage is done, and judges the weeks
// that are known by now. All in the caller's transaction.
void take_answer(storage::Writer& writer, State& state, std::size_t parts,
                 const http::github::Answer& answer);

// An answer that was too heavy: the first `parts` pending parts are asked in smaller pieces. A part
// that cannot be smaller is given up, and its weeks are partial.
void take_refusal(storage::Writer& writer, State& state, std::size_t parts,
                  const std::string& message);

// Nothing is left to ask.
[[nodiscard]] bool all_taken(const State& state);

}  // namespace tidemark::jobs::sync
