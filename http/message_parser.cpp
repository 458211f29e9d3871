#include "http/message_parser.hpp"

#include <algorithm>
#include <limits>

namespace tidemark::http {

namespace beast_http = boost::beast::http;

template <bool is_request>
MessageParser<is_request>::MessageParser(ParseLimits limits) : limits_(limits) {
  this->eager(true);
  this->header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  // What travels may be a little longer than what it decodes to, never much.
  this->body_limit(limits.body_bytes + limits.body_bytes / 100 + 1024);
}

template <bool is_request>
void MessageParser<is_request>::on_field_impl(field name, string_view name_text, string_view value,
                                              error_code& ec) {
  if (header_ended_) return;
  // Beast holds its limit against each read, not against their sum.
  header_bytes_ += name_text.size() + value.size() + 4;
  if (header_bytes_ > limits_.header_bytes) {
    ec = beast_http::error::header_limit;
    return;
  }
  // Beast takes any other coding for "no body", which lets a body pose as the next message.
  if (name == field::transfer_encoding && !equals_ignoring_case(value, "chunked")) {
    ec = beast_http::error::bad_transfer_encoding;
    return;
  }
  headers_.add(std::string(name_text), std::string(value));
}

template <bool is_request>
void MessageParser<is_request>::on_header_impl(error_code& ec) {
  header_ended_ = true;
  auto length = this->content_length();
  if (length && *length > limits_.body_bytes && !inflater_) ec = beast_http::error::body_limit;
}

template <bool is_request>
void MessageParser<is_request>::on_body_init_impl(const boost::optional<std::uint64_t>& length,
                                                  error_code& ec) {
  constexpr std::uint64_t believed_bytes = 256 * 1024;  // a peer's promise is no reason to allocate
  ec = {};
  if (length && !inflater_)
    body_.reserve(static_cast<std::size_t>(std::min(*length, believed_bytes)));
}

template <bool is_request>
std::size_t MessageParser<is_request>::on_body_impl(string_view piece, error_code& ec) {
  ec = {};
  if (inflater_) {
    auto outcome =
        inflater_->put(std::string_view(piece.data(), piece.size()), body_, limits_.body_bytes);
    if (outcome == Inflater::Outcome::too_large) ec = beast_http::error::body_limit;
    if (outcome == Inflater::Outcome::malformed) ec = beast_http::error::bad_value;
  } else if (piece.size() > limits_.body_bytes - body_.size()) {
    ec = beast_http::error::body_limit;
  } else {
    body_.append(piece.data(), piece.size());
  }
  return piece.size();
}

template <bool is_request>
std::size_t MessageParser<is_request>::on_chunk_body_impl(std::uint64_t, string_view piece,
                                                          error_code& ec) {
  return on_body_impl(piece, ec);
}

template <bool is_request>
void MessageParser<is_request>::on_finish_impl(error_code& ec) {
  ec = {};
  // The frame is whole but the stream in it is not: a cut body must never pass for a short one.
  if (inflater_ && !inflater_->complete()) ec = beast_http::error::partial_message;
}

template class MessageParser<true>;
template class MessageParser<false>;

void RequestParser::on_request_impl(verb, string_view method, string_view target, int version,
                                    error_code& ec) {
  ec = {};
  method_ = std::string(method);
  target_ = std::string(target);
  version_ = version;
}

Request RequestParser::take() {
  return Request{std::move(method_), std::move(target_), std::move(headers_), std::move(body_)};
}

ResponseParser::ResponseParser(ParseLimits limits, bool answers_head) : MessageParser(limits) {
  this->skip(answers_head);
}

void ResponseParser::on_response_impl(int status, string_view, int, error_code& ec) {
  ec = {};
  headers_.reserve(24);  // as many as GitHub sends
  status_ = static_cast<unsigned>(status);
  // 101 would end HTTP on this connection; nobody here asks for that.
  if (status < 100 || status > 599 || status == 101) ec = beast_http::error::bad_status;
}

void ResponseParser::on_header_impl(error_code& ec) {
  auto encoding = headers_.find("Content-Encoding");
  if (encoding) {
    auto coding = Inflater::coding(*encoding);
    if (coding) inflater_.emplace(*coding);
  }
  // An answer without body may name the length of the body that it does not have.
  header_ended_ = true;
  if (!is_done() && !passes_body()) MessageParser::on_header_impl(ec);
}

void ResponseParser::pass_body_to(std::function<void(std::string_view piece)> on_body) {
  on_body_ = std::move(on_body);
  this->body_limit(boost::none);  // before the status is known; see on_header_impl
}

std::size_t ResponseParser::on_body_impl(string_view piece, error_code& ec) {
  if (!passes_body()) return MessageParser::on_body_impl(piece, ec);
  // Each piece is small, and so is what it decodes to: no limit is needed.
  limits_.body_bytes = std::numeric_limits<std::size_t>::max();
  const auto used = MessageParser::on_body_impl(piece, ec);
  if (ec || body_.empty()) return used;
  on_body_(body_);
  body_.clear();
  return used;
}

Response ResponseParser::take() {
  if (inflater_ && !body_.empty()) {
    headers_.remove("Content-Encoding");
    headers_.remove("Content-Length");
  }
  return Response{status_, std::move(headers_), std::move(body_)};
}

}  // namespace tidemark::http
