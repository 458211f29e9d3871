#pragma once

#include <memory>
#include <utility>

#include "storage/engine.hpp"

namespace tidemark::test {

// A store on a disk without the room that a purge needs.
class CrampedEngine final : public storage::Engine {
 public:
  explicit CrampedEngine(std::unique_ptr<storage::Engine> inner) : inner_(std::move(inner)) {}

  void read(const std::function<void(const storage::Reader&)>& body) override {
    inner_->read(body);
  }
  void write(const std::function<void(storage::Writer&)>& body) override { inner_->write(body); }
  void sync() override { inner_->sync(); }
  [[nodiscard]] std::unique_ptr<storage::Purge> begin_purge(std::uint64_t erasures) override {
    if (room) return inner_->begin_purge(erasures);
    class Later final : public storage::Purge {
      Step step() override { return Step::later; }
    };
    return std::make_unique<Later>();
  }
  [[nodiscard]] Statistics statistics() const override { return inner_->statistics(); }

  bool room = true;

 private:
  std::unique_ptr<storage::Engine> inner_;
};

}  // namespace tidemark::test
