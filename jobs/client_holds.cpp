#include "jobs/client_holds.hpp"

#include "jobs/runner.hpp"
#include "jobs/sync/sync_job.hpp"

namespace tidemark::jobs {

void ClientHolds::set(const std::string& provider, const std::string& why) {
  if (why.empty()) {
    reasons_.erase(provider);
  } else {
    reasons_[provider] = why;
  }
  const std::string kind(sync::sync_kind);
  if (reasons_.empty()) return runner_.release(kind);
  std::string all;
  for (const auto& [name, reason] : reasons_) {
    if (!all.empty()) all += "; ";
    all += reason;
  }
  runner_.hold(kind, all);
}

}  // namespace tidemark::jobs
