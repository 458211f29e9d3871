#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/door.hpp"
#include "daemon/events.hpp"
#include "daemon/log.hpp"
#include "daemon/public_site.hpp"
#include "daemon/routes/routes.hpp"
#include "daemon/secret_files.hpp"
#include "daemon/settings.hpp"
#include "http/async/clock.hpp"
#include "http/async/random.hpp"
#include "http/client.hpp"
#include "http/github/api.hpp"
#include "http/github/oauth.hpp"
#include "http/openhumans/api.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "jobs/client_holds.hpp"
#include "jobs/discovery/services.hpp"
#include "jobs/ledger.hpp"
#include "jobs/runner.hpp"
#include "jobs/sign_in/services.hpp"
#include "jobs/token_keeper.hpp"
#include "storage/engine.hpp"
#include "storage/pool.hpp"
#include "storage/seal.hpp"
#include "storage/store.hpp"

namespace tidemark::daemon {

// Everything the daemon is made of, in the order in which it is built, each after what it needs;
// taken apart in the reverse order.
struct Parts {
  // Opens the store and binds the listeners; throws what they throw, with the remedy.
  Parts(const Settings& settings, Log& the_log, Door::OnFatal on_fatal);
  ~Parts();

  [[nodiscard]] std::int64_t now_ms() const;
  // The operator's own, as it is in its file now. Throws as github_token does.
  [[nodiscard]] std::string crawl_token();
  // A provider refuses our own client, or (without `why`) takes it again.
  void client_refused(const std::string& provider, const std::string& why);
  void job_changed(const storage::Job& job, const std::string& what);
  // Takes over those settings that may change while the daemon runs.
  void apply_live(const Settings& settings);

  Log& log;
  boost::asio::io_context loop{1};  // one thread: no locks in http and jobs
  async::RealClock clock;
  async::SecureRandom random;
  std::unique_ptr<storage::Engine> engine;  // first of what can fail: a second daemon stops here
  storage::Sealer sealer;  // after it: only the store knows whether keys must exist
  std::unique_ptr<storage::Pool> pool;
  storage::Store store;
  std::unique_ptr<async::Connector> connector;
  http::Client client;
  http::github::Api github;
  http::github::OAuth github_oauth;
  http::openhumans::Api openhumans;
  jobs::QuotaLedger ledger;  // knows the windows before any job may ask
  jobs::TokenKeeper tokens;  // stopped after the runner
  EventHub events;
  jobs::Runner runner;
  jobs::ClientHolds client_holds;
  jobs::sign_in::Attempts attempts;
  jobs::sign_in::SignInServices sign_in;
  std::optional<FileStamp> github_token_stamp;  // of the file below, when it was read last
  std::string github_token_file;  // with the share, what the crawl reads anew whenever it asks
  jobs::QuotaShare crawl_share;
  jobs::discovery::DiscoveryServices discovery;
  RouteServices services;
  http::Router router;
  Door door;
  http::Server socket;  // last: whoever connects finds all of the above
  std::optional<http::Server> tcp;
  std::optional<PublicSite> site;
};

// Opens the store, brings it to the newest format and logs what that did.
[[nodiscard]] std::unique_ptr<storage::Engine> open_store(const Settings& settings, Log& log);
// Loads the keys, or makes the first ones for a store that never sealed anything.
[[nodiscard]] storage::Sealer open_sealer(const Settings& settings, storage::Engine& engine,
                                          Log& log);

// What the settings say of the crawl.
[[nodiscard]] jobs::discovery::DiscoverySettings discovery_settings(const Settings& settings);

// Tells the log the tokens that the store holds, of so many members as it can remember: errors that
// were stored before this start may repeat one.
void learn_stored_tokens(storage::Engine& engine, const storage::Sealer& sealer, Log& log);

}  // namespace tidemark::daemon
