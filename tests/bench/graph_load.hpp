#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/folder.hpp"
#include "tests/support/process.hpp"

namespace tidemark::bench {

// Asks a server for targets one after the other, with wrk: one thread, 32 connections. The same
// for everybody who is compared.
class Load {
 public:
  // `token`: empty, or of the Authorization header.
  Load(std::string port, std::string token, const std::vector<std::string>& targets);

  struct Answered {
    double per_s = 0;
    std::uint64_t requests = 0;
  };
  // Throws when anything but 200 was answered.
  [[nodiscard]] Answered run(int seconds) const;

 private:
  test::Folder folder_;
  std::string port_, token_;
};

// graph_flask.py under gunicorn with two workers.
class FlaskServer {
 public:
  FlaskServer(const std::string& database, const std::string& table_of_edges);
  ~FlaskServer();
  [[nodiscard]] const std::string& port() const { return port_; }

 private:
  std::string port_;
  std::unique_ptr<test::Process> process_;
};

}  // namespace tidemark::bench
