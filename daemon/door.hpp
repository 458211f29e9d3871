#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/access.hpp"
#include "daemon/log.hpp"
#include "http/router.hpp"

namespace tidemark::daemon {

// What stands between the listeners and the routes: who may come in, 304, and what an outage
// becomes.
class Door {
 public:
  // Called once a write to the store failed for good: the daemon must end.
  using OnFatal = std::function<void(const std::string& what)>;

  Door(const http::Router& router, AccessRules rules, Log& log, OnFatal on_fatal);

  [[nodiscard]] http::Handler socket_handler();
  [[nodiscard]] http::Handler tcp_handler();
  void set_allowed_hosts(std::vector<std::string> hosts);

 private:
  async::Task<http::Reply> answer_socket(http::Request request, http::Peer peer);
  async::Task<http::Reply> answer_tcp(http::Request request, http::Peer peer);
  async::Task<http::Reply> answer(http::Request request, http::Peer peer);
  http::Reply reply_of_outage(std::exception_ptr error);

  const http::Router& router_;
  AccessRules rules_;
  Log& log_;
  OnFatal on_fatal_;
};

// Gives a 200 of JSON its ETag, and turns it into 304 when `if_none_match` has it.
void make_conditional(http::Reply& reply, std::optional<std::string_view> if_none_match);

}  // namespace tidemark::daemon
