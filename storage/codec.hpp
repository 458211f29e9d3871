#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidemark::storage {

// Keys: fixed-width big-endian numbers and zero-terminated strings, so that byte order is the order
// of the values. Values: one version byte, then varints and length-prefixed strings.

class KeyWriter {
 public:
  KeyWriter& u8(std::uint8_t value);
  KeyWriter& u32(std::uint32_t value);
  // Five bytes, for keys of which there are very many. Throws std::invalid_argument above 2^40 - 1.
  KeyWriter& u40(std::uint64_t value);
  KeyWriter& u64(std::uint64_t value);
  // Order-preserving for negative numbers too (the sign bit is flipped).
  KeyWriter& i32(std::int32_t value);
  KeyWriter& i64(std::int64_t value);
  // The text and a zero byte. Throws std::invalid_argument when the text holds a zero byte.
  KeyWriter& text(std::string_view value);
  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  operator std::string_view() const { return bytes_; }  // NOLINT: a key is its bytes

 private:
  std::string bytes_;
};

// Throws CorruptRecord when the bytes are too few.
class KeyReader {
 public:
  explicit KeyReader(std::string_view bytes) : rest_(bytes) {}
  std::uint8_t u8();
  std::uint32_t u32();
  std::uint64_t u40();
  std::uint64_t u64();
  std::int32_t i32();
  std::int64_t i64();
  std::string text();
  // Throws CorruptRecord when bytes are left over.
  void end() const;

 private:
  std::string_view rest_;
};

// The first key after every key that begins with `prefix`; empty when there is none.
[[nodiscard]] std::string after_prefix(std::string_view prefix);

class ValueWriter {
 public:
  explicit ValueWriter(std::uint8_t version);
  ValueWriter& boolean(bool value);
  ValueWriter& u64(std::uint64_t value);  // varint
  ValueWriter& i64(std::int64_t value);   // zigzag varint
  ValueWriter& text(std::string_view value);
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// `what` names the record in errors. Refuses (StoreError) a version above `newest`: it was written
// by a newer tidemark. Throws CorruptRecord for anything malformed.
class ValueReader {
 public:
  ValueReader(std::string_view bytes, std::uint8_t newest, std::string_view what);
  [[nodiscard]] std::uint8_t version() const { return version_; }
  bool boolean();
  std::uint64_t u64();
  std::int64_t i64();
  std::string text();
  void end() const;

 private:
  std::string_view rest_;
  std::string_view what_;
  std::uint8_t version_ = 0;
};

}  // namespace tidemark::storage
