#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/hourly.hpp"
#include "daemon/log.hpp"
#include "daemon/outlive.hpp"
#include "http/async/clock.hpp"
#include "http/async/random.hpp"
#include "http/router.hpp"
#include "jobs/runner.hpp"
#include "jobs/sign_in/services.hpp"
#include "storage/seal.hpp"
#include "storage/store.hpp"

namespace tidemark::daemon {

struct PublicSettings {
  std::string url;      // origin, as people type it
  bool secure = false;  // https: cookies travel over TLS only
  std::string contact, activity_url;
  std::string webhook_secret;
  bool github_scopes = true;  // an OAuth App is asked for scopes, a GitHub App is not
  std::int64_t cooldown_ms = 3'600'000;
  std::int64_t stale_after_hours = 96;
  std::int64_t session_ms = std::int64_t{30} * 24 * 3'600'000;
  std::int64_t idle_ms = std::int64_t{14} * 24 * 3'600'000;
};

// What the members' pages work with; owned by the app, which outlives every answer.
struct PublicServices {
  storage::Store& store;
  const storage::Sealer& sealer;
  async::Clock& clock;
  async::Random& random;
  jobs::Runner& runner;
  jobs::sign_in::SignInServices& sign_in;
  Outlive& arrivals;  // sign-ins that must end although the browser went away
  Log& log;
  PublicSettings settings;
  Hourly told = {};

  [[nodiscard]] std::int64_t now_ms() const { return clock.wall_now().time_since_epoch().count(); }
};

// The route table of the public listener, one function a file.
[[nodiscard]] std::vector<http::Route> make_public_routes(PublicServices& services);

void add_site_routes(std::vector<http::Route>& routes, PublicServices& services);
void add_sign_in_routes(std::vector<http::Route>& routes, PublicServices& services);
void add_connect_routes(std::vector<http::Route>& routes, PublicServices& services);
void add_member_page_routes(std::vector<http::Route>& routes, PublicServices& services);
void add_member_action_routes(std::vector<http::Route>& routes, PublicServices& services);
void add_download_routes(std::vector<http::Route>& routes, PublicServices& services);
void add_leaving_routes(std::vector<http::Route>& routes, PublicServices& services);
void add_webhook_routes(std::vector<http::Route>& routes, PublicServices& services);

}  // namespace tidemark::daemon
