#pragma once

#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "jobs/signal.hpp"
#include "jobs/token_endpoints.hpp"
#include "jobs/token_keeper.hpp"

// Private to the keeper.

namespace tidemark::jobs {

// One renewal under way, and what all who asked for it get.
struct TokenRenewal {
  TokenRenewal(const async::Executor& executor, std::string its_member, std::string its_provider,
               std::string its_refused);

  // Returns when there is an answer, or when the waiter is cancelled.
  async::Task<void> wait();
  void end(FreshToken with);
  void end(std::exception_ptr with);
  [[nodiscard]] bool ended() const { return answer.has_value() || error != nullptr; }

  std::string member, provider, refused;
  std::string used;  // the access token that dies of it; empty: not looked yet
  std::optional<FreshToken> answer;
  std::exception_ptr error;
  Signal again;  // try to store the pair now

 private:
  boost::asio::steady_timer ended_;  // never expires: its cancellation says that it has ended
};

struct TokenKeeper::State {
  State(async::Executor its_executor, storage::Store& its_store, const storage::Sealer& its_sealer,
        async::Clock& its_clock, http::openhumans::Api& openhumans, http::github::OAuth& github,
        OnClientRefused its_on_client_refused);

  using Renewal = std::shared_ptr<TokenRenewal>;
  // A pair is looked at, and renewed when that is what it needs.
  enum class Need { none, renewal };
  struct Look {
    Need need = Need::none;
    FreshToken answer;    // without need
    storage::Token used;  // to be renewed
  };

  // token_keeper.cpp
  async::Task<FreshToken> fresh(std::string member, std::string provider, std::string refused);
  async::Task<Look> look(const std::string& member, const std::string& provider,
                         const std::string& refused);
  [[nodiscard]] Look judge(const std::optional<storage::Token>& token, const std::string& provider,
                           const std::string& refused) const;
  Renewal begin(const std::string& member, const std::string& provider, const std::string& refused);
  async::Task<FreshToken> join(Renewal renewal);
  async::Task<bool> settled(std::string provider, std::string access);
  async::Task<void> stop(async::Deadline deadline);
  [[nodiscard]] std::int64_t now_ms() const { return clock.wall_now().time_since_epoch().count(); }

  // token_renewal.cpp: on the keeper's own tasks.
  async::Task<void> work(Renewal renewal);
  void leave(const TokenRenewal& renewal);  // the next who asks begins another
  async::Task<void> renew(const Renewal& renewal);
  async::Task<TokenAnswer> ask(const Renewal& renewal, const storage::Token& used);
  async::Task<void> keep(const Renewal& renewal, storage::Token used, storage::Token next);
  async::Task<void> end_unneeded(const Renewal& renewal, storage::Token next);

  // token_client.cpp: whether a provider takes our own id and secret.
  struct Refusal {
    std::string why;
    async::SteadyTime probe_at;
    std::string member, used;  // whose renewal found out; empty: it was none
  };
  // Empty: ask. Of those who ask after a refusal one is let through every ten minutes.
  [[nodiscard]] std::string held(const std::string& provider);
  void learn(const Renewal& renewal, const storage::Token& used, const TokenAnswer& answer);
  void learn(const std::string& provider, const TokenAnswer& answer);
  void refused(Refusal refusal, const std::string& provider);
  void accepted(const std::string& provider);
  async::Task<void> probe(std::string provider);
  async::Task<void> probe_once(std::string provider);

  async::Executor executor;
  storage::Store& store;
  const storage::Sealer& sealer;
  async::Clock& clock;
  TokenEndpoints endpoints;
  OnClientRefused on_client_refused;
  std::map<std::pair<std::string, std::string>, Renewal> under_way;
  std::map<std::string, Refusal> refusals;  // by provider
  bool stopping = false;
  bool given_up = false;  // pairs that cannot be stored are let go
  Signal ended;
  async::TaskGroup group;
};

// For a daemon that is to end: whatever the asker waits for will not come any more.
[[nodiscard]] TokenTrouble stopping_trouble();

}  // namespace tidemark::jobs
