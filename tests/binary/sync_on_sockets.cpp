#include "tests/binary/sync_on_sockets.hpp"

#include <boost/json/array.hpp>
#include <stdexcept>
#include <thread>

namespace tidemark::test {

namespace json = boost::json;

void SyncOnSockets::add_member() const {
  const auto added =
      folder.run({"members", "add", simulator.member(), "--tokens", "-"}, simulator.grants());
  if (added.code != 0) throw std::runtime_error("members add failed: " + added.errors);
}

json::object SyncOnSockets::job() const {
  const HttpAnswer answer = ask(folder.file("control.sock"), "GET", "/v1/jobs?kind=sync");
  const json::array& jobs = answer.json.at("jobs").as_array();
  return jobs.empty() ? json::object{{"state", "none"}} : jobs.at(0).as_object();
}

std::string SyncOnSockets::state() const { return std::string(job().at("state").as_string()); }

std::string SyncOnSockets::wait(ServingDaemon& daemon, std::chrono::seconds limit) const {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (true) {
    std::string now = state();
    (void)daemon.process.errors();  // keeps its pipe from filling up
    if (now == "done" || now == "dead" || std::chrono::steady_clock::now() > until) return now;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

std::uint64_t SyncOnSockets::requests() const {
  return simulator.totals("graphql").requests + simulator.totals("core").requests +
         simulator.totals("openhumans").requests;
}

}  // namespace tidemark::test
