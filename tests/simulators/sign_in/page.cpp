#include "tests/simulators/sign_in/page.hpp"

#include <fmt/format.h>

namespace tidemark::simulators {

namespace {

constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;"
    "color:#222;background:#fff}header{color:#666;border-bottom:1px solid #ccc;margin-bottom:1rem}"
    "button{font:inherit;padding:.4rem .9rem;margin:.2rem .3rem .2rem 0;border:1px solid #888;"
    "border-radius:.3rem;background:#f4f4f4;cursor:pointer}button.main{background:#1a6;color:#fff;"
    "border-color:#174}label{display:block;margin:.4rem 0}input{font:inherit}";

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (char c : text) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else if (c == '"')
      escaped += "&quot;";
    else if (c == '\'')
      escaped += "&#39;";
    else
      escaped += c;
  }
  return escaped;
}

http::Response site_page(unsigned status, std::string_view site, std::string_view heading,
                         std::string_view body) {
  http::Response response;
  response.status = status;
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("X-Frame-Options", "DENY");
  response.body = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>{0}</title><style>{1}</style></head>\n<body>"
      "<header>{0}</header><main><h1>{2}</h1>\n{3}\n</main></body></html>\n",
      escape_html(site), style, escape_html(heading), body);
  return response;
}

std::string hidden_fields(const http::Form& fields) {
  std::string html;
  for (const auto& [name, value] : fields) {
    html += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape_html(name),
                        escape_html(value));
  }
  return html;
}

http::Response redirect(std::string location) {
  http::Response response;
  response.status = 302;
  response.headers.set("Location", std::move(location));
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  return response;
}

std::string with_query(std::string address, const http::Form& fields) {
  std::string query = http::encode_form(fields);
  for (std::size_t at = 0; (at = query.find("%20", at)) != std::string::npos;) {
    query.replace(at, 3, "+");
  }
  if (query.empty()) return address;
  address += address.find('?') == std::string::npos ? '?' : '&';
  return address + query;
}

std::optional<std::string> cookie_of(const http::Request& request, std::string_view name) {
  std::string_view rest = request.headers.find("Cookie").value_or("");
  while (!rest.empty()) {
    std::size_t end = rest.find(';');
    std::string_view pair = rest.substr(0, end);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      return http::percent_decode(pair.substr(equals + 1), false);
    }
    rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
  }
  return std::nullopt;
}

void set_cookie(http::Response& response, std::string_view name, std::string_view value) {
  response.headers.add("Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax", name,
                                                 http::percent_encode(value)));
}

http::Form posted_fields(const http::Request& request) {
  auto type = request.headers.find("Content-Type");
  bool is_form = type && type->find("x-www-form-urlencoded") != std::string_view::npos;
  if (request.method != "POST" || !is_form) return {};
  return http::decode_form(request.body).value_or(http::Form{});
}

std::string field_of(const http::Form& fields, std::string_view name) {
  return std::string(http::form_value(fields, name).value_or(""));
}

}  // namespace tidemark::simulators
