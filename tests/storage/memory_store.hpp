#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <type_traits>

#include "storage/check.hpp"
#include "storage/engine.hpp"
#include "storage/rocks/open.hpp"

namespace tidemark::storage::test {

// A real store in memory, used without the pool.
class MemoryStore {
 public:
  template <class Body, class Value = std::invoke_result_t<Body, Writer&>>
  Value write(Body body) {
    if constexpr (std::is_void_v<Value>) {
      engine_->write([&](Writer& writer) { body(writer); });
    } else {
      std::optional<Value> value;
      engine_->write([&](Writer& writer) { value.emplace(body(writer)); });
      return std::move(*value);
    }
  }
  template <class Body, class Value = std::invoke_result_t<Body, const Reader&>>
  Value read(Body body) {
    std::optional<Value> value;
    engine_->read([&](const Reader& reader) { value.emplace(body(reader)); });
    return std::move(*value);
  }
  CheckReport check() {
    return read([](const Reader& reader) { return check_store(reader); });
  }
  // The first problem, for messages of tests that expect none.
  std::string first_problem() {
    const auto report = check();
    return report.problems.empty() ? "" : report.problems.front();
  }

 private:
  std::unique_ptr<Engine> engine_ = open_rocks_in_memory();
};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t below(std::uint64_t end) {
    return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(engine_);
  }
  template <class Range>
  auto pick(const Range& range) {
    return *std::next(std::begin(range), static_cast<std::ptrdiff_t>(below(std::size(range))));
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace tidemark::storage::test
