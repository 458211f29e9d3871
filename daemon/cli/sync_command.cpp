#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/control.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/sync_end.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/cli/watch.hpp"
#include "http/url.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds look_every{300};

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
    job = get_patiently(control, job_target, line.json ? nullptr : &live);
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
