#include "tests/simulators/faults.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

constexpr std::array<std::pair<std::string_view, FaultKind>, 16> kinds{{
    {"status_html", FaultKind::status_html},
    {"status_json", FaultKind::status_json},
    {"cut_before", FaultKind::cut_before},
    {"cut_after", FaultKind::cut_after},
    {"slow", FaultKind::slow},
    {"secondary", FaultKind::secondary},
    {"resource_limits", FaultKind::resource_limits},
    {"timeout", FaultKind::timeout},
    {"malformed_json", FaultKind::malformed_json},
    {"total_count_lies", FaultKind::total_count_lies},
    {"negative_numbers", FaultKind::negative_numbers},
    {"null_nodes", FaultKind::null_nodes},
    {"stale_reset", FaultKind::stale_reset},
    {"truncate_history", FaultKind::truncate_history},
    {"hide_repository", FaultKind::hide_repository},
    {"heavy_accounts", FaultKind::heavy_accounts},
}};

FaultKind kind_of(const json::value& value) {
  for (const auto& [name, kind] : kinds) {
    if (value.is_string() && value.as_string() == name) return kind;
  }
  throw std::invalid_argument("fault: unknown kind " + json::serialize(value));
}

template <class Number>
Number number_of(const std::string& key, const json::value& value) {
  boost::system::error_code error;
  Number number = value.to_number<Number>(error);
  if (error) throw std::invalid_argument("fault: \"" + key + "\" must be a number");
  return number;
}

std::string text_of(const std::string& key, const json::value& value) {
  if (!value.is_string()) throw std::invalid_argument("fault: \"" + key + "\" must be a text");
  return std::string(value.as_string());
}

std::vector<std::string> logins_of(const json::value& value) {
  std::vector<std::string> logins;
  if (!value.is_array()) throw std::invalid_argument("fault: \"logins\" must be a list of texts");
  for (const json::value& each : value.as_array()) {
    logins.push_back(lower_case(text_of("logins", each)));
  }
  return logins;
}

}  // namespace

std::string_view name_of(FaultKind kind) {
  for (const auto& [name, each] : kinds) {
    if (each == kind) return name;
  }
  return "unknown";
}

Fault parse_fault(const json::object& text) {
  Fault fault;
  bool named = false;
  for (const auto& [name, value] : text) {
    std::string key(name);
    if (key == "kind") {
      fault.kind = kind_of(value);
      named = true;
    } else if (key == "resource")
      fault.resource = text_of(key, value);
    else if (key == "path")
      fault.path = text_of(key, value);
    else if (key == "method")
      fault.method = text_of(key, value);
    else if (key == "repository")
      fault.repository = text_of(key, value);
    else if (key == "every")
      fault.every = number_of<unsigned>(key, value);
    else if (key == "probability")
      fault.probability = number_of<double>(key, value);
    else if (key == "skip")
      fault.skip = number_of<std::uint64_t>(key, value);
    else if (key == "times")
      fault.times = number_of<std::uint64_t>(key, value);
    else if (key == "status")
      fault.status = number_of<unsigned>(key, value);
    else if (key == "delay_ms")
      fault.delay_ms = number_of<std::int64_t>(key, value);
    else if (key == "charge")
      fault.charge = number_of<std::uint64_t>(key, value);
    else if (key == "retry_after_s")
      fault.retry_after_s = number_of<std::int64_t>(key, value);
    else if (key == "weight")
      fault.weight = number_of<std::uint64_t>(key, value);
    else if (key == "amount")
      fault.amount = number_of<std::int64_t>(key, value);
    else if (key == "one_in")
      fault.one_in = number_of<std::uint64_t>(key, value);
    else if (key == "logins")
      fault.logins = logins_of(value);
    else if (key == "retry_after_as_date")
      fault.retry_after_as_date = value == json::value(true);
    else
      throw std::invalid_argument("fault: unknown key \"" + key + "\"");
  }
  if (!named) throw std::invalid_argument("fault: \"kind\" is missing");
  return fault;
}

double FaultPlan::uniform() {
  state_ += 0x9E3779B97F4A7C15ULL;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  return static_cast<double>((mixed ^ (mixed >> 31)) >> 11) * 0x1.0p-53;
}

std::vector<Fault> FaultPlan::fire(const Asked& asked) {
  std::vector<Fault> firing;
  for (Fault& each : faults_) {
    bool matches = (each.resource.empty() || each.resource == asked.resource) &&
                   (each.method.empty() || each.method == asked.method) &&
                   asked.path.starts_with(each.path);
    if (!matches) continue;
    ++each.matched;
    if (each.matched <= each.skip || (each.times > 0 && each.fired >= each.times)) continue;
    bool fires = true;
    if (each.every > 0)
      fires = (each.matched - each.skip) % each.every == 0;
    else if (each.probability > 0)
      fires = uniform() < each.probability;
    if (!fires) continue;
    ++each.fired;
    firing.push_back(each);
  }
  return firing;
}

const Fault* find_fault(const std::vector<Fault>& faults, FaultKind kind) {
  for (const Fault& each : faults) {
    if (each.kind == kind) return &each;
  }
  return nullptr;
}

http::Response broken_response(const Fault& fault) {
  http::Response response;
  response.status = fault.status;
  if (fault.kind == FaultKind::status_json) {
    response.headers.set("Content-Type", "application/json; charset=utf-8");
    response.body =
        fault.status == 504
            ? R"({"message":"We couldn't respond to your request in time. Sorry about that."})"
            : R"({"message":"Server Error"})";
  } else {
    response.headers.set("Content-Type", "text/html; charset=utf-8");
    response.body = fmt::format(
        "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center>\r\n"
        "</body>\r\n</html>\r\n",
        fault.status);
  }
  return response;
}

}  // namespace tidemark::simulators
