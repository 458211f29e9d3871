#pragma once

#include <string>
#include <utility>

#include "http/digest.hpp"
#include "tests/daemon/member_room.hpp"

namespace tidemark::test {

// What Open Humans tells when a member leaves; signed unless `secret` is empty.
inline async::Task<http::Response> webhook(MemberRoom::Life& life, std::string body,
                                           std::string secret = "secret-of-the-webhook") {
  http::Request request;
  request.method = "POST";
  request.target = "/openhumans/deauth";
  request.headers.set("Content-Type", "application/json");
  if (!secret.empty()) {
    request.headers.set("X-OpenHumans-Webhooks-Signature",
                        "sha1=" + http::hmac_sha1_hex(secret, body));
  }
  request.body = std::move(body);
  http::Reply reply = co_await life.ask(std::move(request));
  co_return std::move(reply.response);
}

inline std::string erasure(const std::string& id, bool erase,
                           const std::string& time = "2026-01-05T00:00:00+00:00") {
  return R"({"project_member_id": ")" + id + R"(", "erasure_requested": )" +
         (erase ? "true" : "false") + R"(, "timestamp": ")" + time + R"("})";
}

}  // namespace tidemark::test
