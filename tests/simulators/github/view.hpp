#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/faults.hpp"
#include "tests/simulators/github/lists.hpp"
#include "tests/simulators/graphql/execute.hpp"
#include "tests/simulators/graphql/query.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

// The world as one caller sees it in one request. Outlives the objects made from it.
struct View {
  const World* world = nullptr;
  const Account* viewer = nullptr;
  bool sees_private = false;  // the token has the scope "repo"
  std::int64_t now_s = 0;     // server's clock
  bool days_whole = false;    // contributions count by whole days of the account's zone
  std::vector<Fault> faults;
  graphql::Resolved rate_limit;
  mutable std::uint64_t weight = 0;  // connections asked and commits looked at so far
  Lists lists;
  std::uint64_t nodes = 0;                   // that the query may bring, by its price
  std::uint64_t truncate_parents = 0;        // 0: never
  std::uint64_t truncate_entries = 0;        // 0: two fifths
  std::uint64_t hide_one_in = 0;             // 0: of nobody
  graphql::Parents parents;                  // how often the query asks each connection
  mutable std::vector<std::uint64_t> pages;  // of accounts' lists, as the ledger knows them

  [[nodiscard]] bool visible(const Repository& repository) const;
  // Throws RESOURCE_LIMITS_EXCEEDED once the request has become too heavy.
  void weigh(std::uint64_t amount) const;
  // The fault of this kind that concerns the repository.
  [[nodiscard]] const Fault* fault(FaultKind kind, const Repository* repository = nullptr) const;
  [[nodiscard]] std::int64_t total_count(std::size_t true_count) const;
  [[nodiscard]] std::int64_t number(std::int64_t true_number) const;

  // Begins to read a list of an account: throws when it was taken away or is too heavy, and tells
  // how many of its entries there seem to be.
  [[nodiscard]] std::size_t open_list(const Account& account, std::string_view name,
                                      const boost::json::object& arguments,
                                      std::size_t true_count) const;

 private:
  [[nodiscard]] bool heavy(const Account& account) const;
  [[nodiscard]] bool cut_short(const Account& account, std::string_view name,
                               const boost::json::object& arguments) const;
};

using graphql::ObjectPointer;
using graphql::Resolved;

[[nodiscard]] std::unique_ptr<graphql::Object> make_root(const View& view);
[[nodiscard]] ObjectPointer make_user(const View& view, const Account& account);
[[nodiscard]] ObjectPointer make_repository(const View& view, const Repository& repository);
[[nodiscard]] ObjectPointer make_repository(const View& view, RepositoryPointer repository);
// Connections of an account: name is followers, following, repositories, starredRepositories,
// gists.
[[nodiscard]] ObjectPointer make_follows(const View& view, const Account& account,
                                         std::string_view name,
                                         const boost::json::object& arguments);
[[nodiscard]] ObjectPointer make_owned(const View& view, const Account& account,
                                       const boost::json::object& arguments);
[[nodiscard]] ObjectPointer make_starred(const View& view, const Account& account,
                                         const boost::json::object& arguments);
[[nodiscard]] ObjectPointer make_gists(const View& view, const Account& account,
                                       const boost::json::object& arguments);
// A connection of which only the number is known: its page is empty.
[[nodiscard]] ObjectPointer make_counted(const View& view, std::string_view type,
                                         std::uint64_t count);
[[nodiscard]] ObjectPointer make_commit(const View& view, const Repository& repository,
                                        std::size_t position);
[[nodiscard]] ObjectPointer make_item(const View& view, const Item& item);
[[nodiscard]] ObjectPointer make_contributions(const View& view, const Account& account,
                                               const boost::json::object& arguments);
[[nodiscard]] ObjectPointer make_history(const View& view, const Repository& repository,
                                         const boost::json::object& arguments);

// A page of a list: which elements, and the cursor of each.
struct Page {
  std::size_t begin = 0, end = 0, total = 0;
  std::string cursor_prefix;  // before the number of the element

  [[nodiscard]] std::string cursor(std::size_t index) const;
};
// From first, last and after; `after` of another list's cursor is an error.
[[nodiscard]] Page page_of(const boost::json::object& arguments, std::size_t total,
                           std::string cursor_prefix);
[[nodiscard]] ObjectPointer make_connection(const View& view, std::string_view type, Page page,
                                            std::vector<ObjectPointer> nodes);

[[nodiscard]] Resolved text(std::string_view value);
[[nodiscard]] Resolved text_or_null(std::string_view value);  // null for an empty text
[[nodiscard]] Resolved moment(std::int64_t unix_s);
[[nodiscard]] std::int64_t updated_of(const Repository& repository);
[[nodiscard]] std::string account_url(const Account& account);
[[nodiscard]] std::string repository_url(const Repository& repository);

}  // namespace tidemark::simulators
