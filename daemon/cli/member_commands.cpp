#include <fmt/format.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/control.hpp"
#include "daemon/cli/pages.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/cli/tokens.hpp"
#include "daemon/time_text.hpp"
#include "http/url.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

std::string target_of(const std::string& id) { return "/v1/members/" + http::percent_encode(id); }

std::string weeks_cell(const json::object& member, bool with_bar) {
  const auto progress = object_of(member, "progress");
  if (progress.empty()) return "-";
  const auto done = number_of(progress, "done"), total = number_of(progress, "total");
  const auto text = fmt::format("{} of {} {}", done, total, text_of(progress, "unit"));
  return with_bar ? fmt::format("{} {}", progress_bar(done, total, 8), text) : text;
}

std::string note_of(const json::object& member, std::int64_t now_ms) {
  const auto wait = object_of(member, "wait");
  if (!wait.empty()) return doing_text(member, now_ms);
  const auto reason = text_of(member, "state_reason");
  if (!reason.empty()) return reason;
  const auto state = text_of(object_of(member, "job"), "state");
  if (state == "running") return "syncing";
  if (state == "ready") return "queued";
  const auto error = text_of(member, "last_error");
  if (state == "dead" && !error.empty()) return error;
  const auto synced = number_of(member, "last_synced_ms");
  return synced == 0 ? "" : fmt::format("synced {}", clock_text(synced, now_ms));
}

}  // namespace

ExitCode list_members(const CommandLine& line, Control& control) {
  const auto members = fetch_all(control, "/v1/members", "", "members", line.limit);
  if (line.json) {
    print_json(members);
    return ExitCode::ok;
  }
  const bool with_bar = ::isatty(STDOUT_FILENO) == 1;
  Table table({"MEMBER", "LOGIN", "STATE", "PROGRESS", "COMMITS", "NOTE"});
  for (const auto& value : members) {
    const auto& member = value.as_object();
    const auto login = text_of(member, "login");
    table.add({text_of(member, "id"), login.empty() ? "-" : login, text_of(member, "state"),
               weeks_cell(member, with_bar), text_of(member, "commits"),
               note_of(member, wall_now_ms())});
  }
  fmt::print("{}", table.size() == 0 ? "no members; add one with: tidemark members add ID\n"
                                     : table.text());
  return ExitCode::ok;
}

ExitCode show_member(const CommandLine& line, Control& control) {
  const auto member = control.get(target_of(line.id));
  if (line.json) {
    print_json(member);
    return ExitCode::ok;
  }
  const auto now_ms = wall_now_ms();
  const auto weeks = object_of(member, "weeks");
  Table table({"FIELD", "VALUE"});
  table.add({"member", line.id + " "});
  table.add({"login", text_of(member, "login")});
  table.add({"state", text_of(member, "state")});
  table.add({"progress", weeks_cell(member, ::isatty(STDOUT_FILENO) == 1)});
  table.add({"weeks", fmt::format("{} uploaded, {} complete without a file, {} partial, {} unknown",
                                  number_of(weeks, "uploaded"), number_of(weeks, "complete"),
                                  number_of(weeks, "partial"), number_of(weeks, "unknown"))});
  table.add(
      {"commits", fmt::format("{} (+{} -{})", number_of(member, "commits"),
                              number_of(member, "additions"), number_of(member, "deletions"))});
  table.add({"now", note_of(member, now_ms)});
  table.add({"last error", text_of(member, "last_error")});
  fmt::print("{}", table.text());
  return ExitCode::ok;
}

ExitCode add_member(const CommandLine& line, Control& control) {
  json::object body = read_tokens(line.tokens_file);
  body["id"] = line.id;
  const auto member = control.send("POST", "/v1/members", json::serialize(body));
  if (line.json) {
    print_json(member);
  } else if (text_of(member, "state") == "not connected") {
    fmt::print("member {} is not connected to GitHub yet: tidemark members connect {}\n", line.id,
               line.id);
  } else {
    fmt::print("member {} is {}; their sync is queued: tidemark sync {} --follow\n", line.id,
               text_of(member, "state"), line.id);
  }
  return ExitCode::ok;
}

ExitCode remove_member(const CommandLine& line, Control& control) {
  control.send("DELETE", target_of(line.id));
  if (!line.json) fmt::print("member {} removed with everything kept of them\n", line.id);
  return ExitCode::ok;
}

ExitCode list_weeks(const CommandLine& line, Control& control) {
  const auto query = query_part("from", line.from) + query_part("until", line.until) +
                     query_part("state", line.state);
  const auto weeks = fetch_all(control, target_of(line.id) + "/weeks", query, "weeks", line.limit);
  if (line.json) {
    print_json(weeks);
    return ExitCode::ok;
  }
  Table table({"WEEK", "STATE", "COMMITS", "ADDED", "DELETED", "OTHERS", "FILE", "REASON"});
  for (const auto& value : weeks) {
    const auto& week = value.as_object();
    table.add({text_of(week, "week"), text_of(week, "state"), text_of(week, "commits"),
               text_of(week, "additions"), text_of(week, "deletions"), text_of(week, "others"),
               text_of(week, "file"), text_of(week, "reason")});
  }
  fmt::print("{}", table.size() == 0 ? "no weeks\n" : table.text());
  return ExitCode::ok;
}

}  // namespace tidemark::daemon
