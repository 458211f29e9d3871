#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/binary/daemon_process.hpp"
#include "tests/binary/person.hpp"
#include "tests/binary/simulator_process.hpp"

namespace tidemark::test {

// The members' pages of the real daemon with both simulators: a folder and a port that outlive the
// daemon's lives.
class SiteOnSockets {
 public:
  explicit SiteOnSockets(std::vector<std::string> simulator_arguments,
                         std::vector<std::string> more_settings = {});

  [[nodiscard]] std::vector<std::string> settings() const;
  [[nodiscard]] Places places() const;
  [[nodiscard]] Person person(std::string id, std::string login) const {
    return {send_on_sockets(), places(), std::move(id), std::move(login)};
  }

  // A life. Before the next one: die().
  ServingDaemon& start();
  ServingDaemon& daemon() { return *daemon_; }
  void die();
  // Kills the daemon `after` from now, whatever goes on then. False: `body` did not come to its
  // end, because no answer came any more.
  bool die_during(std::chrono::microseconds after, const std::function<async::Task<void>()>& body);
  void stop();  // in good order

  // What the control API says; an empty object for 404.
  [[nodiscard]] boost::json::object member(const std::string& id) const;
  [[nodiscard]] std::string state(const std::string& id) const;  // "gone" for 404
  // Of the newest job of that kind and key: "none" if there is none.
  [[nodiscard]] std::string job_state(const std::string& kind, const std::string& key) const;
  // Asks until `is_so`, or throws naming `what` and what the daemon said.
  void wait_until(const std::string& what, const std::function<bool()>& is_so);
  // Tokens alive upstream, by "openhumans" and member id or "github" and login.
  struct Live {
    std::uint64_t used = 0, unheard = 0, issued = 0;
  };
  [[nodiscard]] Live live_tokens(const std::string& provider, const std::string& whose) const;

  DaemonFolder folder;
  SimulatorProcess simulator;
  std::uint64_t deaths = 0;

 private:
  std::vector<std::string> more_settings_;
  std::string port_;
  std::unique_ptr<ServingDaemon> daemon_;
};

}  // namespace tidemark::test
