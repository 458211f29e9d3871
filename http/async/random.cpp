#include "http/async/random.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace tidemark::async {

std::uint64_t Random::next() {
  std::uint64_t value = 0;
  fill(std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

std::uint64_t Random::below(std::uint64_t bound) {
  if (bound == 0) return 0;
  // The values left over after the last whole multiple of `bound` would favour small results.
  const std::uint64_t leftover = (std::numeric_limits<std::uint64_t>::max() % bound + 1) % bound;
  const std::uint64_t last_fair = std::numeric_limits<std::uint64_t>::max() - leftover;
  std::uint64_t value = next();
  while (value > last_fair) value = next();
  return value % bound;
}

void SecureRandom::fill(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    // RAND_bytes counts in int.
    std::size_t count = std::min<std::size_t>(bytes.size(), 1 << 20);
    int made = RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count));
    if (made != 1) {
      throw std::runtime_error(
          "OpenSSL's random generator gives nothing: check that the system's source of entropy "
          "(getrandom) works");
    }
    bytes = bytes.subspan(count);
  }
}

namespace {

// SplitMix64: one word of state, every seed is good, and the same on every machine.
std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31);
}

}  // namespace

void SeededRandom::fill(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    std::uint64_t word = split_mix(state_);
    std::size_t count = std::min(bytes.size(), sizeof(word));
    for (std::size_t at = 0; at < count; ++at) {
      bytes[at] = static_cast<std::byte>(word & 0xff);
      word >>= 8;
    }
    bytes = bytes.subspan(count);
  }
}

}  // namespace tidemark::async
