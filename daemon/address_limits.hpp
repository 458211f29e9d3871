#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace tidemark::daemon {

// How many requests an address may make: a bucket of a minute's worth that fills steadily. Memory
// is bounded; when too many addresses ask at once, the fullest buckets are forgotten first, which
// only ever allows more. Of IPv6 a /64 network is one address.
class AddressLimits {
 public:
  explicit AddressLimits(std::uint64_t per_minute, std::size_t addresses_most = 20'000)
      : per_minute_(per_minute), addresses_most_(addresses_most) {}

  // 0: go ahead. Otherwise how many seconds to wait.
  [[nodiscard]] std::int64_t take(std::string_view address, std::int64_t now_ms);
  void set_rate(std::uint64_t per_minute) { per_minute_ = per_minute; }
  [[nodiscard]] std::size_t addresses() const { return buckets_.size(); }

 private:
  struct Bucket {
    double left = 0;
    std::int64_t at_ms = 0;
  };
  void forget_full(std::int64_t now_ms);
  [[nodiscard]] double filled(const Bucket& bucket, std::int64_t now_ms) const;

  std::uint64_t per_minute_;
  std::size_t addresses_most_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace tidemark::daemon
