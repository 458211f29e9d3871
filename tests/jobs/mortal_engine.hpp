#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "storage/engine.hpp"

namespace tidemark::test {

class Died : public storage::StoreError {
 public:
  Died() : storage::StoreError("the process died at this commit") {}
};

// A store whose process can die: from one write on nothing happens any more, until revive(). Its
// disk can be full as well.
class MortalEngine final : public storage::Engine {
 public:
  explicit MortalEngine(std::unique_ptr<storage::Engine> inner) : inner_(std::move(inner)) {}

  // At the n-th write from now on, just before or just after it takes effect.
  void die_at(std::uint64_t write, bool after) {
    left_ = write;
    after_ = after;
  }
  void die() { dead_ = true; }
  void revive() {
    dead_ = false;
    left_ = 0;
  }
  [[nodiscard]] bool dead() const { return dead_; }
  [[nodiscard]] std::uint64_t writes() const { return writes_; }

  // Something else happens to the store just before the n-th step (read or write) from now on.
  void at_step(std::uint64_t step, std::function<void(storage::Writer&)> meanwhile) {
    steps_left_ = step;
    meanwhile_ = std::move(meanwhile);
  }
  [[nodiscard]] bool waits_for_step() const { return steps_left_ != 0; }

  void read(const std::function<void(const storage::Reader&)>& body) override {
    count_step();
    inner_->read(body);
  }
  void write(const std::function<void(storage::Writer&)>& body) override {
    count_step();
    if (dead_) throw Died();
    if (full) throw storage::DiskFull("0 of 64 MB free");
    ++writes_;
    const bool dies = left_ != 0 && --left_ == 0;
    if (!dies || after_) inner_->write(body);
    if (dies) {
      dead_ = true;
      throw Died();
    }
  }
  void sync() override { inner_->sync(); }
  [[nodiscard]] Statistics statistics() const override { return inner_->statistics(); }

  bool full = false;

 private:
  void count_step() {
    if (steps_left_ != 0 && --steps_left_ == 0) inner_->write(meanwhile_);
  }

  std::unique_ptr<storage::Engine> inner_;
  std::function<void(storage::Writer&)> meanwhile_;
  std::uint64_t left_ = 0, writes_ = 0, steps_left_ = 0;
  bool after_ = false, dead_ = false;
};

}  // namespace tidemark::test
