#pragma once

#include "http/async/random.hpp"
#include "jobs/discovery/answers.hpp"
#include "jobs/discovery/context.hpp"

namespace tidemark::jobs::discovery {

// Stores what an answer brought, inside its transaction, and changes the cursor: what could not be
// given is asked for in another way, and lists that ended are a batch to be confirmed.
void take_answers(storage::Writer& writer, Taking& taking, CrawlContext& context,
                  const Question& question, Answers& answers);

// Which of a batch REST is asked about: the one with most entries, and others at random.
struct Sized {
  UserId id = 0;
  std::size_t entries = 0;
};
[[nodiscard]] std::vector<UserId> choose_samples(std::vector<Sized> accounts, std::size_t most,
                                                 async::Random& random);

}  // namespace tidemark::jobs::discovery
