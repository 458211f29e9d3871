#include <charconv>

#include "tests/simulators/github.hpp"
#include "tests/simulators/github/sign_in.hpp"
#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

constexpr std::string_view default_version = "2022-11-28", next_version = "2026-03-10";

// "/users/alice/repos" → "users", and "alice/repos" left over.
std::string_view take_segment(std::string_view& path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  std::size_t slash = path.find('/');
  std::string_view segment = path.substr(0, slash);
  path.remove_prefix(slash == std::string_view::npos ? path.size() : slash);
  return segment;
}

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

json::object window_json(const QuotaWindow& window) {
  return json::object{{"limit", window.limit},
                      {"used", window.used},
                      {"remaining", window.remaining()},
                      {"reset", window.reset_s()}};
}

std::string asked_version(const http::Request& request) {
  auto asked = request.headers.find("X-GitHub-Api-Version");
  return asked ? std::string(*asked) : std::string(default_version);
}

bool matches(const http::Request& request, std::string_view etag) {
  auto condition = request.headers.find("If-None-Match");
  if (!condition) return false;
  return *condition == "*" || *condition == etag;  // byte for byte
}

}  // namespace

void GithubSimulator::answer_rest(Step& step) {
  std::string version = asked_version(step.request);
  http::Response& response = step.outcome.response;
  if (version != default_version && version != next_version) {
    response = message_response(400, "The API version \"" + version + "\" is not supported");
    return;
  }
  QuotaWindow& window = quota_.window(step.caller.owner, "core", step.now_ms);
  if (step.path == "/rate_limit" && step.caller.kind != Caller::Kind::bad) {
    response = rest_rate_limit(step);
    step.free = true;
  } else if (window.remaining() == 0) {
    quota_.spend(window, 1);  // marks the refusal
    return refuse_primary(step, window);
  } else if (step.caller.kind == Caller::Kind::bad) {
    response = message_response(401, "Bad credentials");
    quota_.spend(window, 1);
    step.asked.points = 1;
  } else {
    response = rest(step);
    bool unchanged = false;
    if (response.status == 200) {
      // Lists have strong ones, and single objects weak ones.
      std::string etag = "\"" + hex_digest("SHA256", response.body) + "\"";
      if (!response.body.starts_with('[')) etag.insert(0, "W/");
      unchanged = matches(step.request, etag);
      if (unchanged) response = http::Response{304, {}, {}};
      response.headers.set("ETag", etag);
      response.headers.set("Cache-Control", "private, max-age=60, s-maxage=60");
    }
    step.free = unchanged && step.caller.kind != Caller::Kind::anonymous;
    if (!step.free) {
      quota_.spend(window, 1);
      step.asked.points = 1;
    }
  }
  set_rate_headers(response.headers, window, "core");
  response.headers.set("X-GitHub-Api-Version-Selected", version);
  if (step.caller.token != nullptr && step.caller.token->refresh.empty()) {  // not of GitHub Apps
    response.headers.set("X-OAuth-Scopes", scopes_header(step.caller.token->scopes));
    response.headers.set("X-Accepted-OAuth-Scopes", "");
    response.headers.set("X-OAuth-Client-Id", credentials_.client_id);
  }
}

http::Response GithubSimulator::rest(Step& step) {
  if (step.request.method != "GET" && step.request.method != "HEAD") {
    return message_response(404, "Not Found");
  }
  std::string_view path = step.path;
  if (path.ends_with('/')) return message_response(404, "Not Found");
  std::string_view kind = take_segment(path);
  if (kind == "user" && path.empty()) {
    if (step.caller.account() == nullptr) {
      return message_response(401, "Requires authentication");
    }
    return rest_account(step, step.caller.account(), path);
  }
  if (kind == "users" && path.empty()) return rest_all_accounts(step);
  if (kind == "users" || kind == "user") {
    std::string_view name = take_segment(path);
    const Account* account = nullptr;
    if (kind == "users")
      account = world_.find_login(name);
    else if (auto id = number(name))
      account = world_.find_account(*id);
    return rest_account(step, account, path);
  }
  if (kind == "repos") {
    std::string name(take_segment(path));
    name += "/";
    name += take_segment(path);
    return rest_repository(step, name, path);
  }
  if (kind == "repositories") {
    auto id = number(take_segment(path));
    const Repository* repository = id ? world_.find_repository(*id) : nullptr;
    if (repository == nullptr) return message_response(404, "Not Found");
    return rest_repository(step, repository->full_name(), path);
  }
  return message_response(404, "Not Found");
}

http::Response GithubSimulator::rest_rate_limit(Step& step) {
  json::object core = window_json(quota_.window(step.caller.owner, "core", step.now_ms));
  json::object resources{{"core", core}};
  if (step.caller.kind != Caller::Kind::anonymous) {
    resources["graphql"] = window_json(quota_.window(step.caller.owner, "graphql", step.now_ms));
  }
  json::object body{{"resources", std::move(resources)}};
  if (asked_version(step.request) == default_version) body["rate"] = core;
  return json_response(200, body);
}

std::uint64_t GithubSimulator::query_number(const Step& step, std::string_view name,
                                            std::uint64_t otherwise) {
  auto text = http::form_value(step.query, name);
  return text ? number(*text).value_or(otherwise) : otherwise;
}

std::uint64_t GithubSimulator::per_page_of(const Step& step) {
  return std::min<std::uint64_t>(std::max<std::uint64_t>(query_number(step, "per_page", 30), 1),
                                 100);
}

http::Response GithubSimulator::paged(Step& step, const std::string& by_id_path, json::array all) {
  return paged(step, by_id_path, all.size(),
               [&](std::size_t index) { return std::optional(std::move(all[index])); });
}

http::Response GithubSimulator::paged(Step& step, const std::string& by_id_path, std::size_t total,
                                      const MakeElement& make) {
  std::uint64_t per_page = per_page_of(step);
  std::uint64_t page = std::max<std::uint64_t>(query_number(step, "page", 1), 1);
  std::uint64_t last = std::max<std::uint64_t>((total + per_page - 1) / per_page, 1);
  json::array shown;
  // What is hidden leaves its page shorter; the next page does not move up.
  if (page <= last) {
    for (std::uint64_t i = (page - 1) * per_page; i < page * per_page && i < total; ++i) {
      if (auto element = make(i)) shown.push_back(std::move(*element));
    }
  }
  http::Response response = json_response(200, shown);
  if (last == 1) return response;  // no Link at all when one page is enough
  std::string link;
  auto add = [&](std::string_view rel, std::uint64_t target) {
    http::Form form;
    for (const auto& field : step.query) {
      if (field.first != "page") form.push_back(field);
    }
    form.emplace_back("page", std::to_string(target));
    if (!link.empty()) link += ", ";
    link += "<" + settings_.api_url + by_id_path + "?" + http::encode_form(form) + ">; rel=\"" +
            std::string(rel) + "\"";
  };
  if (page > 1) add("prev", page - 1);
  if (page < last) add("next", page + 1);
  if (page < last) add("last", last);
  if (page > 1) add("first", 1);
  response.headers.set("Link", link);
  return response;
}

}  // namespace tidemark::simulators
