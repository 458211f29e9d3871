#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/inflate.hpp"
#include "http/message.hpp"

namespace tidemark::http {

struct ParseLimits {
  std::size_t header_bytes;
  std::size_t body_bytes;  // after decoding
};

// What Beast's parser leaves open: the header limit over all reads, encodings that we do not know,
// trailers (dropped, they must not pose as headers), and where the parts go.
template <bool is_request>
class MessageParser : public boost::beast::http::basic_parser<is_request> {
 protected:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;
  using field = boost::beast::http::field;
  using verb = boost::beast::http::verb;

  explicit MessageParser(ParseLimits limits);

  void on_field_impl(field name, string_view name_text, string_view value, error_code& ec) override;
  void on_header_impl(error_code& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& ec) override;
  std::size_t on_body_impl(string_view piece, error_code& ec) override;
  void on_chunk_header_impl(std::uint64_t, string_view, error_code& ec) override { ec = {}; }
  std::size_t on_chunk_body_impl(std::uint64_t remain, string_view piece, error_code& ec) override;
  void on_finish_impl(error_code& ec) override;

  ParseLimits limits_;
  Headers headers_;
  std::string body_;
  std::optional<Inflater> inflater_;
  std::size_t header_bytes_ = 0;
  bool header_ended_ = false;
};

class RequestParser final : public MessageParser<true> {
 public:
  explicit RequestParser(ParseLimits limits) : MessageParser(limits) {}
  [[nodiscard]] Request take();
  [[nodiscard]] const Headers& headers() const { return headers_; }
  [[nodiscard]] const std::string& method() const { return method_; }
  [[nodiscard]] bool is_http_1_1() const { return version_ == 11; }

 private:
  void on_request_impl(verb, string_view method, string_view target, int version,
                       error_code& ec) override;
  void on_response_impl(int, string_view, int, error_code&) override {}

  std::string method_, target_;
  int version_ = 11;
};

class ResponseParser final : public MessageParser<false> {
 public:
  ResponseParser(ParseLimits limits, bool answers_head);
  [[nodiscard]] Response take();
  [[nodiscard]] unsigned status() const { return status_; }
  // Pieces of the body of a 2xx answer go there; of others the body is kept, within the limit.
  void pass_body_to(std::function<void(std::string_view piece)> on_body);

 private:
  void on_request_impl(verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int status, string_view reason, int version, error_code& ec) override;
  void on_header_impl(error_code& ec) override;
  std::size_t on_body_impl(string_view piece, error_code& ec) override;

  [[nodiscard]] bool passes_body() const { return on_body_ && status_ >= 200 && status_ < 300; }

  unsigned status_ = 0;
  std::function<void(std::string_view piece)> on_body_;
};

}  // namespace tidemark::http
