#pragma once

#include <string>
#include <vector>

#include "http/client.hpp"
#include "http/github/answer.hpp"
#include "http/url.hpp"

namespace tidemark::test {

inline async::WallTime wall(std::int64_t unix_ms) {
  return async::WallTime(async::Milliseconds(unix_ms));
}

// What the client hands over: asked at 10:00:00.000, answered 200 ms later by our clock.
inline http::Exchanged answered(unsigned status, http::Headers headers, std::string body,
                                const std::string& url = "https://api.github.com/user") {
  http::Exchanged exchanged;
  exchanged.response.status = status;
  exchanged.response.headers = std::move(headers);
  exchanged.response.body = std::move(body);
  exchanged.url = *http::parse_url(url);
  exchanged.sent = wall(1'767'607'200'000);
  exchanged.received = wall(1'767'607'200'200);
  return exchanged;
}

// One row of the contract: a status with its headers and body, and what it means.
struct Recorded {
  std::string name;
  unsigned status;
  http::Headers headers;
  std::string body;
  http::github::Outcome outcome;
};

}  // namespace tidemark::test
