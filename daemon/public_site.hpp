#pragma once

#include <cstdint>
#include <string>

#include "daemon/log.hpp"
#include "daemon/outlive.hpp"
#include "daemon/public_certificate.hpp"
#include "daemon/public_door.hpp"
#include "daemon/routes/public/services.hpp"
#include "daemon/settings.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace tidemark::daemon {

// What the site needs of the daemon; all of it outlives the site.
struct PublicNeeds {
  storage::Store& store;
  const storage::Sealer& sealer;
  async::Clock& clock;
  async::Random& random;
  jobs::Runner& runner;
  jobs::sign_in::SignInServices& sign_in;
  Log& log;
};

// The members' pages with their listener.
class PublicSite {
 public:
  // Binds at once; throws what http::Server throws, and for a certificate that cannot be used.
  PublicSite(async::Executor executor, const Settings& settings, PublicNeeds needs,
             Door::OnFatal on_fatal);

  async::Task<void> run() { return server_.run(); }
  // No new requests; sign-ins under way end.
  async::Task<void> stop(async::Deadline deadline);
  void apply_live(const Settings& settings);
  // Reads the certificate anew when its files have changed, or `anyway`.
  void refresh_certificate(bool anyway);

  [[nodiscard]] const std::string& url() const { return services_.settings.url; }
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

 private:
  [[nodiscard]] http::Handler late_handler();

  Log& log_;
  PublicCertificate certificate_;
  http::TrustedProxies proxies_;
  http::Server server_;  // before what it serves: only it knows the port
  Outlive arrivals_;
  PublicServices services_;
  http::Router router_;
  PublicDoor door_;
  http::Handler handler_;
};

}  // namespace tidemark::daemon
