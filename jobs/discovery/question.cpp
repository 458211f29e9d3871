#include "jobs/discovery/question.hpp"

#include "jobs/discovery/question_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

namespace tidemark::jobs::discovery {
namespace {

using storage::graph::all_lists;

constexpr std::size_t ids_most = 100;  // of nodes(ids:)
constexpr std::uint64_t nodes_most = 500'000;
constexpr std::size_t seeds_most = 100;
// About what an entry takes as JSON. Most accounts have few of any; who has more has pages.
constexpr std::size_t account_bytes = 12'000, counted_bytes = 1'000, person_bytes = 130,
                      repository_bytes = 700;

std::size_t lists_asked(const QuestionLimits& limits) {
  return static_cast<std::size_t>(std::count(limits.lists.begin(), limits.lists.end(), true));
}

boost::json::string json_text(std::string_view text) { return boost::json::string(text); }

// Fills a question, kind by kind, and keeps count of what it asks for.
class Composer {
 public:
  explicit Composer(const QuestionLimits& limits) { question_.limits = limits; }

  void take_seeds(const std::vector<std::string>& seeds) {
    question_.asked.seeds.assign(
        seeds.begin(), seeds.begin() + std::ptrdiff_t(std::min(seeds.size(), seeds_most)));
    question_.nodes += question_.asked.seeds.size();
  }

  void take_accounts(const Waiting& waiting) {
    question_.asked.page_size = waiting.page_size;
    const std::size_t lists = lists_asked(limits());
    for (const AskedAccount& account : waiting.accounts) {
      Waiting& asked = question_.asked;
      const std::size_t most = std::min(limits().parents, ids_most);
      if (asked.accounts.size() >= most) break;
      if (!fits(lists, 1 + lists * waiting.page_size, account_bytes)) break;
      asked.accounts.push_back(account);
    }
  }

  void take_organizations(const Waiting& waiting) {
    for (const AskedAccount& account : waiting.organizations) {
      Waiting& asked = question_.asked;
      if (asked.organizations.size() >= limits().parents) break;
      if (!fits(1, 1 + waiting.page_size, account_bytes)) break;
      asked.organizations.push_back(account);
    }
  }

  // Each apart from the others.
  void take_recounts(const std::vector<AskedCount>& recounts) {
    std::vector<AskedCount>& asked = question_.asked.recounts;
    for (const AskedCount& each : recounts) {
      if (asked.size() >= std::min(limits().parents, ids_most)) return;
      if (!fits(recounted_lists(each).size(), 1, counted_bytes)) return;
      asked.push_back(each);
    }
  }

  // As many connections as with pages, but a small answer. Together no more than of lists at once.
  void take_counted(const std::vector<AskedAccount>& accounts) {
    Waiting& asked = question_.asked;
    const std::size_t most = std::min(limits().parents, ids_most);
    for (const AskedAccount& account : accounts) {
      if (asked.accounts.size() + asked.counted.size() + asked.recounts.size() >= most) return;
      if (!fits(lists_asked(limits()), 1, counted_bytes)) return;
      asked.counted.push_back(account);
    }
  }

  // First pages of one list are asked of no more accounts at once than whole accounts are.
  void take_pages(const std::vector<AskedPage>& pages) {
    std::array<std::size_t, 4> firsts{};
    firsts.fill(question_.asked.accounts.size());
    for (const AskedPage& page : pages) {
      std::size_t& of_list = firsts[static_cast<std::size_t>(page.list) - 1];
      if (page.after.empty() && of_list >= limits().parents) continue;
      const std::size_t entries = std::min<std::uint64_t>(page.left, page.page_size);
      const std::size_t each = lists_repositories(page.list) ? repository_bytes : person_bytes;
      if (!fits(1, 1 + page.page_size, entries * each)) break;
      if (page.after.empty()) ++of_list;
      question_.asked.pages.push_back(page);
    }
  }

  // The accounts of this question first: they cost nothing where connections are left over. Not of
  // more at once than of lists: the numbers might come short.
  void take_gists(const std::vector<AskedAccount>& others) {
    if (!limits().gists) return;
    const std::vector<UserId>& not_of = limits().gists_not_of;
    for (const std::vector<AskedAccount>* accounts :
         {&std::as_const(question_.asked.accounts), &std::as_const(question_.asked.counted),
          &others}) {
      for (const AskedAccount& account : *accounts) {
        if (question_.asked.gists.size() >= std::min(limits().parents, ids_most)) return;
        if (std::find(not_of.begin(), not_of.end(), account.id) != not_of.end()) continue;
        if (!fits(1, 1, 150)) return;
        question_.asked.gists.push_back(account);
      }
    }
  }

  [[nodiscard]] Question finish();

 private:
  [[nodiscard]] const QuestionLimits& limits() const { return question_.limits; }
  // The first thing always fits.
  bool fits(std::size_t connections, std::size_t nodes, std::size_t bytes) {
    const bool first = question_.connections == 0;
    if (!first &&
        (question_.connections + connections > limits().connections ||
         question_.nodes + nodes > nodes_most || bytes_ + bytes > limits().answer_bytes)) {
      return false;
    }
    question_.connections += connections;
    question_.nodes += nodes;
    bytes_ += bytes;
    return true;
  }

  void write_seeds();
  void write_accounts();
  void write_counted();
  void write_recounts();
  [[nodiscard]] std::vector<List> recounted_lists(const AskedCount& asked) const;
  void write_pages();
  void write_gists();
  void write_fragments();
  std::string ids_variable(const std::string& name, const std::vector<AskedAccount>& accounts);
  std::string variable(const std::string& name, std::string_view type, boost::json::value value) {
    parameters_ += fmt::format("{}${}:{}", parameters_.empty() ? "" : ",", name, type);
    question_.variables[name] = std::move(value);
    return "$" + name;
  }

  Question question_;
  std::size_t bytes_ = 0;
  std::string parameters_, selections_;
  std::array<bool, 4> used_{};  // fragments, by List, less one
};

std::string Composer::ids_variable(const std::string& name,
                                   const std::vector<AskedAccount>& accounts) {
  boost::json::array ids;
  for (const AskedAccount& account : accounts) ids.emplace_back(account.node_id);
  return variable(name, "[ID!]!", std::move(ids));
}

void Composer::write_seeds() {
  std::size_t index = 0;
  for (const std::string& login : question_.asked.seeds) {
    const std::string name = variable(fmt::format("l{}", index), "String!", json_text(login));
    selections_ += fmt::format(
        "s{}:repositoryOwner(login:{}){{__typename id login ...on User{{databaseId}} "
        "...on Organization{{databaseId}}}}\n",
        index++, name);
  }
}

void Composer::write_accounts() {
  const Waiting& asked = question_.asked;
  const std::string first = fmt::format("first:{}", asked.page_size);
  if (!asked.accounts.empty()) {
    std::string lists;
    for (const List list : all_lists) {
      if (!limits().asks(list)) continue;
      used_[static_cast<std::size_t>(list) - 1] = true;
      lists += " " + list_selection(list, first);
    }
    const std::string ids = ids_variable("ids", asked.accounts);
    selections_ += fmt::format(
        "accounts:nodes(ids:{}){{__typename id ...on User{{{}{}}} ...on Organization{{{}}}}}\n",
        ids, profile_fields(limits().email), lists, organization_fields);
  }
  if (!asked.organizations.empty()) {
    used_[static_cast<std::size_t>(List::repositories) - 1] = true;
    const std::string ids = ids_variable("owners", asked.organizations);
    selections_ +=
        fmt::format("organizations:nodes(ids:{}){{__typename id ...on Organization{{{} {}}}}}\n",
                    ids, organization_fields, list_selection(List::repositories, first));
  }
}

void Composer::write_counted() {
  if (question_.asked.counted.empty()) return;
  std::string counts;
  for (const List list : all_lists) {
    if (limits().asks(list)) counts += count_selection(list);
  }
  selections_ += fmt::format(
      "counted:nodes(ids:{}){{__typename id ...on User{{{}{}}} ...on Organization{{{}}}}}\n",
      ids_variable("counted", question_.asked.counted), profile_fields(limits().email), counts,
      organization_fields);
}

std::vector<List> Composer::recounted_lists(const AskedCount& asked) const {
  std::vector<List> lists;
  for (const List list : {List::followers, List::following, List::repositories}) {
    const bool has_it = !asked.organization || list == List::repositories;
    if (has_it && limits().asks(list)) lists.push_back(list);
  }
  return lists;
}

void Composer::write_recounts() {
  std::size_t index = 0;
  for (const AskedCount& each : question_.asked.recounts) {
    std::string counts;
    for (const List list : recounted_lists(each)) counts += count_selection(list);
    const std::string name = fmt::format("r{}", index++);
    const std::string id = variable(name, "ID!", json_text(each.account.node_id));
    selections_ += fmt::format("{}:node(id:{}){{__typename id ...on {}{{databaseId{}}}}}\n", name,
                               id, each.organization ? "Organization" : "User", counts);
  }
}

void Composer::write_pages() {
  std::size_t index = 0;
  for (const AskedPage& page : question_.asked.pages) {
    const std::string id =
        variable(fmt::format("n{}", index), "ID!", json_text(page.account.node_id));
    std::string paging = fmt::format("first:{}", page.page_size);
    if (!page.after.empty()) {
      paging += ",after:" + variable(fmt::format("c{}", index), "String!", json_text(page.after));
    }
    used_[static_cast<std::size_t>(page.list) - 1] = true;
    const std::string list = list_selection(page.list, paging);
    selections_ += fmt::format("p{}:node(id:{}){{__typename id ...on {}{{{}}}}}\n", index++, id,
                               page.organization ? "Organization" : "User", list);
  }
}

void Composer::write_gists() {
  if (question_.asked.gists.empty()) return;
  const std::string ids = ids_variable("gists", question_.asked.gists);
  selections_ += fmt::format(
      "gists:nodes(ids:{}){{...on User{{databaseId gists(privacy:PUBLIC){{totalCount}}}}}}\n", ids);
}

void Composer::write_fragments() {
  bool repositories = false;
  for (const List list : all_lists) {
    if (!used_[static_cast<std::size_t>(list) - 1]) continue;
    question_.text += fragment_text(list);
    repositories = repositories || lists_repositories(list);
  }
  if (repositories) question_.text += repository_fragment;
}

Question Composer::finish() {
  write_seeds();
  write_accounts();
  write_counted();
  write_recounts();
  write_pages();
  write_gists();
  const std::string parameters = parameters_.empty() ? "" : "(" + parameters_ + ")";
  question_.text =
      fmt::format("query{}{{\nrateLimit{{cost limit remaining used resetAt nodeCount}}\n{}}}\n",
                  parameters, selections_);
  write_fragments();
  question_.points = std::max<std::uint64_t>(1, (question_.connections + 50) / 100);
  return std::move(question_);
}

}  // namespace

Question compose(const Waiting& waiting, const QuestionLimits& limits) {
  Composer composer(limits);
  composer.take_seeds(waiting.seeds);
  composer.take_recounts(waiting.recounts);
  composer.take_accounts(waiting);
  composer.take_organizations(waiting);
  composer.take_counted(waiting.counted);
  composer.take_pages(waiting.pages);
  composer.take_gists(waiting.gists);
  return composer.finish();
}

}  // namespace tidemark::jobs::discovery
