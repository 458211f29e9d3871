#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "daemon/parts.hpp"
#include "storage/codec.hpp"
#include "storage/migrations.hpp"
#include "storage/rocks/open.hpp"

namespace tidemark::daemon {

namespace {

bool ever_sealed(storage::Engine& engine) {
  bool found = false;
  engine.read([&found](const storage::Reader& reader) {
    const auto prefix = storage::KeyWriter().text("canary").bytes();
    reader.scan(storage::Table::meta, prefix, storage::after_prefix(prefix),
                [&found](std::string_view, std::string_view) {
                  found = true;
                  return false;
                });
  });
  return found;
}

storage::KeyRing open_keys(const Settings& settings, storage::Engine& engine, Log& log) {
  const std::filesystem::path file = settings.store_key_file;
  std::error_code error;
  if (std::filesystem::exists(file, error) || error) return storage::KeyRing::load(file);
  // A fresh key for an old store would only hide that the right one is missing.
  if (ever_sealed(engine)) {
    throw storage::StoreError(
        fmt::format("{}: no such file, but the store's secrets are sealed with its keys; put the "
                    "file back, or name it in store.key_file",
                    file.string()));
  }
  const auto folder = std::filesystem::absolute(file).parent_path();
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw SettingsError({fmt::format(
        "store.key_file: {} cannot be made: {}: {}; make the folder writable for the daemon's "
        "user, or name another file",
        file.string(), folder.string(), std::strerror(errno))});
  }
  auto keys = storage::KeyRing::create(file);
  log.info(fmt::format("made {}: without it the store's secrets are lost, so back it up",
                       file.string()));
  return keys;
}

}  // namespace

std::unique_ptr<storage::Engine> open_store(const Settings& settings, Log& log) {
  storage::RocksOptions options;
  options.free_bytes_min = static_cast<std::uint64_t>(settings.store_free_mb_min) << 20;
  auto engine = storage::open_rocks(settings.store_path, options);
  for (const auto& step : storage::migrate(*engine, storage::migrations(), settings.store_path)) {
    log.info(fmt::format("store: {}", step));
  }
  return engine;
}

storage::Sealer open_sealer(const Settings& settings, storage::Engine& engine, Log& log) {
  storage::Sealer sealer(open_keys(settings, engine, log));
  engine.write([&](storage::Writer& writer) {
    storage::check_keys(writer, sealer, settings.store_key_file);
  });
  return sealer;
}

}  // namespace tidemark::daemon
