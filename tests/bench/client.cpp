// CPU time of our client per HTTPS request with its JSON read, against npm undici doing the same
// with the same server in the same run. Rounds of both take turns.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <stdexcept>

#include "http/async/task_group.hpp"
#include "http/client.hpp"
#include "http/json_document.hpp"
#include "http/net.hpp"
#include "tests/bench/report.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/process.hpp"
#include "tests/support/tls_identity.hpp"

using namespace tidemark;
using namespace tidemark::test;

namespace {

constexpr int concurrent = 32;
constexpr int rounds = 7;
constexpr int warm_up = 3'000;
constexpr int requests = 20'000;

Launch node(const std::string& script, std::vector<std::string> arguments) {
  Launch launch;
  launch.program = "/usr/bin/env";  // which finds it on the path
  launch.arguments = {"node", TIDEMARK_SOURCE_DIR "/tests/bench/" + script};
  for (std::string& argument : arguments) launch.arguments.push_back(std::move(argument));
  return launch;
}

double cpu_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  auto in_us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return in_us(usage.ru_utime) + in_us(usage.ru_stime);
}

async::Task<void> work(http::Client& client, async::Clock& clock, http::Url url, int& left) {
  while (left-- > 0) {
    http::Request request;
    http::ExchangeOptions options;
    options.deadline = async::Deadline::after(clock, async::Milliseconds(30'000));
    options.idempotent = true;
    auto exchanged = co_await client.exchange(url, std::move(request), options);
    auto document = http::parse_json(exchanged.response.body);
    bool right = exchanged.response.status == 200 && document.ok() &&
                 document.value.as_object().at("items").as_array().size() == 20;
    if (!right) throw std::runtime_error("a wrong answer");
  }
}

async::Task<void> send(http::Client& client, async::Clock& clock, http::Url url, int total) {
  std::exception_ptr failure;
  auto executor = co_await boost::asio::this_coro::executor;
  async::TaskGroup workers(
      executor, concurrent,
      [&](const std::string&, const std::exception_ptr& error) { failure = error; });
  int left = total;
  for (int count = 0; count < concurrent; ++count) {
    if (!workers.spawn("worker", work(client, clock, url, left))) throw std::runtime_error("full");
  }
  co_await workers.join();
  if (failure) std::rethrow_exception(failure);
}

double our_round(const http::Url& url, const std::string& certificate) {
  double used_us = 0;
  auto body = [&]() -> async::Task<void> {
    async::RealClock clock;
    auto executor = co_await boost::asio::this_coro::executor;
    auto connector = http::make_connector(executor, clock, http::TlsTrust{certificate});
    http::ClientLimits limits;
    limits.connections_per_endpoint = concurrent;
    limits.idle_connections = concurrent;
    http::Client client(executor, clock, *connector, limits, "tidemark-bench");
    co_await send(client, clock, url, warm_up);
    double before = cpu_us();
    co_await send(client, clock, url, requests);
    used_us = cpu_us() - before;
  };
  // As the daemon runs: test::run() enters the loop anew for every step, which costs.
  boost::asio::io_context context(1);
  std::exception_ptr failure;
  boost::asio::co_spawn(context, body, [&](const std::exception_ptr& error) { failure = error; });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return used_us / requests;
}

double undici_round(const http::Url& url, const std::string& certificate) {
  Launch launch =
      node("client_undici.mjs", {url.endpoint.port, certificate, std::to_string(concurrent),
                                 std::to_string(warm_up), std::to_string(requests)});
  Finished finished = run_process(launch, std::chrono::minutes(2));
  if (finished.code != 0) {
    throw std::runtime_error("undici's round failed (npm ci in tests/ installs it): " +
                             finished.errors);
  }
  return std::stod(finished.output);
}

http::Url address_of(Process& server) {
  if (!server.wait_for_error_text("\n")) throw std::runtime_error("the server does not start");
  std::string said = server.errors();
  std::string port = said.substr(said.find(' ') + 1);
  port.resize(port.find('\n'));
  return *http::parse_url("https://localhost:" + port + "/users/octocat");
}

int compare(bool json) {
  Folder folder;
  http::TlsIdentity identity = make_tls_identity(folder.path(), "bench");
  Process server(node("client_server.mjs", {identity.certificate_file, identity.key_file}));
  http::Url url = address_of(server);

  bench::Measure measure{"https_client_cpu_per_request", "us", 0.5, bench::Measure::Aim::at_most};
  // Neighbours on the machine only ever add to the CPU time of a round, by cold caches and shared
  // cores: the least of the rounds, which take turns, is what each program itself needs.
  double least_ours = 0, least_undici = 0;
  for (int round = 0; round < rounds; ++round) {
    const double ours = our_round(url, identity.certificate_file);
    const double undici = undici_round(url, identity.certificate_file);
    least_ours = round == 0 ? ours : std::min(least_ours, ours);
    least_undici = round == 0 ? undici : std::min(least_undici, undici);
    fmt::print(stderr, "round {}: {:.2f} us ours, {:.2f} us undici\n", round + 1, ours, undici);
  }
  measure.add(least_ours, least_undici);
  return bench::print({measure}, json) ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const bool json = bench::words_of(count, arguments).json;
  try {
    return compare(json);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench client: {}\n", error.what());
    return 2;
  }
}
