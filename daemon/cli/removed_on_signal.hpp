#pragma once

#include <csignal>
#include <string>
#include <utility>
#include <vector>

namespace tidemark::daemon {

// While it lives, a signal that ends this process (SIGINT, SIGTERM, SIGHUP) removes a file first.
// What is ignored, as SIGHUP under nohup, stays so. One at a time.
class RemovedOnSignal {
 public:
  explicit RemovedOnSignal(const std::string& file);
  ~RemovedOnSignal();
  RemovedOnSignal(const RemovedOnSignal&) = delete;
  RemovedOnSignal& operator=(const RemovedOnSignal&) = delete;

 private:
  std::vector<std::pair<int, struct sigaction>> before_;
};

}  // namespace tidemark::daemon
