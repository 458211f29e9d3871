#include "jobs/discovery/refusals.hpp"

#include <algorithm>

#include "jobs/discovery/select.hpp"

namespace tidemark::jobs::discovery {

using http::github::Outcome;

namespace {

// Of GitHub's ten seconds: who took so long was too heavy, whatever the gateway says.
constexpr async::Milliseconds gave_up_after{8'000};
// Good answers, once it is known what it was that failed.
constexpr std::uint32_t patience_found = 2;

std::size_t parents_in(const Waiting& asked) {
  return asked.accounts.size() + asked.organizations.size() + asked.counted.size();
}

std::size_t things_beside_gists(const Waiting& asked) {
  return parents_in(asked) + asked.recounts.size() + asked.pages.size();
}

// Only a page that is known to fail.
bool is_for_page_apart(const Waiting& asked) {
  return is_for_one(asked) && !asked.pages.empty() && asked.pages.front().apart;
}

void note_lone_gists_refused(Crawl& crawl, const Waiting& asked, bool certain,
                             std::int64_t now_ms) {
  std::vector<UserId> ids;
  for (const AskedAccount& account : asked.gists) ids.push_back(account.id);
  note_gists_refused(crawl.adaptation.gists, ids, certain, now_ms);
  crawl.gists_after = ids.front() - 1;  // these are asked for again
}

bool note_its_seeds_refused(Adaptation& adaptation, const Waiting& asked, const Refusal& refusal) {
  const bool with_others = things_beside_gists(asked) > 0;
  const bool telling = refusal.heavy || refusal.answers;
  SeedRefusal how = telling ? SeedRefusal::telling : SeedRefusal::passing;
  if (refusal.definite) how = SeedRefusal::definite;
  return note_seeds_refused(adaptation.seeds, asked.seeds.size(), with_others, how);
}

}  // namespace

Refusal read_refusal(const http::github::Answer& answer, async::Milliseconds took) {
  Refusal refusal;
  refusal.definite = answer.outcome == Outcome::invalid || answer.outcome == Outcome::forbidden ||
                     answer.outcome == Outcome::not_found || answer.outcome == Outcome::gone;
  refusal.heavy =
      answer.status == 200 ? answer.outcome == Outcome::too_heavy : took >= gave_up_after;
  return refusal;
}

bool is_for_one(const Waiting& asked) {
  return asked.seeds.size() + things_beside_gists(asked) + asked.gists.size() == 1;
}

bool is_for_no_account(const Waiting& asked) { return things_beside_gists(asked) == 0; }

Lesson note_refused(Crawl& crawl, const Question& question, const Refusal& refusal,
                    std::int64_t now_ms) {
  const Waiting& asked = question.asked;
  Adaptation& adaptation = crawl.adaptation;
  const std::size_t pages = asked.pages.size(), others = parents_in(asked) + asked.recounts.size();
  const bool seeds = !asked.seeds.empty(), gists = !asked.gists.empty();
  Lesson lesson;
  if (is_for_page_apart(asked)) {
    ++adaptation.heavy_in_a_row;
    return lesson;
  }
  // All that rides is left out at once: the next question is for accounts.
  if (seeds) lesson.lost_seed = note_its_seeds_refused(adaptation, asked, refusal);
  if (gists && pages + others > 0) note_riding_gists_refused(adaptation.gists);
  if (pages > 0 && others > 0) note_riding_pages_refused(adaptation.pages, pages);
  lesson.sets_page_apart = pages == 1 && !seeds && !gists;
  const bool narrows = others > 1 && pages == 0 && !seeds && !gists;
  if (narrows) {
    note_heavy(adaptation, parents_in(asked), question.connections, refusal.certain());
  } else {
    ++adaptation.heavy_in_a_row;  // says nothing of how many accounts can be asked for
  }
  if (seeds) {
    // However many they are, that is getting somewhere.
    if (lesson.lost_seed && refusal.definite) adaptation.heavy_in_a_row = 0;
    return lesson;
  }
  if (others > 0 && pages == 0 && !gists) note_refused_without_pages(adaptation.pages);
  if (pages > 0 && others == 0) note_pages_refused(adaptation.pages, pages);
  if (gists && pages + others == 0) {
    note_lone_gists_refused(crawl, asked, refusal.certain(), now_ms);
  } else if (pages + others == 1 && !gists) {
    // What made larger ones fail is found, or soon is: they are tried again.
    adaptation.patience = std::min(adaptation.patience, patience_found);
  }
  return lesson;
}

void note_told(Crawl& crawl, const Waiting& asked, bool gists_came, std::int64_t now_ms) {
  Adaptation& adaptation = crawl.adaptation;
  adaptation.heavy_in_a_row = 0;
  note_seeds_told(adaptation.seeds, asked.seeds.size());
  if (is_for_no_account(asked)) {
    if (asked.gists.empty()) return;
    if (gists_came) return note_gists_told(adaptation.gists, asked.gists.size());
    return note_lone_gists_refused(crawl, asked, true, now_ms);
  }
  if (is_for_page_apart(asked)) return;
  asked.pages.empty() ? note_told_without_pages(adaptation.pages)
                      : note_pages_told(adaptation.pages);
  if (asked.gists.empty()) return note_told_without_gists(adaptation.gists);
  gists_came ? note_riding_gists_told(adaptation.gists)
             : note_riding_gists_refused(adaptation.gists);
}

void set_page_apart(storage::Writer& writer, const AskedPage& page) {
  auto reading = storage::graph::find_list_reading(writer, page.account.id, page.list);
  if (!reading) return;
  reading->failures = std::max(reading->failures, failures_alone);
  storage::graph::put_list_reading(writer, *reading);
}

bool leave_list_to_rest(Crawl& crawl, UserId id, List list) {
  if (crawl.for_rest.size() >= for_rest_most) return false;
  RestReading by_rest;
  by_rest.id = id;
  by_rest.profile = false;
  by_rest.lists.push_back(list);
  by_rest.reason = "GraphQL cannot give all of this list";
  crawl.for_rest.push_back(std::move(by_rest));
  return true;
}

bool leave_to_rest(Crawl& crawl, const Waiting& asked, std::int64_t now_ms) {
  for (const auto* accounts : {&asked.accounts, &asked.organizations, &asked.counted}) {
    for (const AskedAccount& account : *accounts) {
      give_to_rest(crawl.adaptation, account.id, now_ms);
      return true;
    }
  }
  if (asked.pages.empty()) return false;
  const AskedPage& page = asked.pages.front();
  return leave_list_to_rest(crawl, page.account.id, page.list);
}

}  // namespace tidemark::jobs::discovery
