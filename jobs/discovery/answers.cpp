#include "jobs/discovery/answers.hpp"

#include <fmt/format.h>

#include <map>
#include <unordered_map>

#include "http/json_document.hpp"
#include "jobs/discovery/answer_fields.hpp"

namespace tidemark::jobs::discovery {

namespace json = boost::json;
using storage::graph::all_lists;
using storage::graph::UserKind;

namespace {

// What one error says, found by the beginning of its path: "accounts/3" and "accounts/3/followers"
// for ["accounts", 3, "followers", …].
struct Trouble {
  Got got = Got::nothing;
  bool refused = false;    // FORBIDDEN and the like: the same again would not help
  bool withdrawn = false;  // … for nobody
  std::string message;
};

class Troubles {
 public:
  explicit Troubles(const json::value& body);
  [[nodiscard]] const Trouble* of(const std::string& path) const {
    const auto found = by_path_.find(path);
    return found == by_path_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] bool email_refused() const { return email_refused_; }
  // What GitHub could not do, and may have left out anything for: no word of one account or list.
  [[nodiscard]] const std::optional<std::string>& of_anything() const { return of_anything_; }

 private:
  void take(const json::value& error);
  std::map<std::string, Trouble> by_path_;
  bool email_refused_ = false;
  std::optional<std::string> of_anything_;
};

Troubles::Troubles(const json::value& body) {
  const json::value* errors = field(body, "errors");
  if (errors == nullptr || !errors->is_array()) return;
  for (const json::value& error : errors->get_array()) take(error);
}

void Troubles::take(const json::value& error) {
  const std::string type = text_field(error, "type");
  Trouble trouble;
  trouble.message = text_field(error, "message");
  if (type == "NOT_FOUND") trouble.got = Got::gone;
  if (type == "RESOURCE_LIMITS_EXCEEDED") trouble.got = Got::too_heavy;
  trouble.withdrawn = type == "FORBIDDEN";
  trouble.refused = type == "FORBIDDEN" || type == "UNPROCESSABLE" || type == "INSUFFICIENT_SCOPES";
  if (type == "INSUFFICIENT_SCOPES" && trouble.message.find("email") != std::string::npos) {
    email_refused_ = true;
    trouble.refused = false;
  }
  const json::value* path = field(error, "path");
  const bool somewhere = path != nullptr && path->is_array() && !path->get_array().empty();
  // A time or a size that ran out names the field that was at work then.
  const bool of_this = somewhere && (trouble.refused || trouble.got == Got::gone || email_refused_);
  if (!of_this && !of_anything_) of_anything_ = trouble.message;
  if (!somewhere) return;
  std::string name;
  std::size_t depth = 0;
  for (const json::value& step : path->get_array()) {
    if (step.is_string()) {
      name += (name.empty() ? "" : "/") + std::string(step.get_string());
    } else if (const auto index = http::as_unsigned(step)) {
      name += fmt::format("/{}", *index);
    }
    // What is wrong further down takes with it what is around it, but is not about that.
    Trouble here = trouble;
    if (++depth < path->get_array().size()) {
      here.refused = here.withdrawn = false;
      if (here.got == Got::gone) here.got = Got::nothing;
    }
    by_path_.try_emplace(name, std::move(here));
    if (depth == 4) break;
  }
}

const json::value* element(const json::value* list, std::size_t index, std::size_t asked) {
  // A list of another length says nothing about places.
  if (list == nullptr || !list->is_array() || list->get_array().size() != asked) return nullptr;
  return &list->get_array()[index];
}

// Which of a list's objects are which accounts: by number, wherever they stand.
std::unordered_map<UserId, const json::value*> by_number(const json::value* list) {
  std::unordered_map<UserId, const json::value*> found;
  if (list == nullptr || !list->is_array()) return found;
  for (const json::value& each : list->get_array()) {
    if (const auto id = number_field(each, "databaseId")) found.try_emplace(*id, &each);
  }
  return found;
}

class AnswerReader {
 public:
  AnswerReader(const Question& question, const json::value& body)
      : question_(question), data_(field(body, "data")), troubles_(body) {}

  Answers read() {
    answers_.email_refused = troubles_.email_refused();
    if (data_ == nullptr) data_ = &nothing_;
    read_accounts("accounts", question_.asked.accounts, As::person);
    read_accounts("organizations", question_.asked.organizations, As::organization);
    read_accounts("counted", question_.asked.counted, As::counted);
    read_recounts();
    read_pages();
    read_seeds();
    read_gists();
    return std::move(answers_);
  }

 private:
  enum class As { person, organization, counted };
  void read_accounts(const std::string& alias, const std::vector<AskedAccount>& asked, As as);
  AccountAnswer read_account(const json::value& value, const AskedAccount& asked,
                             const std::string& path, As as) const;
  bool read_list(AccountAnswer& answer, const json::value& value, List list,
                 const std::string& path) const;
  // A list that is refused may take its whole account with it.
  void read_refusals(AccountAnswer& answer, const std::string& path) const;
  void read_recounts();
  void read_pages();
  void read_seeds();
  void read_gists();

  const Question& question_;
  const json::value* data_;
  const json::value nothing_;
  Troubles troubles_;
  Answers answers_;
};

void AnswerReader::read_accounts(const std::string& alias, const std::vector<AskedAccount>& asked,
                                 As as) {
  if (asked.empty()) return;
  const json::value* list = field(*data_, alias);
  const auto known = by_number(list);
  for (std::size_t index = 0; index < asked.size(); ++index) {
    const std::string path = fmt::format("{}/{}", alias, index);
    AccountAnswer answer;
    answer.id = asked[index].id;
    const auto found = known.find(answer.id);
    const json::value* value =
        found != known.end() ? found->second : element(list, index, asked.size());
    if (value != nullptr && value->is_object()) {
      answer = read_account(*value, asked[index], path, as);
    } else if (const Trouble* trouble = troubles_.of(path)) {
      answer.got = trouble->got;
      answer.problem = trouble->message;
      if (answer.got == Got::nothing) read_refusals(answer, path);
    }
    answers_.accounts.push_back(std::move(answer));
  }
}

AccountAnswer AnswerReader::read_account(const json::value& value, const AskedAccount& asked,
                                         const std::string& path, As as) const {
  AccountAnswer answer;
  answer.id = asked.id;
  answer.counted = as == As::counted;
  const auto entry = read_entry(value);
  if (!entry || entry->id != asked.id) {
    answer.problem = "GitHub answered with another account or without a name";
    return answer;
  }
  answer.news.account = *entry;
  answer.news.profile = read_profile(value);
  answer.got = Got::answered;
  if (as == As::organization) {
    read_list(answer, value, List::repositories, path);
    return answer;
  }
  // An organisation where a person was expected: what it is, and no more. Its repositories come
  // when it is asked for as one.
  if (entry->kind != UserKind::user) return answer;
  for (const List list : all_lists) {
    if (question_.limits.asks(list) && !read_list(answer, value, list, path)) break;
  }
  return answer;
}

std::optional<ListPage> read_count(const json::value& connection, List list) {
  ListPage page;
  page.list = list;
  page.total = number_field(connection, "totalCount");
  return page.total ? std::optional(std::move(page)) : std::nullopt;
}

std::string name_in_question(List list) {
  return list == List::stars ? "starredRepositories" : std::string(storage::graph::name_of(list));
}

// The list itself, not somebody in it, is not there or not for us.
bool refuses_list(const Trouble* trouble) {
  return trouble != nullptr && (trouble->refused || trouble->got == Got::gone);
}

ListPage refused_page(List list, const Trouble& trouble) {
  ListPage page;
  page.list = list;
  page.refused = true;
  page.withdrawn = trouble.withdrawn;
  page.problem = trouble.message;
  return page;
}

void AnswerReader::read_refusals(AccountAnswer& answer, const std::string& path) const {
  for (const List list : all_lists) {
    const Trouble* trouble = troubles_.of(path + "/" + name_in_question(list));
    if (refuses_list(trouble)) answer.pages.push_back(refused_page(list, *trouble));
  }
}

bool AnswerReader::read_list(AccountAnswer& answer, const json::value& value, List list,
                             const std::string& path) const {
  const std::string name = name_in_question(list);
  const json::value* connection = field(value, name);
  std::optional<ListPage> page;
  if (connection != nullptr) {
    page = answer.counted ? read_count(*connection, list)
                          : read_page(*connection, list, answer.id, "");
  }
  const Trouble* trouble = page ? nullptr : troubles_.of(path + "/" + name);
  if (!page && refuses_list(trouble)) page = refused_page(list, *trouble);
  if (!page) {
    answer.got =
        trouble != nullptr && trouble->got == Got::too_heavy ? Got::too_heavy : Got::nothing;
    answer.problem = trouble != nullptr ? trouble->message : "GitHub gave no " + name;
    return false;
  }
  if (page->total) {
    if (list == List::followers) answer.news.profile->followers = *page->total;
    if (list == List::following) answer.news.profile->following = *page->total;
    if (list == List::repositories) answer.news.profile->public_repos = *page->total;
  }
  answer.pages.push_back(std::move(*page));
  return true;
}

void AnswerReader::read_recounts() {
  for (std::size_t index = 0; index < question_.asked.recounts.size(); ++index) {
    const std::string alias = fmt::format("r{}", index);
    ToldAgain told;
    told.id = question_.asked.recounts[index].account.id;
    const Trouble* trouble = troubles_.of(alias);
    told.gone = trouble != nullptr && trouble->got == Got::gone;
    const json::value* node = field(*data_, alias);
    for (const List list : {List::followers, List::following, List::repositories}) {
      const json::value* connection =
          node == nullptr ? nullptr : field(*node, name_in_question(list));
      if (connection != nullptr)
        told.totals[place_of(list)] = number_field(*connection, "totalCount");
    }
    answers_.recounts.push_back(told);
  }
}

void AnswerReader::read_pages() {
  for (std::size_t index = 0; index < question_.asked.pages.size(); ++index) {
    const AskedPage& asked = question_.asked.pages[index];
    const std::string alias = fmt::format("p{}", index), name = name_in_question(asked.list);
    PageAnswer answer;
    answer.index = index;
    const json::value* node = field(*data_, alias);
    const json::value* connection = node == nullptr ? nullptr : field(*node, name);
    std::optional<ListPage> page;
    if (connection != nullptr) {
      page = read_page(*connection, asked.list, asked.account.id, asked.after);
    }
    const Trouble* of_list = troubles_.of(alias + "/" + name);
    const Trouble* of_account = troubles_.of(alias);
    if (!page && refuses_list(of_list)) {
      page = refused_page(asked.list, *of_list);
      page->first = asked.after.empty();
    }
    if (page) {
      answer.got = Got::answered;
      answer.page = std::move(*page);
    } else if (of_account != nullptr) {
      answer.got = of_account->got;
      answer.problem = of_account->message;
    } else {
      answer.problem = "GitHub gave no " + name;
    }
    answers_.pages.push_back(std::move(answer));
  }
}

void AnswerReader::read_seeds() {
  for (std::size_t index = 0; index < question_.asked.seeds.size(); ++index) {
    const std::string alias = fmt::format("s{}", index);
    SeedAnswer answer;
    answer.login = question_.asked.seeds[index];
    const json::value* value = field(*data_, alias);
    if (value != nullptr && value->is_object()) {
      answer.named = true;
      if (const auto entry = read_entry(*value)) {
        answer.got = Got::answered;
        answer.entry = *entry;
      } else {
        answer.problem = "an account without a number or a name";
      }
    } else if (const Trouble* trouble = troubles_.of(alias)) {
      answer.named = true;
      answer.got = trouble->refused ? Got::refused : trouble->got;
      answer.problem = trouble->message;
    } else if (const auto& message = troubles_.of_anything()) {
      answer.problem = *message;
    } else if (value != nullptr && value->is_null()) {
      answer.got = Got::gone;  // `repositoryOwner` may be null without an error
    }
    answers_.seeds.push_back(std::move(answer));
  }
}

void AnswerReader::read_gists() {
  const json::value* list = field(*data_, "gists");
  if (list == nullptr || !list->is_array()) return;
  for (const json::value& each : list->get_array()) {
    const auto id = number_field(each, "databaseId");
    const json::value* gists = field(each, "gists");
    const auto count = gists == nullptr ? std::nullopt : number_field(*gists, "totalCount");
    if (id && count) answers_.gists.push_back(GistAnswer{*id, *count});
  }
}

}  // namespace

Answers read_answers(const Question& question, const json::value& body) {
  AnswerReader reader(question, body);
  return reader.read();
}

bool refuses_email(const json::value& body) { return Troubles(body).email_refused(); }

}  // namespace tidemark::jobs::discovery
