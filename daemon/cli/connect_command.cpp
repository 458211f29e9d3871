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

}  // namespace

ExitCode connect_member(const CommandLine& line, Control& control) {
  const auto target = "/v1/members/" + http::percent_encode(line.id) + "/connect";
  const json::object order{{"private", line.private_work}};
  auto connecting = control.send("POST", target, json::serialize(order));
  LiveLine live;
  std::string told;
  auto state = text_of(connecting, "state");
  while (goes_on(state)) {
    const auto code = text_of(connecting, "user_code");
    if (!line.json && state == "waiting" && code != told) {
      told = code;
      tell_code(connecting);
    }
    if (!line.json) {
      const auto until = clock_text(number_of(connecting, "expires_ms"), wall_now_ms());
      live.show(state == "asking" ? "asking GitHub for a code"
                                  : fmt::format("waiting for the code until {}", until));
    }
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
    fmt::print(stderr, "tidemark: {}\n", text_of(connecting, "problem"));
  }
  return connected ? ExitCode::ok : ExitCode::refused;
}

}  // namespace tidemark::daemon
