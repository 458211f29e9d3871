#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::simulators {

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
  bool deleted = false;
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
  bool fork = false, is_private = false, archived = false;
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

class World {
 public:
  World() = default;
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

  // Changing during a run.
  bool remove_commit(const std::string& full_name, const std::string& sha);
  bool rebase_commit(const std::string& full_name, const std::string& sha,
                     const std::string& new_sha, std::int64_t committed_s);
  void rename(const std::string& full_name, const std::string& new_name);
  void empty_repository(const std::string& full_name);

  // Finding; nullptr when not there.
  [[nodiscard]] const Account* find_login(std::string_view login) const;  // without regard to case
  [[nodiscard]] const Account* find_account(std::uint64_t database_id) const;
  [[nodiscard]] Repository* find_repository(std::string_view full_name);  // also by former name
  [[nodiscard]] const Repository* find_repository(std::string_view full_name) const;
  [[nodiscard]] const Repository* find_repository(std::uint64_t database_id) const;
  [[nodiscard]] const Account* busiest() const;

  [[nodiscard]] const std::deque<Account>& accounts() const { return accounts_; }
  [[nodiscard]] const std::deque<Repository>& repositories() const { return repositories_; }
  [[nodiscard]] const std::deque<Item>& items() const { return items_; }
  [[nodiscard]] const std::vector<AuthoredIn>& authored_by(const Account& account) const;
  // Repositories that the account made: one contribution each.
  [[nodiscard]] std::vector<const Repository*> owned_by(const Account& account) const;

 private:
  void index() const;

  std::deque<Account> accounts_;
  std::deque<Repository> repositories_;
  std::deque<Item> items_;
  std::map<std::string, Account*, std::less<>> by_login_;    // lower case
  std::map<std::string, Repository*, std::less<>> by_name_;  // lower case, former names too
  mutable std::map<const Account*, std::vector<AuthoredIn>> authored_;
  mutable bool indexed_ = false;
};

[[nodiscard]] std::string lower_case(std::string_view text);
// New-style node ids: opaque, but as GitHub makes them: "U_kgDO" and four bytes in base64.
[[nodiscard]] std::string make_node_id(std::string_view prefix, std::uint64_t id);
[[nodiscard]] std::string base64(std::string_view bytes, bool for_urls);
[[nodiscard]] std::string hex_digest(std::string_view algorithm, std::string_view text);

}  // namespace tidemark::simulators
