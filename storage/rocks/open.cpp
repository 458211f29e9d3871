#include "storage/rocks/open.hpp"

#include <fmt/format.h>
#include <rocksdb/env.h>

#include <system_error>

#include "storage/rocks/engine.hpp"

namespace tidemark::storage {
namespace {

// Only the owner looks into the store: it says what members did.
void create_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::is_directory(folder, error)) return;
  if (std::filesystem::create_directories(folder, error)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  if (!error) return;
  throw StoreError(
      fmt::format("{}: cannot be made ({}): create the folder for tidemark's user, or "
                  "name another one",
                  folder.string(), error.message()));
}

// Owns its environment, which must outlive the database inside. Does not try to read in memory:
// which blocks are there depends on threads of RocksDB, and a simulation must repeat itself.
class MemoryEngine final : public Engine {
 public:
  MemoryEngine()
      : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())), engine_("/store", options(), false) {}

  void read(const std::function<void(const Reader&)>& body) override { engine_.read(body); }
  void write(const std::function<void(Writer&)>& body) override { engine_.write(body); }
  void sync() override { engine_.sync(); }
  [[nodiscard]] Statistics statistics() const override { return engine_.statistics(); }

 private:
  [[nodiscard]] RocksOptions options() const {
    RocksOptions options;
    options.env = env_.get();
    return options;
  }

  std::unique_ptr<rocksdb::Env> env_;
  rocks::RocksEngine engine_;
};

}  // namespace

std::unique_ptr<Engine> open_rocks(const std::filesystem::path& folder,
                                   const RocksOptions& options) {
  create_folder(folder);
  return std::make_unique<rocks::RocksEngine>(folder.string(), options, true);
}

std::unique_ptr<Engine> open_rocks_in_memory() { return std::make_unique<MemoryEngine>(); }

}  // namespace tidemark::storage
