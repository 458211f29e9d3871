#include "tests/binary/person.hpp"

#include <boost/asio/this_coro.hpp>
#include <stdexcept>

#include "http/client.hpp"
#include "http/net.hpp"

namespace tidemark::test {

namespace {

std::string host_of(const std::string& origin) { return http::parse_url(origin)->endpoint.host; }

std::string location_of(const Browser::Page& page, const char* where) {
  std::string location = page.header("Location");
  if (!location.empty()) return location;
  throw std::runtime_error(std::string(where) + " answered " + std::to_string(page.status) +
                           " instead of leading on: " + page.body.substr(0, 300));
}

}  // namespace

Person::Person(Browser::Send send, Places places, std::string id, std::string login)
    : browser(std::move(send)),
      places_(std::move(places)),
      id_(std::move(id)),
      login_(std::move(login)) {
  browser.set_cookie(host_of(places_.openhumans), "sim_oh", id_);
  browser.set_cookie(host_of(places_.github), "sim_github", login_);
}

async::Task<std::string> Person::openhumans_return() {
  Browser::Page page = co_await browser.get(places_.site + "/openhumans/start");
  const std::string authorize = location_of(page, "the start at Open Humans");
  http::Form yes{{"allow", "yes"}};
  page = co_await browser.post(authorize, std::move(yes));
  co_return location_of(page, "the consent at Open Humans");
}

async::Task<std::string> Person::github_return(std::string csrf) {
  http::Form form{{"csrf", std::move(csrf)}, {"private", "no"}};
  Browser::Page page = co_await browser.post(places_.site + "/github/connect", std::move(form));
  const std::string authorize = location_of(page, "the start at GitHub");
  http::Form yes{{"allow", "yes"}};
  page = co_await browser.post(authorize, std::move(yes));
  co_return location_of(page, "the consent at GitHub");
}

async::Task<Browser::Page> Person::sign_in() {
  std::string back = co_await openhumans_return();
  co_return co_await browser.visit(std::move(back));
}

async::Task<Browser::Page> Person::connect() {
  const Browser::Page page = co_await own_page();
  std::string back = co_await github_return(page.hidden("csrf"));
  co_return co_await browser.visit(std::move(back));
}

async::Task<Browser::Page> Person::own_page() {
  co_return co_await browser.visit(places_.site + "/member");
}

async::Task<Browser::Page> Person::press(std::string path, http::Form form) {
  const Browser::Page page = co_await own_page();
  form.emplace_back("csrf", page.hidden("csrf"));
  co_return co_await browser.submit(places_.site + path, std::move(form));
}

namespace {

async::Task<http::Response> send_one(http::Url url, http::Request request) {
  static async::RealClock clock;
  const async::Executor executor = co_await boost::asio::this_coro::executor;
  const auto connector = http::make_connector(executor, clock, {});
  http::Client client(executor, clock, *connector, {}, "a browser");
  http::ExchangeOptions options;
  options.deadline = async::Deadline::after(clock, async::Milliseconds(10'000));
  http::Exchanged answer =
      co_await client.exchange(std::move(url), std::move(request), std::move(options));
  client.close();
  co_return std::move(answer.response);
}

}  // namespace

Browser::Send send_on_sockets() {
  return [](http::Url url, http::Request request) {
    return send_one(std::move(url), std::move(request));
  };
}

}  // namespace tidemark::test
