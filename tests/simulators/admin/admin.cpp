#include "tests/simulators/admin.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <stdexcept>

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& body, std::string_view key, bool required = false) {
  const json::value* found = body.if_contains(key);
  if (found != nullptr && found->is_string()) return std::string(found->as_string());
  if (required) throw std::invalid_argument("\"" + std::string(key) + "\" must be a text");
  return {};
}

json::object body_of(const http::Request& request) {
  if (request.body.empty()) return {};
  boost::system::error_code error;
  json::value parsed = json::parse(request.body, error);
  if (error || !parsed.is_object()) throw std::invalid_argument("the body must be a JSON object");
  return parsed.as_object();
}

void add_faults(const json::object& body, std::string_view key, FaultPlan& plan) {
  const json::value* list = body.if_contains(key);
  if (list == nullptr) return;
  if (!list->is_array()) throw std::invalid_argument("\"" + std::string(key) + "\" must be a list");
  for (const json::value& each : list->as_array()) {
    if (!each.is_object()) throw std::invalid_argument("a fault must be an object");
    plan.add(parse_fault(each.as_object()));
  }
}

}  // namespace

MemberTokens add_member(GithubSimulator& github, OpenHumansSimulator& openhumans,
                        MemberTokens wanted, async::WallTime now) {
  const Account* account = github.world().find_login(wanted.login);
  if (account == nullptr) {
    throw WorldError("member " + wanted.id + ": no account \"" + wanted.login +
                     "\" in this world; see --commits");
  }
  wanted.login = account->login;
  wanted.github_token = github.credentials().add_token(*account, wanted.github_token).text;
  OpenHumansMember& member = openhumans.add_member(wanted.id, now);
  const OpenHumansPair& pair =
      openhumans.add_pair(member, now, wanted.openhumans_access, wanted.openhumans_refresh);
  wanted.openhumans_access = pair.access;
  wanted.openhumans_refresh = pair.refresh;
  return wanted;
}

json::object as_json(const MemberTokens& member) {
  return json::object{{"id", member.id},
                      {"login", member.login},
                      {"github_token", member.github_token},
                      {"openhumans_access", member.openhumans_access},
                      {"openhumans_refresh", member.openhumans_refresh}};
}

http::Response Admin::answer(const http::Request& request, async::WallTime now) {
  try {
    if (request.method == "GET" && request.target.starts_with("/graph")) return expected(request);
    json::object answered = route(request, now);
    if (answered.empty()) return json_response(404, json::object{{"error", "no such path"}});
    return json_response(200, answered);
  } catch (const std::exception& error) {
    return json_response(400, json::object{{"error", error.what()}});
  }
}

json::object Admin::route(const http::Request& request, async::WallTime now) {
  std::string asked = request.method + " " + request.target.substr(0, request.target.find('?'));
  if (asked == "GET /ledger") return ledger();
  if (asked == "POST /ledger/reset") {
    github_.ledger().reset();
    openhumans_.ledger().reset();
    return {{"reset", true}};
  }
  if (asked.starts_with("GET /files/")) {
    return openhumans_.files_as_json(asked.substr(std::string_view("GET /files/").size()));
  }
  if (asked == "GET /tokens") return live_tokens();
  json::object body = body_of(request);
  if (asked == "POST /faults") return set_faults(body);
  if (asked == "POST /quota") return set_quota(body);
  if (asked == "POST /world") return change_world(body);
  if (asked == "POST /graph") return change_graph(body, now);
  if (asked == "POST /tokens") return change_tokens(body, now);
  if (asked == "POST /settings") return change_settings(body);
  if (asked == "POST /members") {
    MemberTokens wanted{text_of(body, "id", true), text_of(body, "login", true),
                        text_of(body, "github_token"), text_of(body, "openhumans_access"),
                        text_of(body, "openhumans_refresh")};
    return as_json(add_member(github_, openhumans_, std::move(wanted), now));
  }
  return {};
}

json::object Admin::ledger() const {
  LostPairs of_github = github_.credentials().lost_pairs();
  LostPairs lost = openhumans_.lost_pairs();
  json::object lost_json{{"openhumans", lost.as_json()}, {"github", of_github.as_json()}};
  lost.add(of_github);
  for (auto& [name, value] : lost.as_json()) lost_json[name] = value;
  return {{"lost_pairs", std::move(lost_json)},
          {"webhooks", openhumans_.webhooks_as_json()},
          {"github", github_.ledger().as_json()},
          {"openhumans", openhumans_.ledger().as_json()},
          {"uploads", openhumans_.uploads_as_json()}};
}

json::object Admin::live_tokens() const {
  json::object members, logins;
  for (const OpenHumansMember& each : openhumans_.members()) {
    members[each.id] = openhumans_.live_tokens(each.id).as_json();
  }
  for (const Account& each : github_.world().accounts()) {
    // Of a large graph only those who ever had a token.
    if (each.generated && !github_.credentials().has_token(each)) continue;
    logins[each.login] = github_.credentials().live_tokens(each.login).as_json();
  }
  return {{"openhumans", std::move(members)}, {"github", std::move(logins)}};
}

json::object Admin::set_faults(const json::object& body) {
  if (body.contains("clear")) {
    github_.faults().clear();
    openhumans_.faults().clear();
  }
  if (const json::value* seed = body.if_contains("seed")) {
    github_.faults().seed(seed->to_number<std::uint64_t>());
    openhumans_.faults().seed(seed->to_number<std::uint64_t>());
  }
  add_faults(body, "github", github_.faults());
  add_faults(body, "openhumans", openhumans_.faults());
  return {{"github", github_.faults().faults().size()},
          {"openhumans", openhumans_.faults().faults().size()}};
}

json::object Admin::set_quota(const json::object& body) {
  QuotaSettings& settings = github_.quota().settings();
  for (const auto& [name, value] : body) {
    std::string_view key = name;
    if (key == "core")
      settings.core = value.to_number<std::uint64_t>();
    else if (key == "graphql")
      settings.graphql = value.to_number<std::uint64_t>();
    else if (key == "anonymous_core")
      settings.anonymous_core = value.to_number<std::uint64_t>();
    else if (key == "window_ms" && value.to_number<std::int64_t>() > 0)
      settings.window_ms = value.to_number<std::int64_t>();
    else if (key == "clock_offset_ms")
      settings.clock_offset_ms = value.to_number<std::int64_t>();
    else if (key == "refusal_status")
      settings.refusal_status = value.to_number<unsigned>();
    else if (key == "overdraft")
      settings.overdraft = value.as_bool();
    else if (key == "anchor")
      settings.anchor = value.as_string() == "grid" ? WindowAnchor::grid : WindowAnchor::first;
    else
      throw std::invalid_argument("quota: cannot use \"" + std::string(key) + "\"");
  }
  return {
      {"core", settings.core}, {"graphql", settings.graphql}, {"window_ms", settings.window_ms}};
}

json::object Admin::change_tokens(const json::object& body, async::WallTime now) {
  json::object done;
  if (body.contains("revoke_github")) {
    done["revoke_github"] = github_.credentials().revoke(text_of(body, "revoke_github", true));
  }
  if (body.contains("is_live")) {
    const std::string text = text_of(body, "is_live", true);
    done["is_live"] = github_.credentials().is_live(text) || openhumans_.is_live(text);
  }
  if (const json::value* wanted = body.if_contains("add_github")) {
    const json::object& one = wanted->as_object();
    const Account& account = github_.world().known(text_of(one, "login", true));
    done["add_github"] = github_.credentials()
                             .add_token(account, text_of(one, "token"), text_of(one, "scopes"))
                             .text;
  }
  if (body.contains("openhumans_leaves")) {
    openhumans_.leave(text_of(body, "openhumans_leaves", true));
    done["openhumans_leaves"] = true;
  }
  if (body.contains("openhumans_erase")) {
    openhumans_.erase(text_of(body, "openhumans_erase", true), now);
    done["openhumans_erase"] = true;
  }
  if (body.contains("openhumans_expire")) {
    openhumans_.expire_access_tokens();
    done["openhumans_expire"] = true;
  }
  return done;
}

}  // namespace tidemark::simulators
