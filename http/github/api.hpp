#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>

#include "http/client.hpp"
#include "http/github/answer.hpp"

namespace tidemark::http::github {

struct ApiSettings {
  std::string api_url = "https://api.github.com";
  std::string graphql_url = "https://api.github.com/graphql";
  std::string api_version = "2022-11-28";
  async::Milliseconds request_ms{30'000};
  // Told each token before it is sent: so that it can be kept out of logs, should an answer repeat
  // it.
  std::function<void(const std::string& secret)> on_secret = {};
};

// Typed calls; one request each, no retry but the client's one on a stale connection. Transport
// failures come back as too_heavy (a stream that was cut or timed out after sending: GitHub's way
// of refusing an over-budget query) or server_error (nothing reached it), never as exceptions.
class Api {
 public:
  Api(Client& client, async::Clock& clock, ApiSettings settings);

  // `token` empty: anonymous. `target` is a path ("/user") or an absolute address of this API, as
  // Link headers give it; another host is refused as `invalid`. Redirects within the API are
  // followed; `exchanged.moved_permanently` tells when to store the new address.
  async::Task<Answer> get(std::string token, std::string target, std::string etag = {});
  async::Task<Answer> graphql(std::string token, std::string query, boost::json::object variables);

 private:
  Client& client_;
  async::Clock& clock_;
  ApiSettings settings_;
};

}  // namespace tidemark::http::github
