#include "http/exchange.hpp"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <optional>

#include "http/message_parser.hpp"

namespace tidemark::http {

namespace {

using Step = TransportError::Step;
namespace beast_http = boost::beast::http;

constexpr std::size_t joined_body_bytes = 64 * 1024;  // a head and a smaller body are one write
constexpr int interim_answers_max = 16;               // 1xx before the real one

bool is_cancellation(const boost::system::system_error& error) {
  return error.code() == boost::asio::error::operation_aborted;
}

std::string name_of(const Outgoing& outgoing) { return name_of(outgoing.request, outgoing.url); }

// Nothing when all was written. A failed write is not the end: a peer that refuses a body early
// closes after its answer, and that answer says more than "broken pipe".
async::Task<std::optional<std::string>> send(Wire& wire, const Outgoing& outgoing) {
  try {
    if (outgoing.request.body.empty()) {
      co_await wire.connection->write(outgoing.head);
    } else if (outgoing.request.body.size() <= joined_body_bytes) {
      std::string joined = outgoing.head;
      joined.append(outgoing.request.body);
      co_await wire.connection->write(joined);
    } else {
      co_await wire.connection->write(outgoing.head);
      co_await wire.connection->write(outgoing.request.body);
    }
  } catch (const boost::system::system_error& error) {
    if (is_cancellation(error)) throw;
    co_return error.code().message();
  }
  co_return std::nullopt;
}

// 0 at the end of the stream.
async::Task<std::size_t> receive(Wire& wire, const Outgoing& outgoing, std::size_t unparsed_max) {
  std::span<char> room = wire.buffer.room(unparsed_max);
  if (room.empty()) {
    throw TransportError(Step::too_large, fmt::format("{}: a line of the answer is longer than {} "
                                                      "bytes",
                                                      name_of(outgoing), unparsed_max));
  }
  std::size_t count = 0;
  try {
    count = co_await wire.connection->read_some(room);
  } catch (const boost::system::system_error& error) {
    if (is_cancellation(error)) throw;
    throw TransportError(Step::read, fmt::format("{}: the connection broke while reading: {}",
                                                 name_of(outgoing), error.code().message()));
  }
  wire.buffer.commit(count);
  co_return count;
}

[[noreturn]] void refuse(const boost::system::error_code& error, const Outgoing& outgoing) {
  if (error == beast_http::error::body_limit) {
    throw TransportError(Step::too_large,
                         fmt::format("{}: the answer's body is larger than the limit of {} bytes",
                                     name_of(outgoing), outgoing.body_bytes_max));
  }
  if (error == beast_http::error::header_limit) {
    throw TransportError(Step::too_large,
                         fmt::format("{}: the answer's headers are larger than {} bytes",
                                     name_of(outgoing), outgoing.header_bytes_max));
  }
  throw TransportError(Step::malformed, fmt::format("{}: the answer is not well-formed HTTP: {}",
                                                    name_of(outgoing), error.message()));
}

// Parses what the buffer holds.
void feed(ResponseParser& parser, ReadBuffer& buffer, const Outgoing& outgoing) {
  boost::system::error_code error;
  std::string_view view = buffer.view();
  if (view.empty()) return;
  std::size_t used = parser.put({view.data(), view.size()}, error);
  buffer.consume(used);
  if (error && error != beast_http::error::need_more) refuse(error, outgoing);
}

// The stream ended before the parser was done: right only for a body without a length.
void finish_at_end(ResponseParser& parser, const Outgoing& outgoing) {
  boost::system::error_code error = beast_http::error::partial_message;
  if (parser.got_some()) parser.put_eof(error);
  if (!error) return;
  throw TransportError(
      Step::read, fmt::format("{}: the peer closed the connection {} the answer", name_of(outgoing),
                              parser.got_some() ? "in the middle of" : "instead of beginning"));
}

}  // namespace

std::string name_of(const Request& request, const Url& url) {
  return fmt::format("{} {}{}", request.method, url.origin(),
                     std::string_view(url.target).substr(0, url.target.find('?')));
}

async::Task<Answer> exchange_on(Wire& wire, async::Clock& clock, const Outgoing& outgoing,
                                bool& answered) {
  Answer answer;
  answer.sent = clock.wall_now();
  auto write_failure = co_await send(wire, outgoing);
  const ParseLimits limits{outgoing.header_bytes_max, outgoing.body_bytes_max};
  try {
    for (int interim = 0; interim <= interim_answers_max; ++interim) {
      ResponseParser parser(limits, outgoing.request.method == "HEAD");
      if (outgoing.on_body) parser.pass_body_to(outgoing.on_body);
      std::optional<async::WallTime> headers_came;
      bool ended = false;
      while (true) {
        feed(parser, wire.buffer, outgoing);
        if (parser.is_header_done() && !headers_came) headers_came = clock.wall_now();
        if (parser.is_done()) break;
        std::size_t count = co_await receive(wire, outgoing, outgoing.header_bytes_max);
        if (count > 0) answered = true;
        ended = count == 0;
        if (ended) finish_at_end(parser, outgoing);
      }
      if (parser.status() < 200) continue;
      answer.received = headers_came.value_or(answer.sent);
      answer.reusable = !write_failure && !ended && parser.keep_alive() && wire.buffer.empty();
      answer.response = parser.take();
      co_return answer;
    }
  } catch (const TransportError&) {
    if (!write_failure || answered) throw;
  }
  if (write_failure && !answered) {
    throw TransportError(Step::write, fmt::format("{}: the connection broke while sending: {}",
                                                  name_of(outgoing), *write_failure));
  }
  throw TransportError(Step::malformed,
                       fmt::format("{}: more than {} interim answers came before the real one",
                                   name_of(outgoing), interim_answers_max));
}

}  // namespace tidemark::http
