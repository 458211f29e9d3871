#include "tests/simulators/github.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "tests/simulators/gzip.hpp"
#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

constexpr std::string_view documentation = "https://docs.github.com/rest";
constexpr std::uint64_t rest_per_minute = 900, graphql_per_minute = 2000, concurrent_max = 100;

std::string resource_of(std::string_view path) {
  if (path == "/graphql" || path == "/api/graphql") return "graphql";
  // Signing in, and what an app does with its own tokens: no quota is spent.
  if (path == "/login" || path.starts_with("/login/") || path.starts_with("/applications/")) {
    return "oauth";
  }
  return "core";
}

}  // namespace

http::Response json_response(unsigned status, const json::value& body) {
  http::Response response;
  response.status = status;
  response.headers.set("Content-Type", "application/json; charset=utf-8");
  response.body = json::serialize(body);
  return response;
}

http::Response message_response(unsigned status, std::string_view message) {
  return json_response(status, json::object{{"message", message},
                                            {"documentation_url", documentation},
                                            {"status", std::to_string(status)}});
}

GithubSimulator::GithubSimulator(World& world, GithubSettings settings)
    : world_(world),
      settings_(std::move(settings)),
      quota_(settings_.quota),
      sign_in_(world, credentials_) {}

Outcome GithubSimulator::answer(const http::Request& request, async::WallTime now,
                                const std::string& address) {
  Step step = begin(request, now, address);
  process(step);
  finish(step);
  return std::move(step.outcome);
}

GithubSimulator::Step GithubSimulator::begin(const http::Request& request, async::WallTime now,
                                             const std::string& address) {
  std::int64_t now_ms = milliseconds_of(now);
  Step step{request, now_ms, floor_divide(quota_.server_ms(now_ms), 1000), {}, {}, {}, {}, {},
            {},      {}};
  std::size_t mark = request.target.find('?');
  std::string raw_path = request.target.substr(0, mark);
  step.path = http::percent_decode(raw_path, false).value_or(raw_path);
  if (mark != std::string::npos) {
    step.query =
        http::decode_form(std::string_view(request.target).substr(mark + 1)).value_or(http::Form{});
  }
  step.resource = resource_of(step.path);
  step.caller = credentials_.caller(request.headers, address, step.now_s);
  step.faults = faults_.fire({step.resource, request.method, step.path});
  step.asked.owner = step.caller.owner;
  step.asked.resource = step.resource;
  step.asked.what = request.method + " " + request.target;
  step.asked.fingerprint = step.asked.what + " " + hex_digest("SHA256", request.body);
  if (step.resource == "graphql") step.asked.what += " " + request.body.substr(0, 300);
  step.asked.at_ms = now_ms;
  step.outcome.delay = async::Milliseconds(settings_.service_ms);
  bool asks = request.method == "GET" || request.method == "HEAD" || step.resource == "graphql";
  step.asked.secondary_points = asks ? 1 : 5;
  return step;
}

void GithubSimulator::process(Step& step) {
  if (find_fault(step.faults, FaultKind::cut_before) != nullptr) {
    step.outcome.cut = true;
    return;
  }
  for (const Fault& each : step.faults) {
    if (each.kind != FaultKind::status_html && each.kind != FaultKind::status_json) continue;
    step.outcome.response = broken_response(each);
    if (each.charge > 0 && step.resource != "oauth") {
      quota_.spend(quota_.window(step.caller.owner, step.resource, step.now_ms), each.charge);
      step.asked.points = each.charge;
    }
    return;
  }
  if (!step.request.headers.has("User-Agent")) {
    step.outcome.response.status = 403;
    step.outcome.response.headers.set("Content-Type", "text/html; charset=utf-8");
    step.outcome.response.body =
        "\r\nRequest forbidden by administrative rules. Please make sure your request has a "
        "User-Agent header.\r\n";
    return;
  }
  if (step.resource == "oauth") {
    SignInAnswer answer = sign_in_.answer(step.request, step.path, step.query, step.now_s);
    if (!answer.owner.empty()) step.asked.owner = answer.owner;
    step.outcome.response = std::move(answer.response);
    step.issued = answer.issued;
    return;
  }
  if (refuse_secondary(step)) return;
  if (step.resource == "graphql") return answer_graphql(step);
  answer_rest(step);
}

// Above a secondary limit, or told to wait and back too early.
bool GithubSimulator::refuse_secondary(Step& step) {
  if (const Fault* fault = find_fault(step.faults, FaultKind::secondary)) {
    secondary_response(step, *fault);
    return true;
  }
  if (!settings_.enforce_secondary) return false;
  const LedgerLine& line = ledger_.line(step.caller.owner, step.resource);
  std::uint64_t most = step.resource == "graphql" ? graphql_per_minute : rest_per_minute;
  bool recent = step.now_ms - line.last_ms < 60'000;
  std::size_t under_way = 0;
  for (std::int64_t end_ms : line.ends_ms) under_way += end_ms > step.now_ms ? 1 : 0;
  if ((!recent || line.secondary_points.now() < most) && under_way < concurrent_max) return false;
  Fault limit;
  limit.status = 403;
  limit.retry_after_s = 60;
  secondary_response(step, limit);
  return true;
}

void GithubSimulator::secondary_response(Step& step, const Fault& fault) {
  bool in_graphql = step.resource == "graphql" && fault.status == 200;
  std::string_view message =
      "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  if (in_graphql) {
    step.outcome.response = json_response(
        200, json::object{{"errors", json::array{json::object{{"message", message}}}}});
  } else {
    step.outcome.response = message_response(fault.status == 429 ? 429 : 403, message);
  }
  http::Headers& headers = step.outcome.response.headers;
  std::int64_t wait_s = fault.retry_after_s.value_or(60);
  if (fault.retry_after_s) {
    headers.set("Retry-After", fault.retry_after_as_date ? format_http(step.now_s + wait_s)
                                                         : std::to_string(wait_s));
  }
  const QuotaWindow& window = quota_.window(step.caller.owner, step.resource, step.now_ms);
  set_rate_headers(headers, window, step.resource);
  step.asked.refused = true;
  std::int64_t known_ms = step.now_ms + step.outcome.delay.count() + 1;
  ledger_.block_all(step.caller.owner, known_ms, step.now_ms + wait_s * 1000);
}

void GithubSimulator::refuse_primary(Step& step, const QuotaWindow& window) {
  std::string who = step.caller.owner;
  if (step.caller.account() != nullptr) {
    who = fmt::format("user ID {}", step.caller.account()->database_id);
  } else if (who.starts_with("anonymous:")) {
    who = who.substr(who.find(':') + 1);
  }
  std::string message = fmt::format("API rate limit exceeded for {}.", who);
  if (step.caller.kind == Caller::Kind::anonymous) {
    message +=
        " (But here's the good news: Authenticated requests get a higher rate limit. Check "
        "out the documentation for more details.)";
  }
  if (step.resource == "graphql") {
    json::object error{
        {"type", "RATE_LIMITED"}, {"code", "graphql_rate_limit"}, {"message", message}};
    step.outcome.response = json_response(200, json::object{{"errors", json::array{error}}});
  } else {
    step.outcome.response = message_response(quota_.settings().refusal_status, message);
  }
  set_rate_headers(step.outcome.response.headers, window, step.resource);
  step.asked.refused = true;
  std::int64_t offset_ms = quota_.settings().clock_offset_ms;
  ledger_.block(step.caller.owner, step.resource, step.now_ms + step.outcome.delay.count() + 1,
                window.end_ms - offset_ms);
}

void GithubSimulator::finish(Step& step) {
  http::Response& response = step.outcome.response;
  step.outcome.delay += async::Milliseconds(settings_.service_ms_per_request *
                                            static_cast<std::int64_t>(step.requests));
  for (const Fault& each : step.faults) {
    if (each.kind == FaultKind::slow) step.outcome.delay += async::Milliseconds(each.delay_ms);
    if (each.kind == FaultKind::cut_after) step.outcome.cut = true;
    if (each.kind == FaultKind::malformed_json) response.body.resize(response.body.size() / 2);
    if (each.kind == FaultKind::stale_reset && response.headers.has("X-RateLimit-Reset")) {
      response.headers.set("X-RateLimit-Reset", std::to_string(step.now_s - 60));
    }
  }
  response.headers.set("Date", format_http(step.now_s));
  response.headers.set("Server", "github.com");
  response.headers.set("X-GitHub-Request-Id", fmt::format("51M:{:06X}", ++answered_));
  response.headers.set("Vary",
                       "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept");
  if (settings_.gzip) gzip_if_asked(step.request, response);
  step.asked.lost = step.outcome.cut;
  bool broken_off =
      step.outcome.cut || find_fault(step.faults, FaultKind::malformed_json) != nullptr;
  if (step.issued != nullptr && broken_off) step.issued->cut = true;
  step.asked.answered_ms = step.now_ms + step.outcome.delay.count();
  bool good = response.status >= 200 && response.status < 300 && !step.asked.refused;
  step.asked.succeeded = good && !step.outcome.cut && step.resource != "oauth" && !step.free &&
                         find_fault(step.faults, FaultKind::malformed_json) == nullptr;
  if (step.resource != "oauth") {
    const QuotaWindow& window = quota_.window(step.caller.owner, step.resource, step.now_ms);
    std::int64_t offset_ms = quota_.settings().clock_offset_ms;
    step.asked.window_start_ms = window.start_ms - offset_ms;
    step.asked.window_end_ms = window.end_ms - offset_ms;
  }
  ledger_.record(step.asked);
}

}  // namespace tidemark::simulators
