#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <chrono>
#include <thread>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/control.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/time_text.hpp"
#include "http/url.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds look_every{500};

bool goes_on(const std::string& state) { return state == "asking" || state == "waiting"; }

void tell_code(const json::object& connecting) {
  fmt::print("Open {} and type this code:\n\n    {}\n\n", text_of(connecting, "verification_uri"),
             text_of(connecting, "user_code"));
  std::fflush(stdout);
}

// What it does just now, with the reason why it does not go on.
std::string doing(const json::object& connecting) {
  const bool asking = text_of(connecting, "state") == "asking";
  std::string text =
      asking ? "asking GitHub for a code"
             : fmt::format("waiting for the code until {}",
                           clock_text(number_of(connecting, "expires_ms"), wall_now_ms()));
  const auto error = text_of(object_of(connecting, "job"), "last_error");
  return error.empty() ? text : fmt::format("{}; {}", text, error);
}

// Why nothing will come of waiting here; empty: it goes on.
std::string standstill(const json::object& connecting, const std::string& id) {
  const auto job = object_of(connecting, "job");
  const auto state = text_of(job, "state");
  if (state == "dead") {
    return fmt::format(
        "the connecting of member {} is dead: {}; try again with: tidemark members "
        "connect {}",
        id, text_of(job, "last_error"), id);
  }
  if (state.empty() || state == "done") {
    return fmt::format(
        "the connecting of member {} was ended meanwhile; begin again with: "
        "tidemark members connect {}",
        id, id);
  }
  const auto held = text_of(connecting, "held");
  if (held.empty() || state == "running") return {};
  return fmt::format(
      "the connecting of member {} is held: {}; look again later with: tidemark "
      "members connect {}",
      id, held, id);
}

}  // namespace

ExitCode connect_member(const CommandLine& line, Control& control) {
  const auto target = "/v1/members/" + http::percent_encode(line.id) + "/connect";
  const json::object order{{"private", line.private_work}, {"public", line.public_work}};
  auto connecting = control.send("POST", target, json::serialize(order));
  LiveLine live;
  std::string told, stopped;
  auto state = text_of(connecting, "state");
  while (goes_on(state)) {
    const auto code = text_of(connecting, "user_code");
    if (!line.json && state == "waiting" && code != told) {
      told = code;
      tell_code(connecting);
    }
    if (!line.json) live.show(doing(connecting));
    stopped = standstill(connecting, line.id);
    if (!stopped.empty()) break;
    std::this_thread::sleep_for(look_every);
    connecting = control.get(target);
    state = text_of(connecting, "state");
  }
  live.end();
  const bool connected = state == "connected";
  if (line.json) {
    print_json(connecting);
  } else if (connected) {
    fmt::print("member {} is connected as {}; their sync is queued: tidemark sync {} --follow\n",
               line.id, text_of(connecting, "login"), line.id);
  } else {
    fmt::print(stderr, "tidemark: {}\n",
               stopped.empty() ? text_of(connecting, "problem") : stopped);
  }
  return connected ? ExitCode::ok : ExitCode::refused;
}

}  // namespace tidemark::daemon
