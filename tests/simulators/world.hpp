#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/simulators/graph/graph.hpp"
#include "tests/simulators/graph/profile.hpp"

namespace tidemark::simulators {

class GeneratedRepositories;

// What exists on the simulated GitHub. Accounts and repositories live in deques and are never
// removed, so that their addresses stay good; what a test takes away is only marked.

struct Account {
  std::uint64_t database_id = 0;
  std::string node_id;
  std::string login;
  std::string name;
  std::int64_t created_s = 0;
  bool created_by_hand = false;  // else it follows the first commit
  int utc_offset_minutes = 0;    // of the account's contribution calendar
  bool organization = false;     // user(login:) does not find these
  bool bot = false;              // nor these
  bool deleted = false;
  bool suspended = false;      // not shown, but who follows or is followed still counts it
  std::uint32_t index = 0;     // its place among the world's accounts, and in the graph
  bool generated = false;      // profile and repositories follow from the seed
  bool bare = false;           // with nothing in its profile
  std::int64_t updated_s = 0;  // 0: as its profile says

  [[nodiscard]] bool visible() const { return !deleted && !suspended; }
  [[nodiscard]] bool person() const { return !organization && !bot; }
};

struct Commit {
  std::string sha;
  const Account* author = nullptr;
  std::int64_t authored_s = 0;
  std::int64_t committed_s = 0;
  bool merge = false;
  std::int64_t additions = 0;
  std::int64_t deletions = 0;
  std::string headline;
};

enum class Access { open, blocked_by_staff, blocked_by_dmca, deleted };

struct Repository {
  std::uint64_t database_id = 0;
  std::string node_id;
  const Account* owner = nullptr;
  std::string name;
  std::int64_t created_s = 0;
  std::int64_t pushed_s = 0;
  std::int64_t updated_s = 0;  // 0: as pushed
  std::string description, homepage, language;
  std::uint64_t stars = 0, forks = 0, watchers = 0, open_issues = 0;
  bool fork = false, is_private = false, archived = false, disabled = false;
  bool has_issues = true, has_projects = true, has_wiki = true, has_pages = false;
  Access access = Access::open;
  std::vector<Commit> commits;            // oldest first: topological, not by date
  std::vector<std::string> former_names;  // "owner/name" that answer 301

  [[nodiscard]] std::string full_name() const { return owner->login + "/" + name; }
};

enum class ItemKind { issue, pull_request, review };

// An issue, a pull request or a review: one contribution of its author.
struct Item {
  ItemKind kind = ItemKind::issue;
  std::uint64_t number = 0;  // of a review: its pull request's
  std::string node_id;
  const Account* author = nullptr;
  const Repository* repository = nullptr;
  std::int64_t created_s = 0;
  std::string title;
  std::string state;  // OPEN, CLOSED, MERGED; APPROVED, COMMENTED for reviews
  std::optional<std::int64_t> merged_s;
};

// The author's commits of one repository, by position in Repository::commits.
struct AuthoredIn {
  const Repository* repository = nullptr;
  std::vector<std::size_t> positions;  // ascending
};

class WorldError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

using RepositoryPointer = std::shared_ptr<const Repository>;

class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Making. A name that exists already is returned as it is.
  Account& account(const std::string& login);
  Repository& repository(const std::string& full_name);  // owners are made as organisations
  // Author and repository are made when new; an account made so is created the day before its first
  // commit, but never before GitHub began. An empty sha gets one made from the rest.
  Commit& add_commit(const std::string& full_name, Commit commit, const std::string& author);
  Item& add_item(ItemKind kind, const std::string& full_name, const std::string& author,
                 std::int64_t created_s, const std::string& title);

  // Reads NDJSON as in shared/data/README.md, gzip or plain; throws WorldError with file and line.
  // With `one_author` not empty, all commits belong to that login.
  void load_commits(const std::string& file, const std::string& one_author);
  void load_line(std::string_view line, const std::string& one_author);
  // Issues, pull requests, reviews and own repositories, reproducible from the seed.
  void add_extras(std::uint64_t seed);

  // The graph of who follows whom, by Account::index.
  [[nodiscard]] Graph& graph() { return graph_; }
  [[nodiscard]] const Graph& graph() const { return graph_; }
  // An account with a profile and repositories that follow from the seed. Throws when the login or
  // the number is taken.
  Account& add_generated(const std::string& login, std::uint64_t database_id, bool bare = false);
  void set_profile_seed(std::uint64_t seed, bool with_repositories);
  void seal_repositories();  // what can be starred from now on
  [[nodiscard]] Profile profile(const Account& account) const;
  Profile& edit_profile(Account& account);      // from now on as it is set here
  [[nodiscard]] std::uint64_t next_id() const;  // higher than all, for a new account

  // Changing during a run. All throw WorldError when there is no such account or repository.
  Account& known(std::string_view login);  // hidden ones too, but not deleted
  void rename_account(const std::string& login, const std::string& new_login);
  void delete_account(const std::string& login);
  bool remove_commit(const std::string& full_name, const std::string& sha);
  bool rebase_commit(const std::string& full_name, const std::string& sha,
                     const std::string& new_sha, std::int64_t committed_s);
  void rename(const std::string& full_name, const std::string& new_name);
  void empty_repository(const std::string& full_name);

  // Finding; nullptr when not there.
  [[nodiscard]] const Account* find_login(std::string_view login) const;  // without regard to case
  [[nodiscard]] const Account* find_account(std::uint64_t database_id) const;
  // Of an account that may be hidden or deleted by now.
  [[nodiscard]] std::optional<std::uint32_t> place_of(std::uint64_t database_id) const;
  [[nodiscard]] const Account* find_node(std::string_view node_id) const;
  // Up to `most` visible accounts with higher numbers, in order.
  [[nodiscard]] std::vector<const Account*> accounts_after(std::uint64_t database_id,
                                                           std::size_t most) const;
  [[nodiscard]] Repository* find_repository(std::string_view full_name);  // also by former name
  [[nodiscard]] const Repository* find_repository(std::string_view full_name) const;
  [[nodiscard]] const Repository* find_repository(std::uint64_t database_id) const;
  [[nodiscard]] const Account* busiest() const;

  [[nodiscard]] const std::deque<Account>& accounts() const { return accounts_; }
  [[nodiscard]] const std::deque<Repository>& repositories() const { return repositories_; }
  [[nodiscard]] const std::deque<Item>& items() const { return items_; }
  [[nodiscard]] const std::vector<AuthoredIn>& authored_by(const Account& account) const;
  // Repositories that the account made: one contribution each. Without those that follow from the
  // seed, for the weeks are not about them.
  [[nodiscard]] std::vector<const Repository*> owned_by(const Account& account) const;
  // All that an account owns, oldest first; and the numbers of those that everybody sees.
  [[nodiscard]] std::vector<RepositoryPointer> repositories_of(const Account& account) const;
  [[nodiscard]] std::vector<std::uint64_t> public_repositories(const Account& account) const;
  [[nodiscard]] RepositoryPointer generated_repository(std::uint64_t id) const;
  [[nodiscard]] RepositoryPointer find_repository_node(std::string_view node_id) const;
  [[nodiscard]] std::vector<std::uint64_t> starred_by(const Account& account) const;
  [[nodiscard]] bool has_starred(const Account& account, std::uint64_t repository_id) const;
  [[nodiscard]] RepositoryPointer collaboration_of(const Account& account) const;
  [[nodiscard]] std::uint64_t generated_repositories() const;

 private:
  void index() const;
  Account& make_account(const std::string& login, std::uint64_t database_id);
  [[nodiscard]] Repository* find_generated(std::string_view full_name) const;
  Repository* keep(const Account& owner, std::uint32_t which) const;

  std::deque<Account> accounts_;
  std::deque<Repository> repositories_;
  std::deque<Item> items_;
  std::map<std::string, Account*, std::less<>> by_login_;    // lower case
  std::map<std::string, Repository*, std::less<>> by_name_;  // lower case, former names too
  mutable std::map<const Account*, std::vector<AuthoredIn>> authored_;
  mutable bool indexed_ = false;

  Graph graph_;
  std::map<std::uint64_t, Account*> by_id_;
  std::multimap<std::string, Account*, std::less<>> former_logins_;  // lower case
  std::uint64_t profile_seed_ = 1;
  bool with_repositories_ = true;
  std::unique_ptr<GeneratedRepositories> generated_;
  std::unordered_map<const Account*, Profile> edited_profiles_;
  // Generated repositories that were asked for by name or number: these can be changed.
  mutable std::deque<Repository> kept_;
  mutable std::unordered_map<std::uint64_t, Repository*> kept_by_id_;
  std::vector<const Repository*> moved_;  // of those kept, by a rename
};

[[nodiscard]] std::string lower_case(std::string_view text);
// New-style node ids: opaque, but as GitHub makes them: "U_kgDO" and four bytes in base64.
[[nodiscard]] std::string make_node_id(std::string_view prefix, std::uint64_t id);
// The number in a node id of either style; nullopt: there is none.
[[nodiscard]] std::optional<std::uint64_t> number_of_node_id(std::string_view node_id);
// As accounts from before 2021 still have them: "MDQ6VXNlcjE=".
[[nodiscard]] std::string make_legacy_node_id(std::string_view type, std::uint64_t id);
[[nodiscard]] std::string base64(std::string_view bytes, bool for_urls);
// Of either alphabet, padded or not; nullopt: not base64.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);
[[nodiscard]] std::string hex_digest(std::string_view algorithm, std::string_view text);

}  // namespace tidemark::simulators
