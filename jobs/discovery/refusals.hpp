#pragma once

#include <cstdint>

#include "http/github/answer.hpp"
#include "jobs/discovery/crawl.hpp"
#include "jobs/discovery/question.hpp"
#include "storage/engine.hpp"
#include "storage/graph/frontier.hpp"

namespace tidemark::jobs::discovery {

// How GitHub refused a question as a whole.
struct Refusal {
  // Its weight: GitHub says so, or took so long that nothing else is likely.
  bool heavy = false;
  // Its last word: it does not accept the question, forbids it, or finds nothing.
  bool definite = false;
  // GitHub answered the question before it: this is no outage.
  bool answers = false;
  [[nodiscard]] bool certain() const { return heavy || definite; }
};
// … and in which words.
struct Refused {
  Refusal how;
  http::github::Outcome outcome = http::github::Outcome::invalid;
  unsigned status = 0;
  std::string words;
};
[[nodiscard]] Refusal read_refusal(const http::github::Answer& answer, async::Milliseconds took);

// One seed, account, page or number: nothing else in the question can be to blame.
[[nodiscard]] bool is_for_one(const Waiting& asked);
// It asks for no account, and no page of one.
[[nodiscard]] bool is_for_no_account(const Waiting& asked);

// What a refusal teaches. First the accounts are asked for without what rode along with them
// (seeds, further pages, numbers of gists). Whichever it was, fewer of that kind are asked for
// next.
struct Lesson {
  bool lost_seed = false;  // the question's only seed has no answer
  // A single page is left that may be to blame: it is asked for alone from now on.
  bool sets_page_apart = false;
};
[[nodiscard]] Lesson note_refused(Crawl& crawl, const Question& question, const Refusal& refusal,
                                  std::int64_t now_ms);
// A question came back; of the gists in it some numbers, or none.
void note_told(Crawl& crawl, const Waiting& asked, bool gists_came, std::int64_t now_ms);

// Only one page is in it: it is asked for alone.
void set_page_apart(storage::Writer& writer, const AskedPage& page);
// GraphQL never gives the one thing that this question asked for. False: REST cannot either, or has
// no room.
bool leave_to_rest(Crawl& crawl, const Waiting& asked, std::int64_t now_ms);
// False: there is no room.
bool leave_list_to_rest(Crawl& crawl, UserId id, List list);

}  // namespace tidemark::jobs::discovery
