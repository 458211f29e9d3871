#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/control.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/sync_end.hpp"
#include "daemon/cli/table.hpp"
#include "http/url.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds look_every{300};
constexpr std::chrono::seconds patience{60};  // with a daemon that restarts

// The job as it is now; waits for a daemon that restarts, which goes on with the job by itself.
// `line` is null for programs, which get nothing but JSON.
json::object look(Control& control, const std::string& target, LiveLine* line) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (true) {
    try {
      return control.get(target);
    } catch (const CommandFailed& failed) {
      const bool may_come_back =
          failed.code() == ExitCode::unreachable || failed.code() == ExitCode::temporary;
      if (!may_come_back || std::chrono::steady_clock::now() > give_up) throw;
    }
    if (line != nullptr) line->show("the daemon does not answer just now; trying again");
    std::this_thread::sleep_for(look_every);
  }
}

}  // namespace

ExitCode sync_member(const CommandLine& line, Control& control) {
  const auto member_target = "/v1/members/" + http::percent_encode(line.id);
  const auto answer = control.send("POST", member_target + "/sync");
  auto job = object_of(answer, "job");
  if (!line.follow) {
    if (line.json) {
      print_json(answer);
    } else {
      fmt::print("sync of member {} {} as job {}\n", line.id,
                 answer.at("joined").as_bool() ? "is under way" : "is queued", text_of(job, "id"));
    }
    return ExitCode::ok;
  }
  LiveLine live;
  const auto job_target = "/v1/jobs/" + text_of(job, "id");
  auto state = text_of(job, "state");
  while (state != "done" && state != "dead") {
    if (!line.json) live.show(progress_line(job, wall_now_ms(), live.columns()));
    std::this_thread::sleep_for(look_every);
    job = look(control, job_target, line.json ? nullptr : &live);
    state = text_of(job, "state");
  }
  if (!line.json) live.show(progress_line(job, wall_now_ms(), live.columns()));
  live.end();
  const auto member = control.get(member_target);
  const auto end = sync_end(job, member);
  if (line.json) {
    print_json(member);
  } else if (end.code == ExitCode::ok) {
    fmt::print("{}\n", end.text);
  } else {
    fmt::print(stderr, "tidemark: {}\n", end.text);
  }
  return end.code;
}

}  // namespace tidemark::daemon
