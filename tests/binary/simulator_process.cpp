#include "tests/binary/simulator_process.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/binary/daemon_process.hpp"
#include "tests/support/history.hpp"

namespace tidemark::test {

namespace json = boost::json;

namespace {

Launch launch_of(std::vector<std::string> arguments) {
  Launch launch;
  launch.program = TIDEMARK_BINARY_DIR "/tests/tidemark-sim";
  // A test that dies must not leave it running for ever.
  constexpr const char* limit = "--stop-after-s";
  if (std::find(arguments.begin(), arguments.end(), limit) == arguments.end()) {
    arguments.insert(arguments.end(), {limit, "600"});
  }
  launch.arguments = std::move(arguments);
  return launch;
}

std::string text_at(const json::object& object, std::string_view key) {
  return std::string(object.at(key).as_string());
}

const json::object& first_member(const json::object& greeting) {
  return greeting.at("members").as_array().at(0).as_object();
}

std::string from_base64(std::string_view text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0, value = 0;
  for (const char each : text) {
    const std::size_t digit = digits.find(each);
    if (digit == std::string_view::npos) break;  // '=' fills up the end
    value = (value << 6 | static_cast<unsigned>(digit)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>(value >> bits & 0xff));
  }
  return bytes;
}

void add_owner(SimulatorProcess::Totals& totals, const json::object& owner) {
  const auto number = [&owner](std::string_view key) {
    return owner.at(key).to_number<std::uint64_t>();
  };
  totals.requests += number("requests");
  totals.points += number("points");
  totals.refused += number("refused");
  totals.while_blocked += number("while_blocked");
  totals.repeated += number("repeated");
  totals.refused_per_window_max =
      std::max(totals.refused_per_window_max, number("refused_per_window_max"));
  const auto first_ms = owner.at("first_request_ms").to_number<std::int64_t>();
  totals.first_ms = totals.first_ms == 0 ? first_ms : std::min(totals.first_ms, first_ms);
  totals.last_ms = std::max(totals.last_ms, owner.at("last_request_ms").to_number<std::int64_t>());
  for (const json::value& window : owner.at("windows").as_array()) {
    totals.windows_ms.push_back(window.at("start_ms").to_number<std::int64_t>());
  }
  for (const json::value& repeat : owner.at("repeats").as_array()) {
    totals.repeats.emplace_back(repeat.as_string());
  }
}

}  // namespace

SimulatorProcess::SimulatorProcess(std::vector<std::string> arguments)
    : process_(launch_of(std::move(arguments))) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (process_.output().find('\n') == std::string::npos) {
    if (!process_.running() || std::chrono::steady_clock::now() > until) {
      throw std::runtime_error("tidemark-sim does not start; it said: " + process_.errors());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  greeting_ = json::parse(process_.output()).as_object();
}

std::vector<std::string> SimulatorProcess::settings() const {
  const std::string github = text_at(greeting_, "github");
  return {"github.api_url=" + github, "github.graphql_url=" + github + "/graphql",
          "openhumans.url=" + text_at(greeting_, "openhumans")};
}

std::string SimulatorProcess::member() const { return text_at(first_member(greeting_), "id"); }

std::string SimulatorProcess::grants() const {
  const json::object& member = first_member(greeting_);
  return json::serialize(
      json::object{{"github_token", member.at("github_token")},
                   {"openhumans_access_token", member.at("openhumans_access")},
                   {"openhumans_refresh_token", member.at("openhumans_refresh")}});
}

json::object SimulatorProcess::admin(const std::string& method, const std::string& target,
                                     const std::string& body) const {
  const std::string address = text_at(greeting_, "admin");
  HttpAnswer answer = ask(address.substr(address.find("//") + 2), method, target, {}, body);
  if (answer.status != 200) throw std::runtime_error(target + " failed: " + answer.body);
  return std::move(answer.json);
}

SimulatorProcess::Totals SimulatorProcess::totals(const std::string& resource) const {
  Totals totals;
  const json::object ledger = admin("GET", "/ledger");
  for (const auto* provider : {"github", "openhumans"}) {
    for (const json::value& owner : ledger.at(provider).at("owners").as_array()) {
      if (text_at(owner.as_object(), "resource") == resource) add_owner(totals, owner.as_object());
    }
  }
  return totals;
}

std::map<std::string, std::string> SimulatorProcess::files() const {
  std::map<std::string, std::string> files;
  const json::object answer = admin("GET", "/files/" + member());
  for (const json::value& value : answer.at("files").as_array()) {
    const json::object& file = value.as_object();
    const std::string name = text_at(file, "basename");
    const bool plain = file.contains("text");
    const std::string content =
        plain ? text_at(file, "text") : from_base64(text_at(file, "base64"));
    const bool fresh = files.emplace(name, content).second;
    if (!fresh) throw std::runtime_error("two files at Open Humans are named " + name);
  }
  return files;
}

std::string write_history(const std::string& file, const HistorySettings& settings) {
  std::ofstream stream(file, std::ios::binary);
  for (const std::string& line : make_history(settings)) stream << line << '\n';
  return file;
}

}  // namespace tidemark::test
