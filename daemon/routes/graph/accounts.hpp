#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/router.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::daemon::graph {

struct Account {
  storage::graph::User user;
  std::string former_login;  // as it was asked for, when the account has another one now
};
// By number, login (also a former one), or node id, in this order; "@123" is a login for sure.
[[nodiscard]] std::optional<Account> find_account(const storage::Reader& reader,
                                                  std::string_view name);
[[nodiscard]] http::Reply no_such_account(std::string_view name);

// A place in a list of accounts: nothing, when no account can have this number.
[[nodiscard]] std::optional<storage::graph::UserId> read_account_cursor(char letter,
                                                                        std::string_view text);

}  // namespace tidemark::daemon::graph
