#include "daemon/address_limits.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "http/forwarded.hpp"

namespace tidemark::daemon {

namespace {

constexpr double minute_ms = 60'000;

}  // namespace

double AddressLimits::filled(const Bucket& bucket, std::int64_t now_ms) const {
  const auto most = static_cast<double>(per_minute_);
  const auto passed = static_cast<double>(std::max<std::int64_t>(0, now_ms - bucket.at_ms));
  return std::min(most, bucket.left + passed * most / minute_ms);
}

std::int64_t AddressLimits::take(std::string_view address, std::int64_t now_ms) {
  const std::string name = http::limited_address(address);
  auto found = buckets_.find(name);
  if (found == buckets_.end()) {
    if (buckets_.size() >= addresses_most_) forget_full(now_ms);
    found = buckets_.emplace(name, Bucket{static_cast<double>(per_minute_), now_ms}).first;
  }
  Bucket& bucket = found->second;
  bucket.left = filled(bucket, now_ms);
  bucket.at_ms = now_ms;
  if (bucket.left < 1) {
    const double wait_s = (1 - bucket.left) * 60 / static_cast<double>(per_minute_);
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(wait_s)));
  }
  bucket.left -= 1;
  return 0;
}

// Those that are full are as good as new; of the others, the fuller half.
void AddressLimits::forget_full(std::int64_t now_ms) {
  std::vector<double> fills;
  fills.reserve(buckets_.size());
  for (const auto& [name, bucket] : buckets_) fills.push_back(filled(bucket, now_ms));
  const auto middle = fills.begin() + static_cast<std::ptrdiff_t>(fills.size() / 2);
  std::nth_element(fills.begin(), middle, fills.end());
  const double median = *middle;
  std::erase_if(buckets_,
                [&](const auto& entry) { return filled(entry.second, now_ms) >= median; });
}

}  // namespace tidemark::daemon
