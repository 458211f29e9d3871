// The receiving half of http/session.hpp.
#include <algorithm>
#include <boost/system/system_error.hpp>
#include <utility>

#include "http/message_parser.hpp"
#include "http/session.hpp"
#include "http/url.hpp"

namespace tidemark::http {

namespace {

namespace beast_http = boost::beast::http;

// The peer ended the stream, between requests or inside one. Nobody is left to tell.
struct PeerLeft {};

bool waits_for_continue(const RequestParser& parser) {
  auto expect = parser.headers().find("Expect");
  return expect && parser.is_http_1_1() && equals_ignoring_case(*expect, "100-continue");
}

// What two readers could understand differently is refused.
bool framing_is_certain(const RequestParser& parser) {
  auto named_host = [](const auto& field) { return equals_ignoring_case(field.first, "Host"); };
  const Headers& headers = parser.headers();
  auto hosts = std::count_if(headers.begin(), headers.end(), named_host);
  if (parser.is_http_1_1()) return hosts == 1;
  return hosts <= 1 && !headers.has("Transfer-Encoding");
}

// RFC 9112, 3.2.2: "GET http://host/path" is taken as "GET /path" with "Host: host", whatever the
// Host header says. Other forms are left to the handler to refuse.
void take_absolute_form(Request& request) {
  if (request.target.starts_with('/')) return;
  const auto url = parse_url(request.target);
  if (!url) return;
  const std::string origin = url->origin();
  request.headers.set("Host", origin.substr(origin.find("://") + 3));
  request.target = url->target;
}

}  // namespace

// Nothing when the connection is over, whether quietly or after a refusal.
async::Task<std::optional<Request>> Session::next_request() {
  std::optional<Refusal> refusal;
  try {
    co_return co_await receive_request();
  } catch (const PeerLeft&) {
    co_return std::nullopt;
  } catch (const Refusal& thrown) {
    refusal = thrown;
  }
  co_await refuse(*refusal);
  co_return std::nullopt;
}

async::Task<Request> Session::receive_request() {
  if (buffer_.empty()) co_await read_more();
  enter(Step::receive, limits_.header_ms + limits_.body_ms);
  // Some clients send an empty line after a body.
  while (buffer_.view().starts_with("\r\n")) buffer_.consume(2);

  RequestParser parser(ParseLimits{limits_.header_bytes, limits_.body_bytes});
  feed(parser);
  bool timed_out = false;
  try {
    if (!parser.is_header_done()) {
      auto deadline = async::Deadline::after(clock_, limits_.header_ms);
      auto reading = read_head(parser);
      co_await async::with_deadline(clock_, deadline, "headers", std::move(reading));
    }
    if (!parser.is_done()) {
      auto deadline = async::Deadline::after(clock_, limits_.body_ms);
      auto reading = read_body(parser);
      co_await async::with_deadline(clock_, deadline, "body", std::move(reading));
    }
  } catch (const async::DeadlinePassed&) {
    timed_out = true;
  }
  if (timed_out) {
    throw Refusal{408, "/problems/request-timeout", "Request timeout",
                  "The request did not arrive in time. Send it without pauses."};
  }
  if (!framing_is_certain(parser)) {
    throw Refusal{400, "/problems/malformed-request", "Malformed request",
                  "The request must name its host exactly once, and HTTP/1.0 has no chunks."};
  }
  keep_alive_ = parser.keep_alive();
  is_http_1_1_ = parser.is_http_1_1();
  Request request = parser.take();
  take_absolute_form(request);
  co_return request;
}

async::Task<void> Session::read_head(RequestParser& parser) {
  while (!parser.is_header_done()) {
    co_await read_more();
    feed(parser);
  }
}

async::Task<void> Session::read_body(RequestParser& parser) {
  // The headers were accepted, the announced length too: the body may come.
  if (waits_for_continue(parser)) {
    co_await connection_->write("HTTP/1.1 100 Continue\r\n\r\n");
  }
  while (!parser.is_done()) {
    co_await read_more();
    feed(parser);
  }
}

async::Task<void> Session::read_more() {
  std::span<char> room = buffer_.room(limits_.header_bytes);
  if (room.empty()) {
    throw Refusal{431, "/problems/headers-too-large", "Request header fields too large",
                  "A line of the request is longer than this server takes."};
  }
  std::size_t count = co_await connection_->read_some(room);
  if (count == 0) throw PeerLeft{};
  buffer_.commit(count);
}

void Session::feed(RequestParser& parser) {
  std::string_view view = buffer_.view();
  if (view.empty()) return;
  boost::system::error_code error;
  std::size_t used = parser.put({view.data(), view.size()}, error);
  buffer_.consume(used);
  if (!error || error == beast_http::error::need_more) return;
  if (error == beast_http::error::header_limit) {
    throw Refusal{431, "/problems/headers-too-large", "Request header fields too large",
                  "The headers of the request are larger than this server takes."};
  }
  if (error == beast_http::error::body_limit) {
    throw Refusal{413, "/problems/body-too-large", "Content too large",
                  "The body of the request is larger than this server takes."};
  }
  throw Refusal{400, "/problems/malformed-request", "Malformed request",
                "The request is not well-formed HTTP/1.1."};
}

}  // namespace tidemark::http
