#pragma once

#include <memory>
#include <utility>

#include "storage/engine.hpp"

namespace tidemark::test {

// A store on a disk that can be full.
class FullDisk final : public storage::Engine {
 public:
  explicit FullDisk(std::unique_ptr<storage::Engine> engine) : engine_(std::move(engine)) {}
  // In the place of the engine; it stays the engine's owner.
  static FullDisk& under(std::unique_ptr<storage::Engine>& engine) {
    auto disk = std::make_unique<FullDisk>(std::move(engine));
    FullDisk& result = *disk;
    engine = std::move(disk);
    return result;
  }

  void read(const std::function<void(const storage::Reader&)>& body) override {
    engine_->read(body);
  }
  void write(const std::function<void(storage::Writer&)>& body) override {
    if (full) throw storage::DiskFull("0 of 64 MB free");
    engine_->write(body);
  }
  void write_from_reserve(const std::function<void(storage::Writer&)>& body) override {
    if (full && !has_reserve) throw storage::DiskFull("0 of 64 MB free");
    engine_->write(body);
  }
  void sync() override {
    if (full && !has_reserve) throw storage::DiskFull("0 of 64 MB free");
    engine_->sync();
  }
  [[nodiscard]] Statistics statistics() const override { return engine_->statistics(); }

  bool full = false, has_reserve = false;

 private:
  std::unique_ptr<storage::Engine> engine_;
};

}  // namespace tidemark::test
