#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "http/async/clock.hpp"
#include "http/async/deadline.hpp"
#include "http/async/task_group.hpp"
#include "http/github/oauth.hpp"
#include "http/openhumans/api.hpp"
#include "jobs/token_endpoints.hpp"
#include "storage/seal.hpp"
#include "storage/secrets.hpp"
#include "storage/store.hpp"

namespace tidemark::jobs {

// Why there is no token to use.
struct TokenTrouble {
  enum class Kind {
    absent,          // there is none: the member must sign in
    refused,         // it is dead and cannot be renewed: the member must sign in
    client_refused,  // our own client id or secret is wrong: nobody's token can be renewed
    outage,          // the provider did not answer: later
    rejected,        // another refusal: our mistake
  };
  Kind kind = Kind::absent;
  std::string message;  // plain words, for the member and the operator
  std::string used;     // the access token that was tried; empty: none
};
using FreshToken = std::variant<std::string, TokenTrouble>;

// Every member's tokens of both providers, and the only place that renews them: Open Humans and
// GitHub Apps kill both old tokens with the answer to a refresh, so that a second one at the same
// time, or an answer that is not stored, would cost the sign-in.
//
// - One refresh at a time for each member and provider; who asks meanwhile gets the same answer.
// - A refresh belongs to the keeper, not to who asked for it: a job that is cancelled, has lost its
//   lease or is shut down does not take the answer with it.
// - The new pair is on disk (fsync) before anybody may use it. While the disk is full the keeper
//   holds on to it and tries again until there is room.
class TokenKeeper {
 public:
  // Called when a provider refuses our own client, and with an empty `why` when it takes it again.
  // Meanwhile no renewal is sent there, but for one every ten minutes, or a question with a token
  // that there is none of.
  using OnClientRefused = std::function<void(const std::string& provider, const std::string& why)>;

  TokenKeeper(async::Executor executor, storage::Store& store, const storage::Sealer& sealer,
              async::Clock& clock, http::openhumans::Api& openhumans,
              http::github::OAuth& github_oauth, OnClientRefused on_client_refused);
  ~TokenKeeper();

  // A token that should be accepted: the stored one, or a new one when that expires within a minute
  // or is `refused`, the one that the provider has just not accepted (empty: none).
  // `provider` is "openhumans" or "github".
  async::Task<FreshToken> fresh(std::string member, std::string provider, std::string refused = {});

  // Returns when no renewal of this access token is under way: what is then in the store is what
  // the provider knows. False: it takes too long.
  async::Task<bool> settled(std::string provider, std::string access);

  // What anybody else's question to the provider said of our own client (exchanging a code, the
  // device flow, ending a token): all of it is learnt here, and nowhere else. An answer that says
  // nothing of it changes nothing.
  void learn(const std::string& provider, const TokenAnswer& answer);
  // The provider took our id and secret: a code was exchanged.
  void client_accepted(const std::string& provider);

  // Lets refreshes under way end and be stored, until the deadline. Must be awaited before the
  // keeper is destroyed.
  async::Task<void> stop(async::Deadline deadline);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tidemark::jobs
