#pragma once

#include "http/async/clock.hpp"
#include "http/github/api.hpp"
#include "http/github/oauth.hpp"
#include "http/openhumans/api.hpp"
#include "jobs/ledger.hpp"
#include "jobs/sign_in/attempts.hpp"
#include "jobs/token_keeper.hpp"
#include "storage/seal.hpp"
#include "storage/store.hpp"

namespace tidemark::jobs::sign_in {

// What signing in, connecting and leaving use; all of it outlives them.
struct SignInServices {
  storage::Store& store;
  const storage::Sealer& sealer;
  async::Clock& clock;
  http::github::Api& github;
  http::github::OAuth& github_oauth;
  http::openhumans::Api& openhumans;
  QuotaLedger& ledger;
  TokenKeeper& tokens;
  Attempts& attempts;
};

}  // namespace tidemark::jobs::sign_in
