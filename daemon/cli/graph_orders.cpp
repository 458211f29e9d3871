#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/control.hpp"
#include "daemon/cli/logins.hpp"
#include "daemon/cli/pages.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/routes/discovery_bounds.hpp"
#include "daemon/time_text.hpp"
#include "http/url.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

ExitCode forget(const CommandLine& line, Control& control) {
  const auto answer =
      control.send("POST", "/v1/users/" + http::percent_encode(line.id) + "/forget");
  if (line.json) {
    print_json(answer);
  } else {
    fmt::print(
        "{} is erased by job {} and will not be learnt again; to take that back: tidemark graph "
        "allow {} {}\n",
        text_of(answer, "login"), text_of(object_of(answer, "job"), "id"), text_of(answer, "login"),
        text_of(answer, "user"));
  }
  return ExitCode::ok;
}

ExitCode deny(const CommandLine& line, Control& control) {
  const auto logins = given_logins(line);
  std::int64_t forgotten = 0;
  json::object answer;
  for (std::size_t first = 0; first < logins.size(); first += logins_most_a_request) {
    const auto last = std::min(logins.size(), first + logins_most_a_request);
    json::object body;
    body["logins"] = json::array(logins.begin() + static_cast<std::ptrdiff_t>(first),
                                 logins.begin() + static_cast<std::ptrdiff_t>(last));
    answer = control.send("POST", "/v1/graph/denied", json::serialize(body));
    forgotten += number_of(answer, "forgotten");
  }
  answer["forgotten"] = forgotten;
  if (line.json) {
    print_json(answer);
  } else {
    fmt::print("{} denied; {} of them {} known and will be erased\n", logins.size(), forgotten,
               forgotten == 1 ? "was" : "were");
  }
  return ExitCode::ok;
}

ExitCode allow(const CommandLine& line, Control& control) {
  std::int64_t allowed = 0;
  json::object answer;
  for (const auto& login : line.logins) {
    answer = control.send("DELETE", "/v1/graph/denied?account=" + http::percent_encode(login));
    allowed += number_of(answer, "allowed");
  }
  answer["allowed"] = allowed;
  if (line.json) {
    print_json(answer);
  } else if (allowed > 0) {
    fmt::print("{} taken off the deny-list; {} left on it\n", allowed, number_of(answer, "count"));
  }
  if (allowed > 0) return ExitCode::ok;
  throw CommandFailed(ExitCode::refused,
                      "none of these is on the deny-list; who was forgotten stands on it under "
                      "their number as well (https://api.github.com/users/LOGIN tells it)");
}

ExitCode show_denied(const CommandLine& line, Control& control) {
  const auto answer = control.get("/v1/graph/denied");
  if (line.json) {
    print_json(answer);
    return ExitCode::ok;
  }
  const auto count = number_of(answer, "count");
  fmt::print("{} {} on the deny-list (it holds no names)\n", count,
             count == 1 ? "entry" : "entries");
  if (count == 0) return ExitCode::ok;
  const auto now_ms = wall_now_ms();
  fmt::print("the first of {}, the last of {}\n", clock_text(number_of(answer, "first_ms"), now_ms),
             clock_text(number_of(answer, "last_ms"), now_ms));
  return ExitCode::ok;
}

ExitCode list_seeds(const CommandLine& line, Control& control) {
  const auto seeds = fetch_all(control, "/v1/discovery/seeds", "", "seeds", line.limit);
  if (line.json) {
    print_json(seeds);
    return ExitCode::ok;
  }
  Table table({"SEED", "ACCOUNT", "DEPTH", "ASKED", "NOTE"});
  for (const auto& value : seeds) {
    const auto& seed = value.as_object();
    const auto account = text_of(seed, "user"), depth = text_of(seed, "depth");
    const auto problem = text_of(seed, "problem");
    table.add({text_of(seed, "login"), account.empty() ? "-" : account, depth.empty() ? "-" : depth,
               clock_text(number_of(seed, "asked_ms"), wall_now_ms()),
               problem.empty() && account.empty() ? "not looked up yet" : problem});
  }
  fmt::print(
      "{}", table.size() == 0 ? "no seeds; name one with: tidemark discover USER\n" : table.text());
  return ExitCode::ok;
}

ExitCode remove_seed(const CommandLine& line, Control& control) {
  control.send("DELETE", "/v1/discovery/seeds/" + http::percent_encode(line.id));
  if (!line.json) {
    fmt::print("{} is no seed any more; what is known stays (tidemark graph forget erases it)\n",
               line.id);
  }
  return ExitCode::ok;
}

}  // namespace

ExitCode order_graph(const CommandLine& line, Control& control) {
  switch (line.command) {
    case Command::graph_forget: return forget(line, control);
    case Command::graph_deny: return deny(line, control);
    case Command::graph_allow: return allow(line, control);
    case Command::graph_denied: return show_denied(line, control);
    case Command::graph_seeds: return list_seeds(line, control);
    case Command::graph_unseed: return remove_seed(line, control);
    default: return ExitCode::usage;
  }
}

}  // namespace tidemark::daemon
