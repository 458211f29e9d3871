#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace tidemark::daemon {

// What goes on until somebody acts, or what strangers can bring about as often as they like, is
// told once an hour. For a handful of subjects, which the caller chooses.
class Hourly {
 public:
  // True: tell it now.
  bool due(const std::string& subject, std::int64_t now_ms) {
    constexpr std::int64_t every_ms = 3'600'000;
    const auto [told, is_new] = told_ms_.try_emplace(subject, now_ms);
    if (!is_new && now_ms < told->second + every_ms) return false;
    told->second = now_ms;
    return true;
  }

 private:
  std::map<std::string, std::int64_t> told_ms_;
};

}  // namespace tidemark::daemon
