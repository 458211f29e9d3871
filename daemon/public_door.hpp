#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/door.hpp"
#include "daemon/log.hpp"
#include "daemon/public_rates.hpp"
#include "http/forwarded.hpp"
#include "http/router.hpp"

namespace tidemark::daemon {

struct PublicRules {
  std::string url;  // origin, as people type it; its host is the only one that is served
  std::vector<std::string> form_targets;  // origins that a form may lead to by redirect
  http::TrustedProxies proxies;
  std::uint64_t requests_per_minute = 300;
};

// What stands between the public listener and its pages: the rate of each address, the Host, the
// headers that keep browsers strict, and pages instead of problem+json.
class PublicDoor {
 public:
  PublicDoor(const http::Router& router, async::Clock& clock, PublicRules rules, Log& log,
             Door::OnFatal on_fatal);

  [[nodiscard]] http::Handler handler();
  // An answer that the listener made by itself: it gets our headers, and is a page.
  void dress(http::Reply& reply) const;
  // An error of work that went on after its asker had gone: told, and judged like one that met
  // them.
  void unheard(const std::string& name, std::exception_ptr error);
  void set_rate(std::uint64_t per_minute) { rates_.set_rate(per_minute); }

 private:
  async::Task<http::Reply> answer(http::Request request, http::Peer peer);
  async::Task<http::Reply> routed(http::Request request, http::Peer peer);
  http::Reply of_outage(std::exception_ptr error);
  void add_headers(http::Reply& reply) const;
  void tell_of_proxy(const http::Origin& origin, std::int64_t now_ms);

  const http::Router& router_;
  async::Clock& clock_;
  PublicRules rules_;
  std::string host_;  // with its port unless it is the scheme's own
  std::string policy_;
  bool secure_;
  PublicRates rates_;
  std::int64_t told_of_proxy_ms_ = 0;
  Log& log_;
  Door::OnFatal on_fatal_;
};

// The Content-Security-Policy of every page: nothing from elsewhere, nothing inline.
[[nodiscard]] std::string content_security_policy(const std::vector<std::string>& form_targets);

}  // namespace tidemark::daemon
