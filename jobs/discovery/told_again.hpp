#pragma once

#include <cstdint>
#include <vector>

#include "jobs/discovery/answers.hpp"
#include "jobs/discovery/doubts.hpp"
#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// What an answer said of those of the oldest batch that are doubted.
struct Looked {
  LookKind kind = LookKind::none;
  std::vector<ToldAgain> told;
  std::size_t among = 0;  // so many accounts and pages were in the question
};
// What a question says of those that were asked about in it. Whoever stands among its accounts only
// for that is taken out of the answer: it is no reading of theirs.
[[nodiscard]] Looked take_out(const Question& question, LookKind kind, Answers& answers);
// What becomes of the batch. False: the answer does not tell of all of them.
bool take_told(storage::Writer& writer, Taking& taking, Crawl& crawl, const Looked& looked);
// Nothing more is to be asked; of these nothing can be.
void leave_doubts(storage::Writer& writer, Taking& taking, Crawl& crawl,
                  const std::vector<UserId>& lost);
// GitHub refused a question, in which they were asked about: the next one is for them only.
void note_look_refused(Crawl& crawl);

}  // namespace tidemark::jobs::discovery
