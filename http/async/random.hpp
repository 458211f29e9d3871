#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tidemark::async {

// Randomness is passed in, so that a seed reproduces a run.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;

  std::uint64_t next();
  // Uniform in [0, bound); 0 when bound is 0.
  std::uint64_t below(std::uint64_t bound);
};

// From OpenSSL's generator: fit for keys, nonces and states.
class SecureRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override;
};

// Reproducible and not secret: tests and simulations only.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::byte> bytes) override;

 private:
  std::uint64_t state_;
};

}  // namespace tidemark::async
