// The answering half of http/session.hpp.
#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "http/first_of.hpp"
#include "http/router.hpp"
#include "http/session.hpp"

namespace tidemark::http {

namespace asio = boost::asio;

namespace {

constexpr std::size_t joined_body_bytes = 64 * 1024;  // a head and a smaller body are one write
constexpr std::size_t kept_out_bytes = 128 * 1024;    // a larger buffer is not kept for later

Reply internal_error(const ServerLimits& limits) {
  Reply reply = problem(500, "/problems/internal-error", "Internal error",
                        "The request failed inside the server. The log says why.");
  if (limits.on_refusal) limits.on_refusal(reply);
  return reply;
}

}  // namespace

async::Task<void> Session::answer(Request request) {
  bool is_head = request.method == "HEAD";
  where_ = request.method;
  where_.append(" ").append(request.target, 0, request.target.find('?'));
  enter(Step::handle, limits_.handle_ms);
  Reply reply = co_await handled(std::move(request));
  if (stopping_) keep_alive_ = false;
  begin_head(reply, is_head);
  bool has_body = may_have_body(reply.response.status) && !is_head;
  if (reply.stream && has_body) {
    co_await write_stream(reply.stream);
  } else if (has_body) {
    co_await write_with_body(reply.response.body);
  } else {
    co_await write(out_);
  }
  if (out_.capacity() > kept_out_bytes) out_ = std::string();
}

async::Task<Reply> Session::handled(Request request) {
  std::exception_ptr failure;
  try {
    co_return co_await handler_(std::move(request), peer_);
  } catch (...) {
    failure = std::current_exception();
  }
  // Cancelled from outside: that is not the handler's fault.
  auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) std::rethrow_exception(failure);
  report(where_, failure);
  co_return internal_error(limits_);
}

BodyFraming Session::framing(const Reply& reply, bool is_head) {
  if (reply.stream && !is_head) keep_alive_ = false;
  BodyFraming framing{BodyFraming::Kind::length, reply.response.body.size(), !keep_alive_};
  if (reply.stream) {
    // The length of what a GET would stream is not known; HTTP/1.0 knows no chunks.
    bool chunked = !is_head && is_http_1_1_;
    framing.kind = chunked ? BodyFraming::Kind::chunked : BodyFraming::Kind::none;
  }
  if (!may_have_body(reply.response.status)) framing.kind = BodyFraming::Kind::none;
  return framing;
}

// A reply that cannot be sent as it is counts as a fault of its handler.
void Session::begin_head(Reply& reply, bool is_head) {
  out_.clear();
  try {
    if (reply.response.status < 200) {
      throw std::invalid_argument("a reply has an interim status: the server sends those itself");
    }
    append_response_head(out_, reply.response.status, reply.response.headers,
                         framing(reply, is_head));
    return;
  } catch (const std::invalid_argument&) {
    report(where_, std::current_exception());
  }
  reply = internal_error(limits_);
  out_.clear();
  append_response_head(out_, reply.response.status, reply.response.headers,
                       framing(reply, is_head));
}

async::Task<void> Session::write_with_body(const std::string& body) {
  if (body.size() > joined_body_bytes) {
    co_await write(out_);
    co_await write(body);
  } else {
    out_.append(body);
    co_await write(out_);
  }
}

// What the peer sends meanwhile is dropped, so the connection cannot serve another request.
async::Task<void> Session::write_stream(const Stream& stream) {
  co_await write(out_);
  rest_in_stream();
  std::exception_ptr failure;
  try {
    co_await first_of(run_stream(stream), until_peer_leaves());
  } catch (...) {
    failure = std::current_exception();
  }
  // Without the last chunk the peer knows that the stream is not whole.
  if (peer_gone_ || stopping_) co_return;
  if (!failure) {
    if (is_http_1_1_) co_await write("0\r\n\r\n");
    co_return;
  }
  auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) std::rethrow_exception(failure);
  report(where_, failure);
}

// Between two chunks nothing has to happen: streams may be silent for hours.
void Session::rest_in_stream() {
  step_ = Step::stream;
  until_ = async::SteadyTime::max();
}

async::Task<void> Session::run_stream(const Stream& stream) {
  std::function<async::Task<void>(std::string_view)> send = [this](std::string_view chunk) {
    return send_chunk(chunk);
  };
  co_await stream(std::move(send));
}

async::Task<void> Session::send_chunk(std::string_view chunk) {
  if (chunk.empty()) co_return;  // an empty chunk would end the stream
  out_.clear();
  if (is_http_1_1_) fmt::format_to(std::back_inserter(out_), "{:x}\r\n", chunk.size());
  out_.append(chunk);
  if (is_http_1_1_) out_.append("\r\n");
  try {
    co_await write(out_);
  } catch (const boost::system::system_error&) {
    peer_gone_ = true;
    throw;
  }
  rest_in_stream();
}

async::Task<void> Session::until_peer_leaves() {
  try {
    std::size_t count = 1;
    while (count > 0) {
      buffer_.clear();
      count = co_await connection_->read_some(buffer_.room(1));
    }
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
  }
  peer_gone_ = true;
}

}  // namespace tidemark::http
