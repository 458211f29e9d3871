#include "jobs/discovery/rest_storing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobs/discovery/capabilities.hpp"
#include "jobs/discovery/edge_lists.hpp"
#include "jobs/discovery/resolve_seed.hpp"
#include "jobs/discovery/rest_values.hpp"
#include "jobs/discovery/settle.hpp"
#include "jobs/discovery/staleness.hpp"
#include "storage/graph/etags.hpp"

namespace tidemark::jobs::discovery {

namespace graph = storage::graph;
using graph::ListReading;
using graph::ListState;
using graph::User;
using http::github::Answer;
using http::github::Outcome;

namespace {

bool is_about_nobody(const Answer& answer) {
  return answer.outcome == Outcome::not_found || answer.outcome == Outcome::gone;
}

// Nothing is left to ask: REST counts what it lists, so nobody else need be asked.
void finish(storage::Writer& writer, Taking& taking, Crawl& crawl, UserId id) {
  crawl.by_rest.reset();
  auto user = graph::find_user(writer, id);
  if (!user) return;
  const auto wanted = wanted_lists(writer, user->kind, taking.settings);
  for (const List list : graph::all_lists) {
    // Wanted, and not asked for: it must not hold the account where it stands for ever.
    const bool left = user->list(list).state == ListState::unread;
    if (left && wanted[static_cast<std::size_t>(list) - 1]) user->list(list).state = ListState::cut;
  }
  put_user(writer, *user);
  // But what GraphQL read of it waits for its batch.
  ListMarks ours = all_marks;
  for (const Batch& batch : crawl.batches) {
    const bool holds_it =
        std::find(batch.accounts.begin(), batch.accounts.end(), id) != batch.accounts.end();
    if (holds_it) ours.ended &= static_cast<std::uint8_t>(~marks_of(batch.lists, id).ended);
  }
  take_verdict(writer, taking, {id}, {{id, ours}}, Verdict::complete);
}

// Of a seed nobody knew before what it is.
void add_wanted_lists(const storage::Reader& reader, const Taking& taking, RestReading& reading,
                      const User& user) {
  const auto wanted = wanted_lists(reader, user.kind, taking.settings);
  for (const List list : graph::all_lists) {
    if (wanted[static_cast<std::size_t>(list) - 1]) reading.lists.push_back(list);
  }
}

// Those that are worth a request: an empty one is settled by its count.
void choose_lists(storage::Writer& writer, Taking& taking, RestReading& reading, User& user) {
  std::vector<List> left;
  const bool is_user = user.kind == graph::UserKind::user;
  for (const List list : reading.lists) {
    const bool has_it = list == List::repositories ? user.kind != graph::UserKind::bot : is_user;
    if (!has_it || !may_ask(graph::find_capability(writer, list), taking.now_ms)) continue;
    if (list == List::stars || counted_in(user.profile, list) > 0) {
      left.push_back(list);
      continue;
    }
    ListPage none;
    none.list = list;
    none.total = 0;
    none.rest = true;
    take_page(writer, taking, user, none);
  }
  reading.lists = std::move(left);
}

void keep_validator(storage::Writer& writer, const CrawlContext& context, const Answer& answer,
                    UserId id, const RestCounts& counts) {
  const auto etag = answer.exchanged.response.headers.find("etag");
  if (context.token.empty() || !etag) return;  // "not changed" costs as much without a token
  const Validator validator{std::string(*etag), counts};
  graph::put_etag(writer, account_target(id), encode_validator(validator));
}

// The account cannot be read just now, and others wait.
void postpone(storage::Writer& writer, const Taking& taking, User& user) {
  const std::uint32_t doublings = std::min(user.fruitless, doublings_most);
  ++user.fruitless;
  user.place = graph::Place{graph::rank_stale, 0, taking.now_ms + (short_list_ms << doublings)};
  put_user(writer, user);
}

std::optional<AccountNews> news_in(const storage::Reader& reader, const Answer& answer,
                                   const User* user) {
  if (answer.outcome == Outcome::ok) return read_rest_account(answer.json);
  if (answer.outcome != Outcome::not_modified || user == nullptr) return std::nullopt;
  AccountNews news{Entry{user->id, user->node_id, user->login, user->kind}, user->profile};
  const auto text = graph::find_etag(reader, account_target(user->id));
  const auto validator = text ? decode_validator(*text) : std::nullopt;
  if (!validator) return news;
  news.profile->followers = validator->counts.followers;
  news.profile->following = validator->counts.following;
  news.profile->public_repos = validator->counts.public_repos;
  return news;
}

void take_seed_failure(storage::Writer& writer, const std::string& login, const Answer& answer) {
  note_seed_problem(
      writer, login,
      is_about_nobody(answer) ? std::string(unknown_seed) : untold_seed(answer.message));
}

// Of an account, known by number, that the answer does not describe.
void take_failure(storage::Writer& writer, Taking& taking, User& user, const Answer& answer) {
  if (is_about_nobody(answer)) return take_gone(writer, taking, user);
  postpone(writer, taking, user);
}

// How often in a row this page did not come.
std::uint32_t count_failure(storage::Writer& writer, UserId user, List list,
                            const std::string& target) {
  auto reading = graph::find_list_reading(writer, user, list);
  if (!reading || !reading->rest) {
    reading = ListReading{};
    reading->user = user;
    reading->list = list;
    reading->rest = true;
    reading->next = target;
  }
  ++reading->failures;
  put_list_reading(writer, *reading);
  return reading->failures;
}

void cut_first_list(storage::Writer& writer, Taking& taking, RestReading& reading, User& user) {
  cut_list(writer, taking, user, reading.lists.front());
  reading.lists.erase(reading.lists.begin());
}

// A list of one page that came whole is asked for with its ETag the next time.
void keep_list_etag(storage::Writer& writer, const CrawlContext& context, const User& user,
                    const Answer& answer, const ListPage& page) {
  if (context.token.empty() || !page.first) return;
  const std::string target = list_target(user.id, page.list);
  const auto etag = answer.exchanged.response.headers.find("etag");
  const bool whole = user.list(page.list).state == ListState::unconfirmed;
  if (etag && whole && page.next.empty()) {
    graph::put_etag(writer, target, *etag);
  } else {
    graph::erase_etag(writer, target);
  }
}

// Others wait behind this account, or behind this seed.
void take_profile_outage(storage::Writer& writer, const Taking& taking, Crawl& crawl) {
  const bool of_seed = crawl.by_rest->id == 0;
  const std::uint32_t most = of_seed ? seed_outages_most : rest_outages_most;
  if (++crawl.by_rest->failures < most) return;
  const RestReading reading = std::move(*crawl.by_rest);
  crawl.by_rest.reset();
  if (of_seed) {
    return note_seed_problem(writer, reading.login,
                             untold_seed(fmt::format("no answer in {} tries", most)));
  }
  if (auto user = graph::find_user(writer, reading.id)) postpone(writer, taking, *user);
}

}  // namespace

void leave_frontier(storage::Writer& writer, graph::User user) {
  user.place.reset();
  for (const List list : graph::all_lists) erase_traces(writer, user.id, list);
  put_user(writer, user);
}

void take_rest_account(storage::Writer& writer, Taking& taking, CrawlContext& context,
                       const Answer& answer) {
  Crawl& crawl = context.crawl;
  RestReading reading = *crawl.by_rest;
  const bool of_seed = reading.id == 0;
  auto user = of_seed ? std::nullopt : graph::find_user(writer, reading.id);
  const auto news = news_in(writer, answer, user ? &*user : nullptr);
  const bool told = news && (of_seed || news->account.id == reading.id);
  crawl.by_rest.reset();
  if (of_seed && !told) return take_seed_failure(writer, reading.login, answer);
  if (of_seed) {
    const UserId id = resolve_seed(writer, taking, reading.login, news->account);
    user = id == 0 ? std::nullopt : graph::find_user(writer, id);
  }
  if (!user) return;
  if (taking.denied.denies(user->id, user->login)) return leave_frontier(writer, *user);
  if (!told) return take_failure(writer, taking, *user, answer);
  take_account(writer, taking, *user, *news);
  if (answer.outcome == Outcome::ok) {
    keep_validator(writer, context, answer, user->id, counts_of(*news->profile));
  }
  reading.id = user->id;
  reading.login.clear();
  reading.profile = false;
  reading.failures = 0;
  if (of_seed && reading.lists.empty()) add_wanted_lists(writer, taking, reading, *user);
  choose_lists(writer, taking, reading, *user);
  if (reading.lists.empty()) return finish(writer, taking, crawl, reading.id);
  crawl.by_rest = std::move(reading);
}

void take_rest_list(storage::Writer& writer, Taking& taking, CrawlContext& context,
                    const Answer& answer, const std::string& target) {
  Crawl& crawl = context.crawl;
  RestReading& reading = *crawl.by_rest;
  const UserId id = reading.id;
  const List list = reading.lists.front();
  auto user = graph::find_user(writer, id);
  const bool denied = user && taking.denied.denies(user->id, user->login);
  if (denied) leave_frontier(writer, *user);
  if (!user || denied) return crawl.by_rest.reset();
  if (answer.outcome == Outcome::too_heavy || answer.outcome == Outcome::accepted) {
    if (count_failure(writer, id, list, target) >= rest_failures_most) {
      cut_first_list(writer, taking, reading, *user);
    }
  } else if (answer.outcome == Outcome::not_modified) {
    take_unchanged(writer, taking, *user, list);
    reading.lists.erase(reading.lists.begin());
  } else {
    const auto before = graph::find_list_reading(writer, id, list);
    ListPage page = read_rest_page(answer, list, target);
    // One that only failed so far has not begun; one of GraphQL's cannot be gone on with.
    page.first = !before || !before->rest || before->started_ms == 0;
    take_page(writer, taking, *user, page);
    if (!page.refused) keep_list_etag(writer, context, *user, answer, page);
    if (page.next.empty()) reading.lists.erase(reading.lists.begin());
  }
  if (crawl.by_rest->lists.empty()) finish(writer, taking, crawl, id);
}

void take_rest_outage(storage::Writer& writer, Taking& taking, Crawl& crawl,
                      const std::string& target) {
  if (crawl.by_rest->profile) return take_profile_outage(writer, taking, crawl);
  RestReading& reading = *crawl.by_rest;
  auto user = graph::find_user(writer, reading.id);
  if (!user || reading.lists.empty()) return;
  if (count_failure(writer, user->id, reading.lists.front(), target) < rest_outages_most) return;
  cut_first_list(writer, taking, reading, *user);
  if (reading.lists.empty()) finish(writer, taking, crawl, user->id);
}

}  // namespace tidemark::jobs::discovery
