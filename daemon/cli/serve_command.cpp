#include <fmt/format.h>
#include <malloc.h>
#include <sys/stat.h>

#include <cstdlib>

#include "daemon/app.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/secret_files.hpp"

namespace tidemark::daemon {

namespace {

// By default each thread gets a heap of its own, which keeps what a burst needed: with the loop,
// the storage pool and RocksDB's threads a crawl peaked at 72 instead of 54 MiB, and was no faster.
void share_heaps() { ::mallopt(M_ARENA_MAX, 2); }

}  // namespace

ExitCode serve(const CommandLine& line, const LoadedSettings& loaded) {
  share_heaps();
  ::umask(0077);  // whatever we make is ours alone, unless a mode is set
  const Settings& settings = loaded.settings;
  Log log(parse_log_level(settings.log_level),
          choose_log_format(settings.log_format, std::getenv("JOURNAL_STREAM")));
  auto reload = [&line] { return load_settings({line.config, process_environment(), line.sets}); };
  ExitCode code = ExitCode::failure;
  try {
    check_secret_files(loaded);
    App app(settings, log, reload);
    code = app.run();
  } catch (const SettingsError& error) {
    for (const auto& problem : error.problems()) log.error(problem);
    code = ExitCode::usage;
  } catch (const storage::StoreError& error) {
    log.error(error.what());
    code = ExitCode::store;
  } catch (const std::exception& error) {
    log.error(error.what());
  }
  log.info(fmt::format("ended with code {}", static_cast<int>(code)));
  return code;
}

}  // namespace tidemark::daemon
