#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "storage/engine.hpp"

namespace tidemark::storage {

// The keys that seal secrets, read from a file with one "<id> <64 hex digits>" per line, newest
// last; the last one seals, all of them open. The file is systemd's credential `tidemark-key`, or a
// 0600 file that is made at first start.
class KeyRing {
 public:
  // Throws std::runtime_error naming file, line and remedy: unreadable, malformed, a duplicate id,
  // or readable by others.
  static KeyRing load(const std::filesystem::path& file);
  // Makes the file (0600, its folder synced) with one fresh key.
  static KeyRing create(const std::filesystem::path& file);
  // Appends a fresh key that seals from now on; atomically replaces the file.
  static KeyRing rotate(const std::filesystem::path& file);

  [[nodiscard]] std::uint32_t newest() const;
  [[nodiscard]] const std::string* find(std::uint32_t id) const;  // 32 bytes
  void add(std::uint32_t id, std::string key) { keys_[id] = std::move(key); }

 private:
  std::map<std::uint32_t, std::string> keys_;
};

// AES-256-GCM. `place` is authenticated with it (the record's key), so that a sealed value cannot
// be moved to another record. Layout: version 1, key id (4 bytes), nonce (12), ciphertext, tag
// (16).
class Sealer {
 public:
  explicit Sealer(KeyRing keys) : keys_(std::move(keys)) {}
  [[nodiscard]] std::string seal(std::string_view plain, std::string_view place) const;
  // Throws StoreError: "sealed with key 7, which <file> does not hold", or not authentic.
  [[nodiscard]] std::string open(std::string_view sealed, std::string_view place) const;
  [[nodiscard]] std::uint32_t key_of(std::string_view sealed) const;
  [[nodiscard]] const KeyRing& keys() const { return keys_; }

 private:
  KeyRing keys_;
};

// At start: proves with a stored, sealed canary that the ring holds the store's keys; a first start
// stores the canary. Throws StoreError that says which key is missing and where it was looked for.
void check_keys(Writer& writer, const Sealer& sealer, std::string_view key_file);
// Seals again under the newest key whatever an older one sealed; returns how many.
std::size_t reseal(Writer& writer, const Sealer& sealer, std::size_t most);

}  // namespace tidemark::storage
