#include "daemon/cli/removed_on_signal.hpp"

#include <unistd.h>

#include <climits>
#include <cstring>

namespace tidemark::daemon {

namespace {

char file_to_remove[PATH_MAX] = "";

// Only what is allowed in a signal handler. The signal comes again when this returns, and then does
// what it does by itself.
extern "C" void remove_and_end(int signal) {
  ::unlink(file_to_remove);
  ::raise(signal);
}

}  // namespace

RemovedOnSignal::RemovedOnSignal(const std::string& file) {
  if (file.size() >= sizeof file_to_remove) return;  // no path is that long
  std::memcpy(file_to_remove, file.c_str(), file.size() + 1);
  struct sigaction ours{};
  ours.sa_handler = remove_and_end;
  ours.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction old{};
    ::sigaction(signal, nullptr, &old);
    if (old.sa_handler == SIG_IGN) continue;
    ::sigaction(signal, &ours, nullptr);
    before_.emplace_back(signal, old);
  }
}

RemovedOnSignal::~RemovedOnSignal() {
  for (const auto& [signal, action] : before_) ::sigaction(signal, &action, nullptr);
}

}  // namespace tidemark::daemon
