#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <thread>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/control.hpp"
#include "daemon/cli/discovery_line.hpp"
#include "daemon/cli/logins.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/cli/watch.hpp"
#include "daemon/routes/discovery_bounds.hpp"
#include "http/excerpt.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

// All seeds in as many requests as they need; the last answer, with the lists of all.
json::object name_all(const CommandLine& line, const std::vector<std::string>& logins,
                      Control& control) {
  json::object result;
  json::array named, denied;
  for (std::size_t first = 0; first < logins.size(); first += logins_most_a_request) {
    json::object body;
    const auto last = std::min(logins.size(), first + logins_most_a_request);
    body["seeds"] = json::array(logins.begin() + static_cast<std::ptrdiff_t>(first),
                                logins.begin() + static_cast<std::ptrdiff_t>(last));
    if (line.depth > 0) body["depth"] = line.depth;
    if (line.users_most > 0) body["limit"] = line.users_most;
    result = control.send("POST", "/v1/discovery", json::serialize(body));
    for (auto& login : result.at("named").as_array()) named.push_back(std::move(login));
    for (auto& login : result.at("denied").as_array()) denied.push_back(std::move(login));
  }
  result["named"] = std::move(named);
  result["denied"] = std::move(denied);
  return result;
}

bool is_over(const json::object& discovery) {
  const auto state = text_of(object_of(discovery, "job"), "state");
  return state.empty() || state == "done" || state == "dead";
}

// On a terminal the line moves with every look; elsewhere one comes only when something happened,
// for speeds and forecast change by themselves.
class Watch {
 public:
  void show(const json::object& discovery) {
    const auto now_ms = wall_now_ms();
    const auto happened =
        json::serialize(discovery.at("totals")) + discovery_doing(discovery, now_ms);
    if (live.columns() == 0 && happened == last_) return;
    last_ = happened;
    live.show(discovery_line(discovery, now_ms, live.columns()));
  }

  LiveLine live;

 private:
  std::string last_;
};

json::object follow(const CommandLine& line, Control& control) {
  Watch watch;
  LiveLine* const told = line.json ? nullptr : &watch.live;
  const std::chrono::milliseconds look_every(watch.live.columns() > 0 || line.json ? 300 : 1'000);
  auto discovery = get_patiently(control, "/v1/discovery", told);
  while (!is_over(discovery)) {
    if (!line.json) watch.show(discovery);
    std::this_thread::sleep_for(look_every);
    discovery = get_patiently(control, "/v1/discovery", told);
  }
  if (!line.json) watch.show(discovery);
  watch.live.end();
  return discovery;
}

// Seeds of ours that cannot be crawled, each with the reason.
std::vector<std::string> problems_of(const json::object& named, Control& control) {
  constexpr std::size_t asked_most = 100;
  std::vector<std::string> problems;
  const auto& logins = named.at("named").as_array();
  for (std::size_t i = 0; i < std::min(logins.size(), asked_most); ++i) {
    const std::string login(logins[i].as_string());
    const auto page = control.get("/v1/discovery/seeds?login=" + login);
    const auto& seeds = page.at("seeds").as_array();
    if (seeds.empty()) {
      problems.push_back(fmt::format(
          "{0}: no seed any more: it was taken back, or is somebody who must not be learnt "
          "(allow them: tidemark graph allow {0})",
          http::printable(login)));
    }
    for (const auto& value : seeds) {
      const auto problem = text_of(value.as_object(), "problem");
      if (!problem.empty()) {
        problems.push_back(fmt::format("{}: {}", http::printable(login), problem));
      }
    }
  }
  return problems;
}

void tell_denied(const json::object& named) {
  for (const auto& denied : named.at("denied").as_array()) {
    const auto login = http::printable(std::string_view(denied.as_string()));
    fmt::print(stderr,
               "tidemark: {} is on the deny-list; take it off with: tidemark graph allow {}\n",
               login, login);
  }
}

ExitCode end_of_follow(const CommandLine& line, const json::object& named, json::object discovery,
                       Control& control) {
  const auto end = discovery_end(discovery);
  const auto problems = problems_of(named, control);
  if (line.json) {
    print_json(discovery);
  } else if (end.code == ExitCode::ok) {
    fmt::print("{}\n", end.text);
  } else {
    fmt::print(stderr, "tidemark: {}\n", end.text);
  }
  for (const auto& problem : problems) fmt::print(stderr, "tidemark: {}\n", problem);
  if (end.code != ExitCode::ok) return end.code;
  return problems.size() == named.at("named").as_array().size() ? ExitCode::refused : ExitCode::ok;
}

}  // namespace

ExitCode discover(const CommandLine& line, Control& control) {
  const auto named = name_all(line, given_logins(line), control);
  const auto count = named.at("named").as_array().size();
  tell_denied(named);
  if (count == 0) {
    if (line.json) print_json(named);
    return ExitCode::refused;
  }
  if (line.follow) return end_of_follow(line, named, follow(line, control), control);
  if (line.json) {
    print_json(named);
  } else {
    fmt::print("{} {} named; the crawl is {}: tidemark graph\n", count,
               count == 1 ? "seed is" : "seeds are",
               named.at("joined").as_bool() ? "under way" : "queued");
  }
  return ExitCode::ok;
}

}  // namespace tidemark::daemon
