#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/async/clock.hpp"
#include "http/async/connection.hpp"
#include "http/server.hpp"
#include "http/url.hpp"

namespace tidemark::test {

// A server that says exactly what a test wants, well-formed or not, over real sockets.
class WirePeer {
 public:
  // Serves the n-th connection (from 0), which is closed when the script returns.
  using Script = std::function<async::Task<void>(async::Connection& connection, int number)>;

  WirePeer(async::Executor executor, Script script,
           std::optional<http::TlsIdentity> tls = std::nullopt);
  ~WirePeer();

  // "http://127.0.0.1:PORT" + target, or https://localhost:PORT.
  [[nodiscard]] http::Url url(const std::string& target) const;
  [[nodiscard]] int connections() const;
  // Cuts what is still open.
  async::Task<void> stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// A script that reads one request and answers it with these bytes, for every connection.
[[nodiscard]] WirePeer::Script answering(std::string bytes);

// The next request's head and body (by Content-Length); throws when the stream ends first.
async::Task<std::string> read_request(async::Connection& connection);

// Everything up to the end of the stream.
async::Task<std::string> read_to_end(async::Connection& connection);
// Until `ending` was read.
async::Task<std::string> read_until(async::Connection& connection, std::string ending);

[[nodiscard]] std::string compressed(std::string_view text, bool gzip);
// "…Content-Length: N\r\n\r\nbody" with status 200.
[[nodiscard]] std::string whole_answer(std::string_view body, std::string_view headers = "");

// Made once per run; see make_tls_identity(). Clients of these tests trust it.
[[nodiscard]] const http::TlsIdentity& test_identity();
// Another one, which nobody trusts.
[[nodiscard]] const http::TlsIdentity& strange_identity();
[[nodiscard]] std::string temporary_path(const std::string& name);

}  // namespace tidemark::test
