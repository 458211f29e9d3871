#include <algorithm>
#include <boost/json/serialize.hpp>

#include "tests/simulators/github/view.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/numbers.hpp"

namespace tidemark::simulators {

namespace json = boost::json;
using graphql::FieldError;

bool View::heavy(const Account& account) const {
  for (const Fault& each : faults) {
    if (each.kind != FaultKind::heavy_accounts || nodes <= each.weight) continue;
    bool named = std::find(each.logins.begin(), each.logins.end(), lower_case(account.login)) !=
                 each.logins.end();
    if (named || (each.one_in > 0 && account.database_id % each.one_in == 0)) return true;
  }
  return false;
}

// Of the lists that are asked of too many parents at once about a half; always the same ones for
// the same number of parents.
bool View::cut_short(const Account& account, std::string_view name,
                     const json::object& arguments) const {
  if (truncate_parents == 0) return false;
  auto asked = parents.find(graphql::connection_key(name, arguments));
  if (asked == parents.end() || asked->second <= truncate_parents) return false;
  return Numbers(asked->second + name.size(), account.database_id).below(2) == 0;
}

std::size_t View::open_list(const Account& account, std::string_view name,
                            const json::object& arguments, std::size_t true_count) const {
  weigh(1);
  if (heavy(account)) {
    throw FieldError("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded.");
  }
  std::string list(name == "starredRepositories" ? "starred" : name);
  switch (lists.state(list)) {
    case ListState::open: break;
    case ListState::empty: return 0;
    case ListState::forbidden:
      throw FieldError("FORBIDDEN", "Resource not accessible by personal access token");
    case ListState::missing: throw FieldError("NOT_FOUND", "Could not resolve to a " + list);
    case ListState::gone:
      throw FieldError("FORBIDDEN", "The field '" + list + "' has been removed.");
  }
  if (arguments.contains("first") || arguments.contains("last")) {
    pages.push_back(list_page(account.database_id, list, json::serialize(arguments)));
  }
  const bool hides =
      hide_one_in != 0 && name == "followers" && account.database_id % hide_one_in == 0;
  const std::size_t shown = hides && true_count > 0 ? true_count - 1 : true_count;
  if (!cut_short(account, name, arguments)) return shown;
  if (truncate_entries == 0) return shown * 3 / 5;
  return shown > truncate_entries ? shown - truncate_entries : 0;
}

}  // namespace tidemark::simulators
