#include "tests/binary/site_on_sockets.hpp"

#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/array.hpp>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "http/client.hpp"
#include "tests/support/run.hpp"

namespace tidemark::test {

namespace json = boost::json;

namespace {

// Browsers come back to the same address in the daemon's next life.
std::string free_port() {
  boost::asio::io_context context;
  using Tcp = boost::asio::ip::tcp;
  const Tcp::acceptor acceptor(context, Tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  return std::to_string(acceptor.local_endpoint().port());
}

std::string text_at(const json::object& object, std::string_view key) {
  return std::string(object.at(key).as_string());
}

std::string secret_file(const DaemonFolder& folder, const std::string& name,
                        const std::string& secret) {
  std::string file = folder.write(name, secret);
  ::chmod(file.c_str(), 0600);
  return file;
}

}  // namespace

SiteOnSockets::SiteOnSockets(std::vector<std::string> simulator_arguments,
                             std::vector<std::string> more_settings)
    : simulator(std::move(simulator_arguments)),
      more_settings_(std::move(more_settings)),
      port_(free_port()) {
  const json::object& greeting = simulator.greeting();
  secret_file(folder, "openhumans-secret", text_at(greeting, "openhumans_client_secret"));
  secret_file(folder, "github-secret", text_at(greeting, "github_client_secret"));
}

std::vector<std::string> SiteOnSockets::settings() const {
  const json::object& greeting = simulator.greeting();
  std::vector<std::string> all = simulator.settings();
  for (const std::string& each :
       {"github.web_url=" + text_at(greeting, "github"),
        "github.client_id=" + text_at(greeting, "github_client_id"),
        "github.client_secret_file=" + folder.file("github-secret"),
        "openhumans.client_id=" + text_at(greeting, "openhumans_client_id"),
        "openhumans.client_secret_file=" + folder.file("openhumans-secret"), "public.port=" + port_,
        std::string("public.requests_per_minute=1000000")}) {
    all.push_back(each);
  }
  all.insert(all.end(), more_settings_.begin(), more_settings_.end());
  return all;
}

Places SiteOnSockets::places() const {
  const json::object& greeting = simulator.greeting();
  return {"http://127.0.0.1:" + port_, text_at(greeting, "openhumans"),
          text_at(greeting, "github")};
}

ServingDaemon& SiteOnSockets::start() {
  daemon_ = std::make_unique<ServingDaemon>(folder, settings());
  return *daemon_;
}

void SiteOnSockets::die() {
  daemon_->process.signal(SIGKILL);
  const int code = daemon_->process.wait();
  if (code != -SIGKILL) {
    throw std::runtime_error("it ended by itself with " + std::to_string(code) + ": " +
                             daemon_->process.errors());
  }
  ++deaths;
}

bool SiteOnSockets::die_during(std::chrono::microseconds after,
                               const std::function<async::Task<void>()>& body) {
  const pid_t id = daemon_->process.id();
  std::jthread killer([id, after] {
    std::this_thread::sleep_for(after);
    ::kill(id, SIGKILL);
  });
  bool ended = true;
  try {
    run(body);
  } catch (const http::TransportError&) {
    ended = false;
  }
  killer.join();
  die();
  return ended;
}

void SiteOnSockets::stop() {
  daemon_->process.signal(SIGTERM);
  const int code = daemon_->process.wait();
  if (code != 0) throw std::runtime_error("it did not stop well: " + daemon_->process.errors());
}

json::object SiteOnSockets::member(const std::string& id) const {
  const HttpAnswer answer = ask(folder.file("control.sock"), "GET", "/v1/members/" + id);
  if (answer.status == 404) return {};
  if (answer.status != 200) throw std::runtime_error("GET /v1/members: " + answer.body);
  return answer.json;
}

std::string SiteOnSockets::state(const std::string& id) const {
  const json::object found = member(id);
  return found.empty() ? "gone" : text_at(found, "state");
}

std::string SiteOnSockets::job_state(const std::string& kind, const std::string& key) const {
  const HttpAnswer answer = ask(folder.file("control.sock"), "GET", "/v1/jobs?kind=" + kind);
  for (const json::value& each : answer.json.at("jobs").as_array()) {
    if (each.at("key").as_string() == key) return std::string(each.at("state").as_string());
  }
  return "none";
}

void SiteOnSockets::wait_until(const std::string& what, const std::function<bool()>& is_so) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(15);
  while (!is_so()) {
    (void)daemon_->process.errors();  // keeps its pipe from filling up
    if (std::chrono::steady_clock::now() > until) {
      const std::string jobs = ask(folder.file("control.sock"), "GET", "/v1/jobs").body;
      throw std::runtime_error("never came: " + what + "; jobs: " + jobs +
                               "; the daemon said: " + daemon_->process.errors());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

SiteOnSockets::Live SiteOnSockets::live_tokens(const std::string& provider,
                                               const std::string& whose) const {
  const json::object all = simulator.admin("GET", "/tokens").at(provider).as_object();
  if (!all.contains(whose)) return {};
  const json::object& found = all.at(whose).as_object();
  return {found.at("used").to_number<std::uint64_t>(),
          found.at("unheard").to_number<std::uint64_t>(),
          found.at("issued").to_number<std::uint64_t>()};
}

}  // namespace tidemark::test
