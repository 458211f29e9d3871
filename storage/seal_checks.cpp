#include <fmt/format.h>

#include <utility>
#include <vector>

#include "storage/codec.hpp"
#include "storage/seal.hpp"

namespace tidemark::storage {
namespace {

// Table::meta, one row per key that sealed anything: key "canary", u32 key id; value: the plain
// text below, sealed with that key and the row's key as its place.
constexpr std::string_view canary_plain = "tidemark canary";

std::string canary_prefix() { return KeyWriter().text("canary").bytes(); }
std::string canary_key(std::uint32_t id) { return KeyWriter().text("canary").u32(id).bytes(); }

void check_canary(std::string_view key, std::string_view value, const Sealer& sealer,
                  std::string_view key_file) {
  const std::uint32_t id = sealer.key_of(value);
  if (sealer.keys().find(id) == nullptr) {
    throw StoreError(
        fmt::format("the store's secrets are sealed with key {}, which {} does not "
                    "hold: put that key's line back into the file",
                    id, key_file));
  }
  try {
    if (sealer.open(value, key) == canary_plain) return;
  } catch (const StoreError&) {
    // Says the same as below, for a member's secret.
  }
  throw StoreError(
      fmt::format("key {} in {} is not the one that sealed the store's secrets: put "
                  "the file back that belongs to this store",
                  id, key_file));
}

std::vector<std::string> canaries_of_older_keys(const Reader& reader, std::uint32_t newest) {
  std::vector<std::string> keys;
  reader.scan(Table::meta, canary_prefix(), after_prefix(canary_prefix()),
              [&](std::string_view key, std::string_view) {
                if (key != canary_key(newest)) keys.emplace_back(key);
                return true;
              });
  return keys;
}

}  // namespace

void check_keys(Writer& writer, const Sealer& sealer, std::string_view key_file) {
  writer.scan(Table::meta, canary_prefix(), after_prefix(canary_prefix()),
              [&](std::string_view key, std::string_view value) {
                check_canary(key, value, sealer, key_file);
                return true;
              });
  const std::string key = canary_key(sealer.keys().newest());
  if (!writer.get(Table::meta, key)) writer.put(Table::meta, key, sealer.seal(canary_plain, key));
}

std::size_t reseal(Writer& writer, const Sealer& sealer, std::size_t most) {
  const std::uint32_t newest = sealer.keys().newest();
  std::vector<std::pair<std::string, std::string>> stale;  // opened
  bool damaged = false;                                    // whoever needs such a one says so
  writer.scan(Table::secrets, "", "", [&](std::string_view key, std::string_view value) {
    if (stale.size() == most) return false;
    try {
      if (sealer.key_of(value) != newest) stale.emplace_back(key, sealer.open(value, key));
    } catch (const CorruptRecord&) {
      damaged = true;
    }
    return true;
  });
  for (const auto& [key, plain] : stale) {
    writer.put(Table::secrets, key, sealer.seal(plain, key));
  }
  // Once nothing is sealed with the older keys, they may leave the key file.
  if (stale.size() < most && !damaged) {
    for (const std::string& key : canaries_of_older_keys(writer, newest)) {
      writer.erase(Table::meta, key);
    }
  }
  return stale.size();
}

}  // namespace tidemark::storage
