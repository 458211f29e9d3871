#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "jobs/discovery/batch_lists.hpp"
#include "jobs/discovery/services.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"
#include "storage/graph/repository.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::jobs::discovery {

using storage::graph::List;
using storage::graph::UserId;

// An account as a list names it.
struct Entry {
  UserId id = 0;
  std::string node_id, login;
  storage::graph::UserKind kind = storage::graph::UserKind::user;
};

// A page of a list, from GraphQL or REST.
struct ListPage {
  List list = List::followers;
  std::vector<Entry> entries;                            // of followers and following
  std::vector<storage::graph::Repository> repositories;  // of repositories and stars
  std::size_t unreadable = 0;                            // entries that were null or made no sense
  std::optional<std::uint64_t> total;                    // totalCount; REST does not tell
  bool first = true;                                     // the list's first page
  bool refused = false;                                  // GitHub gave an error in its place
  bool withdrawn = false;  // … which is its word that nobody gets it: 403, 410
  std::string problem;     // its words
  std::string next;        // empty: this was the last page
  bool rest = false;       // `next` is an address
};

// What GitHub says of an account itself.
struct AccountNews {
  Entry account;
  std::optional<storage::graph::Profile> profile;
};

// Accounts seen of late, so that the popular ones need no reading. Bounded; what it holds may be
// older than the store only in ways that do not matter: `put_user` never makes a depth larger.
class Familiar {
 public:
  explicit Familiar(std::size_t most = 100'000) : most_(most) {}
  // True: this id with this login, no deeper than `depth`, was stored and needs no look.
  [[nodiscard]] bool knows(UserId id, std::string_view login, std::uint32_t depth) const;
  void learn(UserId id, std::string_view login, std::uint32_t depth);
  void forget(UserId id) { accounts_.erase(id); }
  void clear() { accounts_.clear(); }

 private:
  struct Known {
    std::uint32_t login_hash = 0, depth = 0;
  };
  std::size_t most_;
  std::unordered_map<UserId, Known> accounts_;
};

// What the storing of an answer works with. The counts are of this answer.
struct Taking {
  std::int64_t now_ms = 0;
  const DiscoverySettings& settings;
  const storage::graph::DenyList& denied;
  Familiar& familiar;  // changed only after the commit: see `learnt`
  // Put into `familiar` once the transaction is there.
  std::vector<std::pair<Entry, std::uint32_t>> learnt = {};
  std::uint64_t users_found = 0, users_read = 0, edges = 0, repositories = 0, ended = 0;
  std::uint64_t room = 0;  // how many accounts more may be stored (the size limit)
  // … and repositories
  std::uint64_t repositories_room = std::numeric_limits<std::uint64_t>::max();
  // Lists of these lack an edge that was seen from its other end: to be read again alone.
  std::vector<UserId> contradicted = {};
};

// All of these run inside the transaction that stores an answer; `user` is changed and stored. It
// is to be found in this transaction, right before: each of them may change other accounts' rows.
//
// Profile, login, kind, presence; the place in the frontier goes to its next due time once every
// list is read (see staleness.hpp).
void take_account(storage::Writer& writer, Taking& taking, storage::graph::User& user,
                  const AccountNews& news);
// The same of an account that was only counted: `counts` are pages without entries. A list that is
// as long as it was stays as it is; of another one the first page is to be asked for, as of a
// reading under way.
void take_counted(storage::Writer& writer, Taking& taking, storage::graph::User& user,
                  const AccountNews& news, const std::vector<ListPage>& counts);
// Edges, accounts seen for the first time (with their places), repositories; leaves or ends a
// ListReading; what the answer says of the capability. A list that came whole is `unconfirmed`:
// what it does not show any more is ended by take_confirmation, since it may have been cut short.
// An empty list ends nothing. Of stars, `entries` may name the owners of the repositories.
void take_page(storage::Writer& writer, Taking& taking, storage::graph::User& user,
               const ListPage& page);
// GitHub does not find the account.
void take_gone(storage::Writer& writer, Taking& taking, storage::graph::User& user);
// GitHub says that a list is as it was when it was last read to its end.
void take_unchanged(storage::Writer& writer, Taking& taking, storage::graph::User& user, List list);
// The lists of these accounts that all pages came of are `complete` (agrees), or everything of them
// is to be read again (does not). An edge that a list lacks, but that was seen from its other end
// in the same hour, stays, and the list is `cut`: see `contradicted`.
void take_confirmation(storage::Writer& writer, Taking& taking, const std::vector<UserId>& batch,
                       bool agrees);
// The same of certain lists. `unproven`: nobody could be compared, so they are `cut`.
enum class Verdict { complete, again, unproven };
void take_verdict(storage::Writer& writer, Taking& taking, const std::vector<UserId>& batch,
                  const BatchLists& lists, Verdict verdict);
// A list that just ended lacks edges that the store has, and speaks against their other ends, or
// was doubted before: a count of this very list decides.
[[nodiscard]] bool must_be_compared(const storage::Reader& reader, const storage::graph::User& user,
                                    List list, bool doubted);
// Nobody is to know this account. One that is denied by its login alone is denied by its number
// from now on, so that it may be renamed, and what was stored of it under another name is
// forgotten.
bool is_denied(storage::Writer& writer, const Taking& taking, const Entry& entry);
// An account known by name for the first time, or a shorter way to one that is known: row, place,
// and the depth of those behind it. False: denied, or no room.
bool take_entry(storage::Writer& writer, Taking& taking, const Entry& entry, std::uint32_t depth);

}  // namespace tidemark::jobs::discovery
