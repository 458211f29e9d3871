#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/async/connection.hpp"
#include "http/client.hpp"
#include "http/message.hpp"
#include "http/read_buffer.hpp"

namespace tidemark::http {

// An open connection with what was read from it and not yet used.
struct Wire {
  std::unique_ptr<async::Connection> connection;
  ReadBuffer buffer;
};

// A request as it goes out. The references must outlive the exchange.
struct Outgoing {
  const Request& request;
  const Url& url;
  std::string head;
  std::size_t header_bytes_max = 0;
  std::size_t body_bytes_max = 0;
  const std::function<void(std::string_view piece)>& on_body;  // empty: the answer keeps its body
};

// "GET https://host/path" for messages: without the query, which may hold secrets.
[[nodiscard]] std::string name_of(const Request& request, const Url& url);

struct Answer {
  Response response;
  async::WallTime sent, received;
  bool reusable = false;  // the connection stands exactly between two messages
};

// One request and its whole answer on one connection. Throws TransportError. `answered` tells
// whether any byte of an answer came: after that nothing may be sent again.
async::Task<Answer> exchange_on(Wire& wire, async::Clock& clock, const Outgoing& outgoing,
                                bool& answered);

}  // namespace tidemark::http
