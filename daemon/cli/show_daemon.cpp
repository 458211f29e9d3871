#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/control.hpp"
#include "daemon/cli/discovery_line.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/time_text.hpp"

namespace tidemark::daemon {

ExitCode show_status(const CommandLine& line, Control& control) {
  const auto status = control.get("/v1/status");
  if (line.json) {
    print_json(status);
    return ExitCode::ok;
  }
  constexpr std::int64_t shown_ms = std::int64_t{30} * 24 * 3'600'000;
  for (const auto& value : status.at("given_up").as_array()) {
    const auto& given_up = value.as_object();
    const auto at_ms = number_of(given_up, "since_ms");
    if (at_ms < wall_now_ms() - shown_ms) continue;
    fmt::print("given up {}: {}\n", clock_text(at_ms, wall_now_ms()), text_of(given_up, "what"));
  }
  for (const auto& value : status.at("dead").as_array()) {
    const auto& job = value.as_object();
    fmt::print("dead: job {} ({} {}): {}; try again with: tidemark jobs requeue {}\n",
               number_of(job, "id"), text_of(job, "kind"), text_of(job, "key"),
               text_of(job, "last_error"), number_of(job, "id"));
  }
  const auto discovery = control.get("/v1/discovery");
  const auto store = object_of(status, "store");
  fmt::print("tidemark {}, up {} (since {})\n", text_of(status, "version"),
             duration_text(number_of(status, "uptime_s") * 1000),
             clock_text(number_of(status, "started_ms"), wall_now_ms()));
  fmt::print("{}\n", text_of(status, "activity"));
  if (!object_of(discovery, "job").empty()) {
    fmt::print("graph: {}\n", discovery_line(discovery, wall_now_ms(), 0));
  }
  const auto limits = limits_text(discovery);
  if (!limits.empty()) fmt::print("graph: {}\n", limits);
  fmt::print("store {}: format {}, {} on disk, {} in memory\n", text_of(store, "path"),
             number_of(store, "format"),
             bytes_text(static_cast<std::uint64_t>(number_of(store, "bytes_on_disk"))),
             bytes_text(static_cast<std::uint64_t>(number_of(store, "memory_bytes"))));
  return ExitCode::ok;
}

ExitCode show_quota(const CommandLine& line, Control& control) {
  const auto points = line.points > 0 ? fmt::format("?points={}", line.points) : std::string();
  const auto answer = control.get("/v1/quota" + points);
  if (line.json) {
    print_json(answer);
    return ExitCode::ok;
  }
  const auto now_ms = wall_now_ms();
  std::vector<std::string> headings = {"OWNER",  "RESOURCE", "LEFT",    "OF",  "USABLE",
                                       "RESETS", "SPENT",    "REFUSED", "NOTE"};
  Table table(std::move(headings));
  auto time = [now_ms](const boost::json::object& object, std::string_view name) {
    const auto at = number_of(object, name);
    return at == 0 ? std::string("-") : clock_text(at, now_ms);
  };
  for (const auto& value : answer.at("windows").as_array()) {
    const auto& window = value.as_object();
    std::string note;
    if (number_of(window, "blocked_until_ms") > now_ms) {
      note = fmt::format("blocked until {}: {}", time(window, "blocked_until_ms"),
                         text_of(window, "blocked_reason"));
    }
    const auto forecast = object_of(window, "forecast");
    if (!forecast.empty()) {
      note += fmt::format("{}{} more by {}", note.empty() ? "" : "; ", line.points,
                          time(forecast, "done_ms"));
    }
    table.add({text_of(window, "owner"), text_of(window, "resource"), text_of(window, "remaining"),
               text_of(window, "limit"), text_of(window, "usable"), time(window, "resets_ms"),
               text_of(window, "spent"), text_of(window, "refused"), note});
  }
  if (table.size() == 0) {
    fmt::print("no quota is known yet: nothing was asked of GitHub\n");
  } else {
    fmt::print("{}", table.text());
  }
  return ExitCode::ok;
}

}  // namespace tidemark::daemon
