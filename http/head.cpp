#include "http/head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <stdexcept>

namespace tidemark::http {

namespace {

bool is_token_letter(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_letter);
}

// No line ends nor other control characters; a tab is allowed.
bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= ' ' && byte != 0x7f);
  });
}

bool is_target(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte != 0x7f;
  });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  if (!is_token(name)) {
    throw std::invalid_argument("a header's name is empty or holds forbidden characters");
  }
  if (!is_field_value(value)) {
    // The value may be a secret: only the name is told.
    throw std::invalid_argument(fmt::format(
        "the value of header {} holds a line end or a control character: encode it", name));
  }
  out.append(name).append(": ").append(value).append("\r\n");
}

void append_length(std::string& out, std::size_t length) {
  fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", length);
}

bool is_any_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view candidate) {
    return equals_ignoring_case(name, candidate);
  });
}

}  // namespace

void append_request_head(std::string& out, const Request& request, std::string_view target,
                         const Headers& first) {
  if (!is_token(request.method)) throw std::invalid_argument("a request's method is no token");
  if (!is_target(target)) {
    throw std::invalid_argument("a request's target is empty or holds spaces: percent-encode it");
  }
  out.reserve(512);
  out.append(request.method).append(" ").append(target).append(" HTTP/1.1\r\n");
  for (const auto& [name, value] : first) append_field(out, name, value);
  for (const auto& [name, value] : request.headers) {
    if (equals_ignoring_case(name, "Content-Length")) continue;
    if (equals_ignoring_case(name, "Transfer-Encoding")) {
      throw std::invalid_argument("Transfer-Encoding cannot be asked for: bodies have a length");
    }
    append_field(out, name, value);
  }
  bool expects_body =
      request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (!request.body.empty() || expects_body) append_length(out, request.body.size());
  out.append("\r\n");
}

void append_response_head(std::string& out, unsigned status, const Headers& headers,
                          const BodyFraming& framing) {
  if (status < 100 || status > 599) {
    throw std::invalid_argument(fmt::format("{} is no HTTP status", status));
  }
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", status, reason_phrase(status));
  for (const auto& [name, value] : headers) {
    if (is_any_of(name, {"Content-Length", "Transfer-Encoding", "Connection"})) continue;
    append_field(out, name, value);
  }
  if (framing.kind == BodyFraming::Kind::length) append_length(out, framing.length);
  if (framing.kind == BodyFraming::Kind::chunked) out.append("Transfer-Encoding: chunked\r\n");
  if (framing.close) out.append("Connection: close\r\n");
  out.append("\r\n");
}

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 451: return "Unavailable For Legal Reasons";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return "Status";
  }
}

}  // namespace tidemark::http
