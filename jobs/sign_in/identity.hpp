#pragma once

#include <optional>
#include <string>

#include "http/github/oauth.hpp"
#include "jobs/sign_in/services.hpp"
#include "storage/quota.hpp"

namespace tidemark::jobs::sign_in {

// Whose a token is, as GitHub says.
struct IdentityAnswer {
  bool ok = false;
  std::string problem;  // plain words
  http::github::Identity identity;
  bool scopes_told = false;  // of GitHub Apps' tokens nothing is told
  // To be stored with what follows from the answer.
  std::optional<storage::QuotaWindow> quota;
};

// One request of the account's quota, which is nobody's known until the answer names the account.
async::Task<IdentityAnswer> ask_identity(SignInServices& services, std::string member,
                                         std::string access);

}  // namespace tidemark::jobs::sign_in
