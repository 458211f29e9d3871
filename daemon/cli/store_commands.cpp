#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <filesystem>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/control.hpp"
#include "daemon/cli/table.hpp"
#include "http/excerpt.hpp"
#include "storage/check.hpp"
#include "storage/rocks/open.hpp"
#include "storage/seal.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

json::object check_directly(const Settings& settings) {
  std::error_code ignored;
  if (!std::filesystem::exists(settings.store_path, ignored)) {
    throw storage::StoreError(fmt::format(
        "{}: there is no store, and no daemon answers; name the folder with --set store.path=…",
        settings.store_path));
  }
  const auto engine = storage::open_rocks(settings.store_path, {});
  storage::CheckReport report;
  engine->read([&](const storage::Reader& reader) { report = storage::check_store(reader); });
  json::object answer;
  answer["rows"] = report.rows;
  answer["problems"] = json::array(report.problems.begin(), report.problems.end());
  answer["more"] = report.more;
  return answer;
}

// Under the newest key at once when no daemon holds the store; else the daemon does it at its
// start.
std::optional<std::size_t> reseal_if_free(const Settings& settings, const storage::KeyRing& keys) {
  std::error_code ignored;
  if (!std::filesystem::exists(settings.store_path, ignored)) return 0;
  std::unique_ptr<storage::Engine> engine;
  try {
    engine = storage::open_rocks(settings.store_path, {});
  } catch (const storage::StoreError&) {
    return std::nullopt;
  }
  const storage::Sealer sealer(keys);
  std::size_t total = 0, sealed = 0;
  do {
    engine->write([&](storage::Writer& writer) {
      storage::check_keys(writer, sealer, settings.store_key_file);
      sealed = storage::reseal(writer, sealer, 100);
    });
    total += sealed;
  } while (sealed == 100);
  engine->sync();
  return total;
}

}  // namespace

ExitCode check_store(const CommandLine& line, const Settings& settings, Control& control) {
  json::object report;
  bool reachable = true;
  try {
    report = control.send("POST", "/v1/check");
  } catch (const CommandFailed& failed) {
    if (failed.code() != ExitCode::unreachable) throw;
    reachable = false;
  }
  if (!reachable) report = check_directly(settings);
  const auto& problems = report.at("problems").as_array();
  if (line.json) {
    print_json(report);
  } else {
    for (const auto& problem : problems) {
      fmt::print("{}\n", http::printable(std::string_view(problem.as_string())));
    }
    fmt::print("{} rows read, {}{} problems\n", number_of(report, "rows"), problems.size(),
               report.at("more").as_bool() ? " and more" : "");
  }
  return problems.empty() ? ExitCode::ok : ExitCode::store;
}

ExitCode show_config(const CommandLine& line, const LoadedSettings& loaded) {
  if (line.effective) {
    fmt::print("{}", settings_effective(loaded));
  } else {
    fmt::print("{}", line.example ? settings_example() : settings_reference());
  }
  return ExitCode::ok;
}

ExitCode rotate_key(const CommandLine& line, const Settings& settings) {
  const auto file = line.key_file.empty() ? settings.store_key_file : line.key_file;
  const auto keys = storage::KeyRing::rotate(file);
  fmt::print("{} holds key {} now: back the file up\n", file, keys.newest());
  const auto sealed = reseal_if_free(settings, keys);
  if (sealed) {
    fmt::print("{} secrets sealed again under it\n", *sealed);
  } else {
    fmt::print("the daemon seals with it from its next start: systemctl restart tidemark\n");
  }
  return ExitCode::ok;
}

}  // namespace tidemark::daemon
