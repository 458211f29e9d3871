#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/control.hpp"
#include "daemon/cli/pages.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/time_text.hpp"
#include "http/url.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

std::string target_of(const std::string& id) { return "/v1/jobs/" + http::percent_encode(id); }

std::string progress_cell(const json::object& job) {
  const auto progress = object_of(job, "progress");
  if (progress.empty()) return "-";
  return fmt::format("{} of {} {}", number_of(progress, "done"), number_of(progress, "total"),
                     text_of(progress, "unit"));
}

void print_job(const json::object& job) {
  const auto now_ms = wall_now_ms();
  Table table({"FIELD", "VALUE"});
  for (const char* name : {"id", "kind", "key", "state", "priority", "attempts", "suspensions"}) {
    table.add({name, text_of(job, name) + " "});
  }
  table.add({"progress", progress_cell(job)});
  table.add({"doing", doing_text(job, now_ms)});
  table.add({"last error", text_of(job, "last_error")});
  for (const char* name : {"created", "started", "updated", "finished"}) {
    const auto at = number_of(job, fmt::format("{}_ms", name));
    table.add({name, at == 0 ? "-" : clock_text(at, now_ms)});
  }
  fmt::print("{}", table.text());
}

}  // namespace

ExitCode list_jobs(const CommandLine& line, Control& control) {
  const auto query =
      query_part("state", line.state) + query_part("kind", line.kind) + query_part("key", line.key);
  const auto jobs =
      fetch_all(control, "/v1/jobs", query, "jobs", line.limit == 0 ? 50 : line.limit);
  if (line.json) {
    print_json(jobs);
    return ExitCode::ok;
  }
  const auto now_ms = wall_now_ms();
  Table table({"JOB", "KIND", "KEY", "STATE", "PROGRESS", "UPDATED", "NOTE"});
  for (const auto& value : jobs) {
    const auto& job = value.as_object();
    const auto wait = object_of(job, "wait");
    table.add({text_of(job, "id"), text_of(job, "kind"), text_of(job, "key"), text_of(job, "state"),
               progress_cell(job), clock_text(number_of(job, "updated_ms"), now_ms),
               wait.empty() ? text_of(job, "last_error") : doing_text(job, now_ms)});
  }
  fmt::print("{}", table.size() == 0 ? "no jobs\n" : table.text());
  return ExitCode::ok;
}

ExitCode show_job(const CommandLine& line, Control& control) {
  const auto job = control.get(target_of(line.id));
  if (line.json) {
    print_json(job);
  } else {
    print_job(job);
  }
  return ExitCode::ok;
}

ExitCode requeue_job(const CommandLine& line, Control& control) {
  const auto job = control.send("POST", target_of(line.id) + "/requeue");
  if (line.json) {
    print_json(job);
  } else {
    fmt::print("job {} is ready\n", line.id);
  }
  return ExitCode::ok;
}

ExitCode drop_job(const CommandLine& line, Control& control) {
  control.send("DELETE", target_of(line.id));
  if (!line.json) fmt::print("job {} dropped\n", line.id);
  return ExitCode::ok;
}

}  // namespace tidemark::daemon
