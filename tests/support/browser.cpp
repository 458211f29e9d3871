#include "tests/support/browser.hpp"

#include <stdexcept>

namespace tidemark::test {

namespace {

constexpr int redirects_most = 10;

http::Url parsed(const std::string& url) {
  auto result = http::parse_url(url);
  if (!result) throw std::runtime_error("the browser cannot go to \"" + url + "\"");
  return *result;
}

std::string origin_of(const std::string& url) { return parsed(url).origin(); }

}  // namespace

std::string Browser::Page::hidden(std::string_view name) const {
  const std::string wanted = "name=\"" + std::string(name) + "\" value=\"";
  const auto at = body.find(wanted);
  if (at == std::string::npos) return {};
  const auto start = at + wanted.size();
  return body.substr(start, body.find('"', start) - start);
}

async::Task<Browser::Page> Browser::get(std::string url) {
  http::Request request;
  co_return co_await ask(std::move(url), std::move(request));
}

async::Task<Browser::Page> Browser::post(std::string url, http::Form form) {
  http::Request request;
  request.method = "POST";
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.headers.set("Origin", origin_of(url));
  request.body = http::encode_form(form);
  co_return co_await ask(std::move(url), std::move(request));
}

async::Task<Browser::Page> Browser::visit(std::string url) {
  Page page = co_await get(std::move(url));
  co_return co_await follow(std::move(page));
}

async::Task<Browser::Page> Browser::submit(std::string url, http::Form form) {
  Page page = co_await post(std::move(url), std::move(form));
  co_return co_await follow(std::move(page));
}

async::Task<Browser::Page> Browser::follow(Page page) {
  for (int i = 0; i < redirects_most && page.status >= 301 && page.status <= 303; ++i) {
    const http::Url base = parsed(page.url);
    const auto next = http::resolve_url(base, page.header("Location"));
    if (!next) throw std::runtime_error("redirect to nowhere from " + page.url);
    page = co_await get(next->text());
  }
  co_return page;
}

async::Task<Browser::Page> Browser::ask(std::string url, http::Request request) {
  const http::Url place = parsed(url);
  const std::string host = place.endpoint.host;
  std::string cookies;
  for (const auto& [name, value] : jar_[host]) {
    cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
  }
  for (const auto& [name, value] : extra) request.headers.set(name, value);
  if (!cookies.empty()) request.headers.set("Cookie", cookies);
  request.target = place.target;
  http::Response response = co_await send_(place, std::move(request));
  take_cookies(host, response.headers);
  Page page;
  page.url = std::move(url);
  page.status = response.status;
  page.headers = std::move(response.headers);
  page.body = std::move(response.body);
  co_return page;
}

void Browser::take_cookies(const std::string& host, const http::Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!http::equals_ignoring_case(name, "Set-Cookie")) continue;
    set_cookies_.push_back(value);
    const auto equals = value.find('='), end = value.find(';');
    const std::string cookie = value.substr(0, equals);
    const bool gone = value.find("Max-Age=0") != std::string::npos;
    if (gone) {
      jar_[host].erase(cookie);
    } else {
      jar_[host][cookie] = value.substr(equals + 1, end - equals - 1);
    }
  }
}

}  // namespace tidemark::test
