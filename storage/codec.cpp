#include "storage/codec.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "storage/engine.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint32_t sign_bit_32 = std::uint32_t{1} << 31;
constexpr std::uint64_t sign_bit_64 = std::uint64_t{1} << 63;

template <class Number>
void append_big_endian(std::string& bytes, Number value) {
  for (std::size_t left = sizeof(Number); left-- > 0;) {
    bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(value >> (left * 8))));
  }
}

template <class Number>
Number take_big_endian(std::string_view& rest) {
  if (rest.size() < sizeof(Number)) {
    throw CorruptRecord(
        fmt::format("a key ends early: {} bytes are left where a number of {} bytes "
                    "should be; run `tidemark check`",
                    rest.size(), sizeof(Number)));
  }
  std::uint64_t value = 0;
  for (std::size_t at = 0; at < sizeof(Number); ++at) {
    value = value << 8 | static_cast<std::uint8_t>(rest[at]);
  }
  rest.remove_prefix(sizeof(Number));
  return static_cast<Number>(value);
}

[[noreturn]] void malformed(std::string_view what, std::string_view how) {
  throw CorruptRecord(
      fmt::format("{}: {}; run `tidemark check`, then restore a backup or remove "
                  "what it names",
                  what, how));
}

}  // namespace

KeyWriter& KeyWriter::u8(std::uint8_t value) {
  append_big_endian(bytes_, value);
  return *this;
}

KeyWriter& KeyWriter::u32(std::uint32_t value) {
  append_big_endian(bytes_, value);
  return *this;
}

KeyWriter& KeyWriter::u40(std::uint64_t value) {
  if (value >> 40 != 0) {
    throw std::invalid_argument(fmt::format("{} does not fit into five bytes of a key", value));
  }
  return u8(static_cast<std::uint8_t>(value >> 32)).u32(static_cast<std::uint32_t>(value));
}

KeyWriter& KeyWriter::u64(std::uint64_t value) {
  append_big_endian(bytes_, value);
  return *this;
}

KeyWriter& KeyWriter::i32(std::int32_t value) {
  return u32(static_cast<std::uint32_t>(value) ^ sign_bit_32);
}

KeyWriter& KeyWriter::i64(std::int64_t value) {
  return u64(static_cast<std::uint64_t>(value) ^ sign_bit_64);
}

KeyWriter& KeyWriter::text(std::string_view value) {
  if (value.find('\0') != std::string_view::npos) {
    throw std::invalid_argument("a text in a key must not hold a zero byte");
  }
  bytes_.append(value);
  bytes_.push_back('\0');
  return *this;
}

std::uint8_t KeyReader::u8() { return take_big_endian<std::uint8_t>(rest_); }
std::uint32_t KeyReader::u32() { return take_big_endian<std::uint32_t>(rest_); }
std::uint64_t KeyReader::u40() {
  const std::uint64_t high = u8();
  return high << 32 | u32();
}
std::uint64_t KeyReader::u64() { return take_big_endian<std::uint64_t>(rest_); }
std::int32_t KeyReader::i32() { return static_cast<std::int32_t>(u32() ^ sign_bit_32); }
std::int64_t KeyReader::i64() { return static_cast<std::int64_t>(u64() ^ sign_bit_64); }

std::string KeyReader::text() {
  const std::size_t end = rest_.find('\0');
  if (end == std::string_view::npos) {
    throw CorruptRecord("a key ends early: a text in it has no end; run `tidemark check`");
  }
  std::string value(rest_.substr(0, end));
  rest_.remove_prefix(end + 1);
  return value;
}

void KeyReader::end() const {
  if (rest_.empty()) return;
  throw CorruptRecord(
      fmt::format("a key is too long: {} bytes are left over; run `tidemark check`", rest_.size()));
}

std::string after_prefix(std::string_view prefix) {
  std::string next(prefix);
  while (!next.empty() && next.back() == '\xff') next.pop_back();
  if (!next.empty()) next.back() = static_cast<char>(static_cast<std::uint8_t>(next.back()) + 1);
  return next;
}

ValueWriter::ValueWriter(std::uint8_t version) { bytes_.push_back(static_cast<char>(version)); }

ValueWriter& ValueWriter::boolean(bool value) {
  bytes_.push_back(value ? '\1' : '\0');
  return *this;
}

ValueWriter& ValueWriter::u64(std::uint64_t value) {
  while (value >= 0x80) {
    bytes_.push_back(static_cast<char>(static_cast<std::uint8_t>(value | 0x80)));
    value >>= 7;
  }
  bytes_.push_back(static_cast<char>(value));
  return *this;
}

ValueWriter& ValueWriter::i64(std::int64_t value) {
  const std::uint64_t sign = value < 0 ? ~std::uint64_t{0} : 0;
  return u64((static_cast<std::uint64_t>(value) << 1) ^ sign);
}

ValueWriter& ValueWriter::text(std::string_view value) {
  u64(value.size());
  bytes_.append(value);
  return *this;
}

ValueReader::ValueReader(std::string_view bytes, std::uint8_t newest, std::string_view what)
    : rest_(bytes), what_(what) {
  if (rest_.empty()) malformed(what_, "the value is empty");
  version_ = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  if (version_ == 0) malformed(what_, "the value has version 0, which never was");
  if (version_ > newest) {
    throw StoreError(
        fmt::format("{}: the value has version {}, this tidemark knows up to {}: "
                    "install the newer version again, or restore a backup",
                    what_, version_, newest));
  }
}

bool ValueReader::boolean() {
  if (rest_.empty()) malformed(what_, "the value ends where a truth value should be");
  const char byte = rest_.front();
  if (byte != '\0' && byte != '\1') malformed(what_, "a truth value is neither 0 nor 1");
  rest_.remove_prefix(1);
  return byte == '\1';
}

std::uint64_t ValueReader::u64() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) malformed(what_, "the value ends inside a number");
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    if (shift == 63 && byte > 1) malformed(what_, "a number has more than 64 bits");
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) {
      if (byte == 0 && shift > 0) malformed(what_, "a number is written longer than it is");
      return value;
    }
  }
  malformed(what_, "a number has no end");
}

std::int64_t ValueReader::i64() {
  const std::uint64_t folded = u64();
  return static_cast<std::int64_t>((folded >> 1) ^ (~(folded & 1) + 1));
}

std::string ValueReader::text() {
  const std::uint64_t size = u64();
  if (size > rest_.size()) malformed(what_, "the value ends inside a text");
  std::string value(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return value;
}

void ValueReader::end() const {
  if (!rest_.empty()) malformed(what_, "the value is too long");
}

}  // namespace tidemark::storage
