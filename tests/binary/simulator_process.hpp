#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace tidemark::test {

// tidemark-sim as a process of its own; killed when this object goes.
class SimulatorProcess {
 public:
  explicit SimulatorProcess(std::vector<std::string> arguments);

  // What a daemon needs to find it: "github.api_url=http://…".
  [[nodiscard]] std::vector<std::string> settings() const;
  // The first member's id, and the tokens for `members add`.
  [[nodiscard]] std::string member() const;
  [[nodiscard]] std::string grants() const;

  [[nodiscard]] boost::json::object admin(const std::string& method, const std::string& target,
                                          const std::string& body = {}) const;
  // Of all owners of a resource ("graphql", "core", "openhumans").
  struct Totals {
    std::uint64_t requests = 0, points = 0, refused = 0, refused_per_window_max = 0;
    std::uint64_t while_blocked = 0, repeated = 0;
    std::int64_t first_ms = 0, last_ms = 0;  // requests; 0: none
    std::vector<std::int64_t> windows_ms;    // their beginnings
    std::vector<std::string> repeats;        // for people
  };
  [[nodiscard]] Totals totals(const std::string& resource) const;
  // The member's files at Open Humans: name → content.
  [[nodiscard]] std::map<std::string, std::string> files() const;

  [[nodiscard]] const boost::json::object& greeting() const { return greeting_; }

 private:
  Process process_;
  boost::json::object greeting_;
};

// Writes a made-up history as a file of commits, and returns its name.
struct HistorySettings;
std::string write_history(const std::string& file, const HistorySettings& settings);

}  // namespace tidemark::test
