#include "storage/quota.hpp"

#include <charconv>

#include "storage/accounts.hpp"
#include "storage/members.hpp"
#include "storage/purge.hpp"
#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::string_view of_account = "github:", of_member = "github:member:";

std::string quota_key(std::string_view owner, std::string_view resource) {
  return KeyWriter().text(owner).text(resource).bytes();
}

// Of an account or a member, of whom nothing else is kept.
bool is_stray(const Reader& reader, std::string_view owner) {
  if (owner.starts_with(of_member))
    return !find_member(reader, owner.substr(of_member.size())).has_value();
  if (!owner.starts_with(of_account)) return false;
  const auto digits = owner.substr(of_account.size());
  std::uint64_t account = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), account);
  if (error != std::errc{} || end != digits.data() + digits.size()) return false;
  return members_of_account(reader, account).empty();
}

}  // namespace

QuotaWindow decode_quota(std::string_view key, std::string_view value) {
  return decoded(Table::quota, key, [&] {
    QuotaWindow window;
    KeyReader place(key);
    window.owner = place.text();
    window.resource = place.text();
    place.end();
    ValueReader in(value, version, "quota window");
    window.limit = in.u64();
    window.remaining = in.u64();
    window.resets_ms = in.i64();
    window.blocked_until_ms = in.i64();
    window.blocked_reason = in.text();
    window.spent = in.u64();
    window.requests = in.u64();
    window.refused = in.u64();
    window.secondary_strikes = narrowed<std::uint32_t>(in.u64());
    in.end();
    return window;
  });
}

std::optional<QuotaWindow> find_quota(const Reader& reader, std::string_view owner,
                                      std::string_view resource) {
  const auto key = quota_key(owner, resource);
  const auto value = reader.get(Table::quota, key);
  if (!value) return std::nullopt;
  return decode_quota(key, *value);
}

void put_quota(Writer& writer, const QuotaWindow& window) {
  ValueWriter out(version);
  out.u64(window.limit).u64(window.remaining);
  out.i64(window.resets_ms).i64(window.blocked_until_ms).text(window.blocked_reason);
  out.u64(window.spent).u64(window.requests).u64(window.refused).u64(window.secondary_strikes);
  writer.put(Table::quota, quota_key(window.owner, window.resource), out.take());
}

std::vector<QuotaWindow> list_quotas(const Reader& reader) {
  std::vector<QuotaWindow> windows;
  const auto each = [&](std::string_view key, std::string_view value) {
    windows.push_back(decode_quota(key, value));
    return true;
  };
  reader.scan(Table::quota, "", "", each);
  return windows;
}

void erase_quotas(Writer& writer, std::string_view owner) {
  const auto prefix = KeyWriter().text(owner).bytes();
  writer.erase_range(Table::quota, prefix, after_prefix(prefix));
}

std::vector<std::string> erase_stray_quotas(Writer& writer, std::size_t most,
                                            std::string_view kept) {
  std::vector<std::string> strays;
  const auto each = [&](std::string_view key, std::string_view value) {
    auto owner = decode_quota(key, value).owner;
    const bool seen = !strays.empty() && strays.back() == owner;  // of another resource
    if (!seen && owner != kept && is_stray(writer, owner)) strays.push_back(std::move(owner));
    return strays.size() < most;
  };
  writer.scan(Table::quota, "", "", each);
  for (const auto& owner : strays) erase_quotas(writer, owner);
  if (!strays.empty()) owe_purge(writer, {});
  return strays;
}

std::string account_owner(std::uint64_t github_id) {
  return std::string(of_account) + std::to_string(github_id);
}

std::string unknown_account_owner(std::string_view member) {
  return std::string(of_member) + std::string(member);
}

}  // namespace tidemark::storage
