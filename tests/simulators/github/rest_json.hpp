#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

// Accounts and repositories as REST writes them in lists.
[[nodiscard]] boost::json::object account_json(const Account& account, const std::string& api_url);
[[nodiscard]] boost::json::object repository_json(const Repository& repository,
                                                  const std::string& api_url);
// An account by itself, with profile and counts. Only who is signed in sees e-mail addresses.
[[nodiscard]] boost::json::object whole_account_json(const World& world, const Account& account,
                                                     const std::string& api_url, bool signed_in);

}  // namespace tidemark::simulators
