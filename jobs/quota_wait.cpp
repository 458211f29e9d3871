#include "jobs/quota_wait.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tidemark::jobs {

std::int64_t margin_ms(std::int64_t wait_ms, async::Random& random) {
  const std::int64_t base_ms =
      std::clamp<std::int64_t>(wait_ms / 100, quota_margin_least_ms, 1'000);
  const auto half_ms = static_cast<std::uint64_t>(base_ms / 2);
  return base_ms + static_cast<std::int64_t>(random.below(half_ms + 1));
}

std::string provider_of(std::string_view owner) {
  return std::string(owner.substr(0, owner.find(':')));
}

std::string provider_title(std::string_view owner) {
  std::string provider = provider_of(owner);
  if (provider == "github") return "GitHub";
  if (provider == "bitbucket") return "Bitbucket";
  if (provider == "openhumans") return "Open Humans";
  return provider;
}

namespace {

std::string describe_left(const storage::QuotaWindow& row, const QuotaShare& share,
                          std::uint64_t cost) {
  std::string text = fmt::format("{} of {} left", row.remaining, row.limit);
  const std::uint64_t kept = kept_back(row.limit, share);
  if (kept > 0 && row.remaining > 0) text += fmt::format(", {} kept back", kept);
  if (cost > 1 && row.remaining > 0) text += fmt::format(", {} needed", cost);
  return text;
}

}  // namespace

std::string describe_wait(const QuotaDelay& delay, const storage::QuotaWindow& row,
                          const QuotaShare& share, std::uint64_t cost) {
  using Cause = QuotaDelay::Cause;
  std::string text =
      fmt::format("waiting for {} quota ({}): ", provider_title(row.owner), row.resource);
  switch (delay.cause) {
    case Cause::probe_under_way: return text + "one request is finding out how much is left";
    case Cause::under_way:
      return text + describe_left(row, share, 1) + ", other requests are under way";
    case Cause::blocked:
      if (row.limit > 0 && row.remaining == 0) return text + describe_left(row, share, 1);
      return text + row.blocked_reason;
    case Cause::spent: return text + describe_left(row, share, cost);
    case Cause::too_large:
      return text + fmt::format(
                        "{} needed at once, but only {} of {} a window are ours: raise the "
                        "share or ask for less",
                        cost, row.limit - kept_back(row.limit, share), row.limit);
    case Cause::no_share: return text + "the operator's share of it is 0: raise the share";
  }
  return text;
}

bool is_quota_wait(std::string_view reason) {
  const std::size_t at = reason.find(" quota (");
  return reason.starts_with("waiting for ") && at != std::string_view::npos &&
         reason.find("): ", at) != std::string_view::npos;
}

}  // namespace tidemark::jobs
