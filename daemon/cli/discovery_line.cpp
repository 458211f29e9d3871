#include "daemon/cli/discovery_line.hpp"

#include <fmt/format.h>

#include <vector>

#include "daemon/cli/progress.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/time_text.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

std::string counts_text(const json::object& discovery) {
  const auto totals = object_of(discovery, "totals");
  return fmt::format("{} users, {} read, {} to go", number_of(totals, "users"),
                     number_of(totals, "read"), number_of(discovery, "unread"));
}

std::string speed_text(const json::object& discovery) {
  const auto speed = object_of(discovery, "speed");
  return fmt::format("{} found a minute, {} read a point", rate_text(speed, "found_per_minute"),
                     rate_text(speed, "read_per_point"));
}

std::string without_details(const std::string& text) { return text.substr(0, text.find(" (")); }

}  // namespace

std::string rate_text(const json::object& speed, std::string_view name) {
  const json::value* value = speed.if_contains(name);
  if (value == nullptr || !value->is_number()) return "-";
  const double rate = value->to_number<double>();
  return rate < 100 ? fmt::format("{:.1f}", rate) : fmt::format("{:.0f}", rate);
}

std::string discovery_doing(const json::object& discovery, std::int64_t now_ms) {
  const auto* enabled = discovery.if_contains("enabled");
  if (enabled != nullptr && *enabled == false) return "off (discovery.enabled = false)";
  const auto job = object_of(discovery, "job");
  const auto state = text_of(job, "state");
  if (state == "running") return "reading";
  if (state == "done") return "nothing is left to read";
  return job.empty() ? "not started" : doing_text(job, now_ms);
}

std::string discovery_line(const json::object& discovery, std::int64_t now_ms,
                           std::size_t columns) {
  const auto doing = discovery_doing(discovery, now_ms);
  std::vector<std::string> parts = {counts_text(discovery), doing, speed_text(discovery)};
  const auto forecast_ms = number_of(discovery, "forecast_ms");
  if (forecast_ms > 0) {
    parts.push_back(fmt::format("done about {}", clock_text(forecast_ms, now_ms)));
  }
  auto line = fmt::format("{}", fmt::join(parts, "; "));
  if (columns == 0 || columns_of(line) <= columns) return line;
  // What it waits for and until when matters more than the details behind it.
  parts[1] = without_details(doing);
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string limits_text(const json::object& discovery) {
  std::vector<std::string> limits;
  const auto* list = discovery.if_contains("limits_reached");
  if (list == nullptr || !list->is_array()) return {};
  for (const auto& each : list->get_array()) {
    if (each.is_string()) limits.emplace_back(each.get_string());
  }
  return fmt::format("{}", fmt::join(limits, "; "));
}

DiscoveryEnd discovery_end(const json::object& discovery) {
  const auto job = object_of(discovery, "job");
  if (text_of(job, "state") == "dead") {
    return {ExitCode::failure,
            fmt::format("the crawl is dead: {}; try again with: tidemark jobs requeue {}",
                        text_of(job, "last_error"), text_of(job, "id"))};
  }
  const auto totals = object_of(discovery, "totals");
  auto text = fmt::format("the graph holds {} users ({} read), {} organizations, {} repositories",
                          number_of(totals, "users"), number_of(totals, "read"),
                          number_of(totals, "organizations"), number_of(totals, "repositories"));
  const auto points = number_of(discovery, "points"), requests = number_of(discovery, "requests");
  if (points + requests > 0) {
    text += fmt::format("; it took {} points and {} REST requests", points, requests);
  }
  return {ExitCode::ok, std::move(text)};
}

}  // namespace tidemark::daemon
