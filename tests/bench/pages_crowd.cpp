#include "tests/bench/pages_crowd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "http/async/task_group.hpp"
#include "http/client.hpp"
#include "http/net.hpp"
#include "tests/support/run.hpp"

namespace tidemark::bench {

using namespace test;  // NOLINT: the drivers of the real programs
using Steady = std::chrono::steady_clock;

namespace {

constexpr std::chrono::minutes limit(5);

std::string address_of(std::size_t number) {
  return fmt::format("10.{}.{}.{}", number / 65'536 % 256, number / 256 % 256, number % 256);
}

// One event loop's browsers: what a reverse proxy's pool of connections would be.
struct Browsers {
  Browsers(async::Executor executor, const SiteOnSockets& its_site)
      : site(its_site.places()),
        connector(http::make_connector(executor, clock, {})),
        client(executor, clock, *connector, limits(), "a browser") {}

  static http::ClientLimits limits() {
    http::ClientLimits limits;
    limits.connections_per_endpoint = limits.idle_connections = 400;
    return limits;
  }

  async::Task<http::Response> send(http::Url url, http::Request request) {
    http::ExchangeOptions options;
    options.deadline = async::Deadline::after(clock, async::Milliseconds(30'000));
    options.idempotent = request.method == "GET";
    const bool ours = url.origin() == site.site;
    const bool callback = ours && url.target.find("/complete") != std::string::npos;
    const auto began = Steady::now();
    http::Exchanged answer =
        co_await client.exchange(std::move(url), std::move(request), std::move(options));
    const double took = std::chrono::duration<double, std::milli>(Steady::now() - began).count();
    (callback ? latencies.callbacks : ours ? latencies.pages : latencies.provider).push_back(took);
    co_return std::move(answer.response);
  }

  Person person(std::size_t number) {
    auto send_one = [this](http::Url url, http::Request request) {
      return send(std::move(url), std::move(request));
    };
    Person made(std::move(send_one), site, crowd_id(number), crowd_login(number));
    made.browser.extra.set("X-Forwarded-For", address_of(number));
    return made;
  }

  Places site;
  async::RealClock clock;
  std::unique_ptr<async::Connector> connector;
  http::Client client;
  Latencies latencies;
};

async::Task<void> come_in(Browsers& browsers, std::size_t number) {
  Person person = browsers.person(number);
  (void)co_await person.browser.visit(browsers.site.site + "/");
  std::string back = co_await person.openhumans_return();
  Browser::Page page = co_await person.browser.visit(std::move(back));
  if (!person.is_own(page)) throw std::runtime_error(page.url + ": " + page.body.substr(0, 500));
  back = co_await person.github_return(page.hidden("csrf"));
  page = co_await person.browser.visit(std::move(back));
  if (!Person::is_connected(page)) {
    throw std::runtime_error(page.url + ": " + page.body.substr(0, 500));
  }
}

// The daemon's log must not fill its pipe.
async::Task<void> drain(SiteOnSockets& site, async::Clock& clock) {
  while (true) {
    (void)site.daemon().process.errors();
    co_await clock.sleep_for(async::Milliseconds(50));
  }
}

async::Task<void> sync_again_and_again(Browsers& browsers, std::string socket, std::string member) {
  while (true) {
    http::Url url;
    url.endpoint.host = socket;
    url.target = "/v1/members/" + member + "/sync";
    http::Request request;
    request.method = "POST";
    request.headers.set("Host", "localhost");
    request.headers.set("Content-Type", "application/json");
    request.body = "{}";
    http::ExchangeOptions options;
    options.deadline = async::Deadline::after(browsers.clock, async::Milliseconds(30'000));
    (void)co_await browsers.client.exchange(std::move(url), std::move(request), std::move(options));
    co_await browsers.clock.sleep_for(async::Milliseconds(250));
  }
}

std::string words_of(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    return known.what();
  }
}

// Counts those who are on their way, and keeps the first thing that went wrong.
struct Way {
  std::size_t under_way = 0;
  std::string trouble;
};

async::Task<void> on_the_way(Way& way, async::Task<void> task) {
  std::exception_ptr error;
  try {
    co_await std::move(task);
  } catch (...) {
    error = std::current_exception();
  }
  --way.under_way;
  if (error && way.trouble.empty()) way.trouble = words_of(error);
}

async::Task<void> let_all_in(Browsers& browsers, async::TaskGroup& people, Way& way,
                             const Crowd& crowd) {
  const auto began = Steady::now();
  const double every_s = crowd.over_s / static_cast<double>(crowd.count);
  for (std::size_t i = 0; i < crowd.count && way.trouble.empty(); ++i) {
    const auto due = began + std::chrono::duration_cast<Steady::duration>(
                                 std::chrono::duration<double>(every_s * static_cast<double>(i)));
    while (Steady::now() < due || way.under_way >= crowd.at_once) {
      co_await browsers.clock.sleep_for(async::Milliseconds(1));
    }
    auto task = on_the_way(way, come_in(browsers, crowd.first + i));
    ++way.under_way;
    if (!people.spawn("person", std::move(task))) throw std::logic_error("too many people");
  }
  while (way.under_way > 0) co_await browsers.clock.sleep_for(async::Milliseconds(1));
}

}  // namespace

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto place = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
  return values[std::min(values.size() - 1, place == 0 ? 0 : place - 1)];
}

std::string crowd_id(std::size_t number) { return fmt::format("{:08}", 10'000 + number); }
std::string crowd_login(std::size_t number) { return fmt::format("p{:05}", number); }

CrowdResult let_in(SiteOnSockets& site, const Crowd& crowd, const std::vector<std::string>& busy) {
  CrowdResult result;
  const auto body = [&]() -> async::Task<void> {
    const async::Executor executor = co_await boost::asio::this_coro::executor;
    Browsers browsers(executor, site);
    Way way;
    auto note = [&way](const std::string& name, std::exception_ptr error) {
      if (way.trouble.empty()) way.trouble = name + ": " + words_of(error);
    };
    async::TaskGroup people(executor, 10'000, note), beside(executor, 100, note);
    (void)beside.spawn("drain", drain(site, browsers.clock));
    for (const std::string& member : busy) {
      auto again = sync_again_and_again(browsers, site.folder.file("control.sock"), member);
      (void)beside.spawn("sync", std::move(again));
    }
    const auto began = Steady::now();
    co_await let_all_in(browsers, people, way, crowd);
    result.took_s = std::chrono::duration<double>(Steady::now() - began).count();
    people.cancel();
    co_await people.join();
    beside.cancel();
    co_await beside.join();
    browsers.client.close();
    if (!way.trouble.empty()) throw std::runtime_error(way.trouble);
    result.latencies = std::move(browsers.latencies);
  };
  run(body, limit);
  return result;
}

void start_and_go_away(SiteOnSockets& site, std::size_t count) {
  const auto body = [&]() -> async::Task<void> {
    const async::Executor executor = co_await boost::asio::this_coro::executor;
    Browsers browsers(executor, site);
    for (std::size_t i = 0; i < count; ++i) {
      Person person = browsers.person(i);
      const Browser::Page page =
          co_await person.browser.get(browsers.site.site + "/openhumans/start");
      if (page.status != 303) throw std::runtime_error("a start was answered otherwise");
    }
    browsers.client.close();
  };
  run(body, limit);
}

}  // namespace tidemark::bench
