#include "tests/simulators/program.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <iostream>

#include "http/async/task_group.hpp"
#include "http/client.hpp"
#include "http/net.hpp"
#include "tests/simulators/program_graph.hpp"
#include "tests/simulators/serve.hpp"
#include "tests/simulators/webhooks.hpp"

namespace tidemark::simulators {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t body_bytes = 256 * 1024 * 1024;  // what Open Humans' users upload
constexpr std::int64_t last_answers_ms = 2000;

http::ServerLimits limits() {
  http::ServerLimits limits;
  limits.body_bytes = body_bytes;
  limits.handle_ms = async::Milliseconds(600'000);  // slow answers are slow on purpose
  return limits;
}

// Cuts are on purpose, and a client that goes away is its own business.
void ignore(const std::string&, const std::string&) {}

std::vector<std::string> split_at_colons(const std::string& text) {
  std::vector<std::string> parts{""};
  for (char c : text) {
    if (c == ':')
      parts.emplace_back();
    else
      parts.back().push_back(c);
  }
  return parts;
}

MemberTokens parse_member(const std::string& text) {
  std::vector<std::string> parts = split_at_colons(text);
  bool whole = parts.size() >= 2 && parts.size() <= 5 && !parts[0].empty() && !parts[1].empty();
  if (!whole) {
    throw std::invalid_argument("--member \"" + text +
                                "\": expected "
                                "ID:LOGIN[:github-token:openhumans-access:openhumans-refresh]");
  }
  parts.resize(5);
  return MemberTokens{parts[0], parts[1], parts[2], parts[3], parts[4]};
}

void add_faults(FaultPlan& plan, const std::vector<std::string>& texts, std::uint64_t seed) {
  plan.seed(seed);
  for (const std::string& each : texts) {
    boost::system::error_code error;
    json::value parsed = json::parse(each, error);
    if (error || !parsed.is_object())
      throw std::invalid_argument("fault is no JSON object: " + each);
    plan.add(parse_fault(parsed.as_object()));
  }
}

GithubSettings github_settings(const Program::Options& options) {
  GithubSettings settings = options.github;
  settings.quota.window_ms = static_cast<std::int64_t>(options.window_s * 1000);
  settings.quota.clock_offset_ms = static_cast<std::int64_t>(options.clock_offset_s * 1000);
  settings.quota.anchor =
      options.window_anchor == "grid" ? WindowAnchor::grid : WindowAnchor::first;
  settings.service_ms = options.service_ms;
  for (const std::string& each : options.lists) {
    std::size_t equals = std::min(each.find('='), each.size());
    std::string_view state = std::string_view(each).substr(std::min(equals + 1, each.size()));
    settings.lists.set(std::string_view(each).substr(0, equals), state);
  }
  return settings;
}

void register_app(Credentials& credentials, const Program::Options& options) {
  if (!options.github_client_id.empty()) credentials.client_id = options.github_client_id;
  if (!options.github_client_secret.empty()) {
    credentials.client_secret = options.github_client_secret;
  }
  if (options.github_access_lifetime_s > 0) {
    credentials.access_lifetime_s = options.github_access_lifetime_s;
  }
  credentials.redirect_uris = options.github_redirect_uris;
  credentials.github_app = options.github_app;
  credentials.device_flow = options.device_flow;
  credentials.unverified_logins.insert(options.unverified_logins.begin(),
                                       options.unverified_logins.end());
}

}  // namespace

struct Program::Parts {
  explicit Parts(const Options& options)
      : github(world, github_settings(options)),
        openhumans(options.openhumans),
        admin(github, openhumans),
        connector(http::make_connector(loop.get_executor(), clock, {options.webhook_ca_file})),
        client(loop.get_executor(), clock, *connector, {}, "python-requests/2.32"),
        stop_after_s(options.stop_after_s) {
    register_app(github.credentials(), options);
    openhumans.on_webhook([this] { webhook_due.cancel(); });
  }

  std::unique_ptr<http::Server> listen(std::uint16_t port, http::Handler handler) {
    http::ListenOn where{"127.0.0.1", port, 0660, std::nullopt};
    return std::make_unique<http::Server>(loop.get_executor(), clock, std::move(where), limits(),
                                          std::move(handler), ignore);
  }

  void make_world(const Options& options) {
    if (!options.commits.empty()) world.load_commits(options.commits, options.one_author);
    if (options.extras_seed) world.add_extras(*options.extras_seed);
    for (const Account& each : world.accounts()) {
      world.account(each.login).utc_offset_minutes = options.utc_offset_minutes;
    }
    graph = make_graph_world(world, options);
    tokens = add_github_tokens(github, options.github_tokens);
    for (const std::string& each : options.members) {
      members.push_back(add_member(github, openhumans, parse_member(each), clock.wall_now()));
    }
    for (const std::string& each : options.people) {
      const std::size_t colon = std::min(each.find(':'), each.size());
      OpenHumansMember& person = openhumans.add_person(each.substr(0, colon), clock.wall_now());
      if (colon < each.size()) person.username = each.substr(colon + 1);
    }
    const Account* busiest = options.busiest ? world.busiest() : nullptr;
    if (options.busiest && busiest == nullptr) {
      throw std::invalid_argument("--busiest: there are no commits; see --commits");
    }
    if (busiest != nullptr) {
      MemberTokens wanted{"00000001", busiest->login, {}, {}, {}};
      members.push_back(add_member(github, openhumans, std::move(wanted), clock.wall_now()));
    }
  }

  void stop() {
    stopping = true;
    until.cancel();
  }

  async::Task<void> send_webhooks() {
    while (!stopping) {
      co_await deliver_webhooks(openhumans, client, clock);
      boost::system::error_code due;
      co_await webhook_due.async_wait(asio::redirect_error(asio::use_awaitable, due));
    }
  }

  async::Task<void> serve_until_told() {
    async::TaskGroup group(loop.get_executor(), 4, [](const std::string& name, std::exception_ptr) {
      std::cerr << "tidemark-sim: " << name << " ended with an error\n";
    });
    bool all = group.spawn("github", github_server->run()) &&
               group.spawn("openhumans", openhumans_server->run()) &&
               group.spawn("admin", admin_server->run()) &&
               group.spawn("webhooks", send_webhooks());
    if (stop_after_s > 0) {
      until.expires_after(async::Milliseconds(static_cast<std::int64_t>(stop_after_s * 1000)));
    }
    asio::signal_set signals(loop, SIGTERM, SIGINT);
    signals.async_wait([this](boost::system::error_code error, int) {
      if (!error) stop();
    });
    boost::system::error_code told;
    if (all && !stopping)
      co_await until.async_wait(asio::redirect_error(asio::use_awaitable, told));
    stopping = true;
    signals.cancel();
    async::Deadline deadline = async::Deadline::after(clock, async::Milliseconds(last_answers_ms));
    co_await github_server->stop(deadline);
    co_await openhumans_server->stop(deadline);
    co_await admin_server->stop(deadline);
    group.cancel();
    co_await group.join();
    client.close();
  }

  asio::io_context loop{1};
  async::RealClock clock;
  World world;
  GithubSimulator github;
  OpenHumansSimulator openhumans;
  Admin admin;
  std::unique_ptr<async::Connector> connector;
  http::Client client;  // of the webhooks
  asio::steady_timer webhook_due{loop, asio::steady_timer::time_point::max()};
  std::vector<MemberTokens> members;
  json::object graph;  // what was made, for the greeting
  json::array tokens;
  std::unique_ptr<http::Server> github_server, openhumans_server, admin_server;
  double stop_after_s;
  asio::steady_timer until{loop, asio::steady_timer::time_point::max()};
  bool stopping = false;
};

Program::Program(Options options) : parts_(std::make_unique<Parts>(options)) {
  Parts& parts = *parts_;
  parts.make_world(options);
  add_faults(parts.github.faults(), options.github_faults, options.seed);
  add_faults(parts.openhumans.faults(), options.openhumans_faults, options.seed);
  parts.openhumans.settings().service_ms = options.service_ms;
  parts.github_server = parts.listen(options.github_port, serve(parts.github, parts.clock));
  parts.openhumans_server =
      parts.listen(options.openhumans_port, serve(parts.openhumans, parts.clock));
  parts.admin_server = parts.listen(options.admin_port, serve(parts.admin, parts.clock));
  auto address = [](const http::Server& server) {
    return "http://127.0.0.1:" + std::to_string(server.port());
  };
  parts.github.settings().api_url = address(*parts.github_server);
  parts.github.sign_in().site_url = address(*parts.github_server);
  parts.openhumans.settings().url = address(*parts.openhumans_server);
  parts.openhumans.settings().storage_url = address(*parts.openhumans_server);
}

Program::~Program() = default;

std::string Program::greeting() const {
  json::array members;
  for (const MemberTokens& each : parts_->members) members.push_back(as_json(each));
  const OpenHumansSettings& openhumans = parts_->openhumans.settings();
  json::object line{{"github", parts_->github.settings().api_url},
                    {"openhumans", openhumans.url},
                    {"admin", "http://127.0.0.1:" + std::to_string(parts_->admin_server->port())},
                    {"openhumans_client_id", openhumans.client_id},
                    {"openhumans_client_secret", openhumans.client_secret},
                    {"openhumans_webhook_secret", openhumans.webhook_secret},
                    {"github_client_id", parts_->github.credentials().client_id},
                    {"github_client_secret", parts_->github.credentials().client_secret},
                    {"github_tokens", parts_->tokens},
                    {"members", std::move(members)}};
  if (!parts_->graph.empty()) line["graph"] = parts_->graph;
  return json::serialize(line);
}

void Program::stop() {
  asio::post(parts_->loop, [this] { parts_->stop(); });
}

void Program::run() {
  std::exception_ptr failure;
  asio::co_spawn(parts_->loop, parts_->serve_until_told(),
                 [&failure](std::exception_ptr error) { failure = error; });
  parts_->loop.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace tidemark::simulators
