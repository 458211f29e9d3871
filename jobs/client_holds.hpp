#pragma once

#include <map>
#include <string>

namespace tidemark::jobs {

class Runner;

// While a provider refuses our own client no sync is begun: it would come to nothing, or end half
// way. The reason names every provider that does; each must take us again before syncs go on.
class ClientHolds {
 public:
  explicit ClientHolds(Runner& runner) : runner_(runner) {}

  // What TokenKeeper tells: an empty `why` when the provider takes us again.
  void set(const std::string& provider, const std::string& why);

 private:
  Runner& runner_;
  std::map<std::string, std::string> reasons_;  // by provider
};

}  // namespace tidemark::jobs
