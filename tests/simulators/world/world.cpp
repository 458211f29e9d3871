#include "tests/simulators/world.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/simulators/graph/repositories.hpp"
#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace {

constexpr std::int64_t day_s = 86400;
const std::int64_t github_began_s = *parse_moment("2007-10-20T05:24:19Z");

// Owners are made as organisations; one who also acts is a person.
void make_person(Account& account, std::int64_t created_s) {
  if (account.organization) account.node_id = make_node_id("U", account.database_id);
  account.organization = false;
  std::int64_t earliest_s = std::max(created_s, github_began_s);
  bool unknown = account.created_s == 0;
  if (unknown || (!account.created_by_hand && earliest_s < account.created_s)) {
    account.created_s = earliest_s;
  }
}

}  // namespace

World::World() : generated_(std::make_unique<GeneratedRepositories>()) {}
World::~World() = default;

Account& World::make_account(const std::string& login, std::uint64_t database_id) {
  Account& made = accounts_.emplace_back();
  made.index = static_cast<std::uint32_t>(accounts_.size() - 1);
  made.database_id = database_id;
  made.node_id = make_node_id("U", database_id);
  made.login = login;
  by_id_[database_id] = &made;
  by_login_[lower_case(login)] = &made;
  return made;
}

Account& World::account(const std::string& login) {
  if (auto found = by_login_.find(lower_case(login)); found != by_login_.end()) {
    return *found->second;
  }
  Account& made = make_account(login, 1001 + accounts_.size());
  made.name = "Name of " + login;
  made.created_s = 0;  // set by the first commit or by the test
  generated_->add(0);
  return made;
}

Repository& World::repository(const std::string& full_name) {
  if (Repository* found = find_repository(full_name)) return *found;
  std::size_t slash = full_name.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == full_name.size()) {
    throw WorldError("repository \"" + full_name + "\": expected \"owner/name\"");
  }
  std::string owner = full_name.substr(0, slash);
  bool new_owner = find_login(owner) == nullptr;
  Account& owner_account = account(owner);
  if (new_owner) {
    owner_account.organization = true;
    owner_account.node_id = make_node_id("O", owner_account.database_id);
  }
  Repository& made = repositories_.emplace_back();
  made.database_id = 500'000 + repositories_.size();
  made.node_id = make_node_id("R", made.database_id);
  made.owner = &owner_account;
  made.name = full_name.substr(slash + 1);
  made.created_s = github_began_s;
  by_name_[lower_case(full_name)] = &made;
  return made;
}

Commit& World::add_commit(const std::string& full_name, Commit commit, const std::string& author) {
  Repository& repository_of_it = repository(full_name);
  Account& author_account = account(author);
  commit.author = &author_account;
  make_person(author_account, std::min(commit.authored_s, commit.committed_s) - day_s);
  if (commit.sha.empty()) {
    commit.sha = hex_digest(
        "SHA1", fmt::format("{} {} {} {} {} {}", full_name, author, commit.authored_s,
                            commit.committed_s, commit.headline, repository_of_it.commits.size()));
  }
  repository_of_it.pushed_s = std::max(repository_of_it.pushed_s, commit.committed_s);
  repository_of_it.commits.push_back(std::move(commit));
  indexed_ = false;
  return repository_of_it.commits.back();
}

Item& World::add_item(ItemKind kind, const std::string& full_name, const std::string& author,
                      std::int64_t created_s, const std::string& title) {
  Repository& repository_of_it = repository(full_name);
  Account& author_account = account(author);
  make_person(author_account, created_s - day_s);
  Item& item = items_.emplace_back();
  item.kind = kind;
  item.number = items_.size();
  item.author = &author_account;
  item.repository = &repository_of_it;
  item.created_s = created_s;
  item.title = title;
  item.state = kind == ItemKind::review ? "APPROVED" : "OPEN";
  std::string_view prefix = kind == ItemKind::issue ? "I" : "PR";
  if (kind == ItemKind::review) prefix = "PRR";
  item.node_id = make_node_id(prefix, 7'000'000 + items_.size());
  return item;
}

const Account* World::busiest() const {
  const Account* best = nullptr;
  std::size_t most = 0;
  index();
  for (const Account& each : accounts_) {
    std::size_t count = 0;
    for (const AuthoredIn& in : authored_by(each)) count += in.positions.size();
    if (count > most) {
      most = count;
      best = &each;
    }
  }
  return best;
}

void World::index() const {
  if (indexed_) return;
  authored_.clear();
  for (const Repository& each : repositories_) {
    for (std::size_t position = 0; position < each.commits.size(); ++position) {
      std::vector<AuthoredIn>& of_author = authored_[each.commits[position].author];
      if (of_author.empty() || of_author.back().repository != &each) {
        of_author.push_back(AuthoredIn{&each, {}});
      }
      of_author.back().positions.push_back(position);
    }
  }
  indexed_ = true;
}

const std::vector<AuthoredIn>& World::authored_by(const Account& account) const {
  static const std::vector<AuthoredIn> none;
  index();
  auto found = authored_.find(&account);
  return found == authored_.end() ? none : found->second;
}

std::vector<const Repository*> World::owned_by(const Account& account) const {
  std::vector<const Repository*> owned;
  for (const Repository& each : repositories_) {
    if (each.owner == &account && each.access == Access::open) owned.push_back(&each);
  }
  return owned;
}

}  // namespace tidemark::simulators
