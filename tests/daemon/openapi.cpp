#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "storage/graph/user.hpp"
#include "storage/members.hpp"
#include "storage/weeks.hpp"
#include "tests/daemon/graph_room.hpp"
#include "tests/daemon/service_room.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

// The part of JSON Schema that the page uses; returns where and why a value does not fit.
class SchemaCheck {
 public:
  explicit SchemaCheck(const json::object& document) : document_(document) {}

  std::string problem(const json::value& value, const json::value& schema,
                      const std::string& where) const {
    const auto& object = schema.as_object();
    if (const auto* reference = object.if_contains("$ref")) {
      return problem(value, named(*reference), where);
    }
    if (const auto* any = object.if_contains("anyOf")) {
      for (const auto& each : any->as_array()) {
        if (problem(value, each, where).empty()) return {};
      }
      return where + " is none of " + json::serialize(*any);
    }
    const std::string_view type = object.at("type").as_string();
    if (!has_type(value, type)) return where + " is no " + std::string(type);
    if (value.is_array()) return problem_of_items(value.as_array(), object.at("items"), where);
    if (value.is_object() && object.contains("properties")) {
      return problem_of_properties(value.as_object(), object, where);
    }
    return {};
  }

 private:
  static bool has_type(const json::value& value, std::string_view type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "null") return value.is_null();
    if (type == "number") return value.is_number();
    return type == "integer" && (value.is_int64() || value.is_uint64());
  }

  const json::value& named(const json::value& reference) const {
    const std::string_view name = reference.as_string();
    return document_.at("components").at("schemas").at(name.substr(name.rfind('/') + 1));
  }

  std::string problem_of_items(const json::array& items, const json::value& schema,
                               const std::string& where) const {
    for (const auto& item : items) {
      if (auto found = problem(item, schema, where + "[]"); !found.empty()) return found;
    }
    return {};
  }

  std::string problem_of_properties(const json::object& value, const json::object& schema,
                                    const std::string& where) const {
    const auto& properties = schema.at("properties").as_object();
    for (const auto& name : schema.at("required").as_array()) {
      if (!value.contains(name.as_string())) {
        return where + " lacks " + std::string(name.as_string());
      }
    }
    for (const auto& field : value) {
      const auto path = where + "." + std::string(field.key());
      if (!properties.contains(field.key())) return path + " is not described";
      auto found = problem(field.value(), properties.at(field.key()), path);
      if (!found.empty()) return found;
    }
    return {};
  }

  const json::object& document_;
};

std::string lower(std::string text) {
  for (char& letter : text) letter = static_cast<char>(std::tolower(letter));
  return text;
}

// What the page says about the answer to this operation.
void check_answer(const json::object& document, const std::string& method,
                  const std::string& pattern, const test::ServiceRoom::Answer& answer) {
  BOOST_TEST_CONTEXT(method << " " << pattern << " " << answer.status) {
    const auto& operation =
        document.at("paths").as_object().at(pattern).as_object().at(lower(method)).as_object();
    const auto& responses = operation.at("responses").as_object();
    const auto status = std::to_string(answer.status);
    const bool named = responses.contains(status);
    BOOST_TEST((named || answer.status >= 400 || answer.status == 200));
    if (answer.body.empty()) return;
    const auto& response = responses.at(answer.status >= 400 ? "default" : named ? status : "201");
    const auto type = answer.headers.find("Content-Type").value_or("");
    const auto& content = response.at("content").as_object();
    BOOST_REQUIRE(content.contains(type));
    const auto& schema = content.at(type).at("schema");
    const auto value = json::parse(answer.body);
    BOOST_TEST(SchemaCheck(document).problem(value, schema, "answer") == "");
  }
}

// One of everything that an answer can show.
void fill(test::ServiceRoom& room) {
  room.add_member("1");
  room.add_member("2");
  storage::QuotaWindow window;
  window.owner = "github:1";
  window.resource = "graphql";
  window.limit = window.remaining = 100;
  room.ledger.load({window});
  room.write([&](storage::Writer& writer) {
    const auto now_ms = room.services.now_ms();
    auto member = storage::find_member(writer, "1").value();
    member.first_week = storage::Week::of(now_ms / 1000) - 2;
    member.github_id = 7;
    member.login = "octocat";
    member.last_error = "it broke";
    member.last_error_ms = now_ms;
    storage::put_member(writer, member);
    storage::put_week(writer, "1", *member.first_week, {});
    const auto job = storage::claim_job(writer, now_ms, [](const auto&) { return true; }).value();
    storage::set_progress(writer, job.id, job.fence, {1, 2, "weeks"}, now_ms);
    storage::suspend_job(writer, job.id, job.fence, now_ms + 1, "a wait", now_ms);
  });
}

void put_account(storage::Writer& writer, std::uint64_t id, const std::string& login) {
  storage::graph::User user;
  user.id = id;
  user.login = login;
  storage::graph::put_user(writer, user);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(the_page_describes_exactly_the_routes_that_there_are) {
  test::ServiceRoom room;
  const auto document = room.get("/v1/openapi.json").json;
  BOOST_TEST(document.at("openapi").as_string() == "3.1.0");
  std::set<std::string> described, served, names;
  for (const auto& path : document.at("paths").as_object()) {
    for (const auto& operation : path.value().as_object()) {
      described.insert(std::string(operation.key()) + " " + std::string(path.key()));
      const auto& name = operation.value().as_object().at("operationId").as_string();
      BOOST_TEST(names.insert(std::string(name)).second);
    }
  }
  for (const auto& route : room.router.routes()) {
    served.insert(lower(route.method) + " " + route.pattern);
    BOOST_TEST(!route.summary.empty());
    BOOST_TEST(route.writes == (route.method != "GET"), route.pattern);
  }
  BOOST_TEST(described == served, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_parameter_that_a_route_takes_is_described_and_no_other) {
  test::ServiceRoom room;
  fill(room);
  const auto document = room.get("/v1/openapi.json").json;
  for (const auto& path : document.at("paths").as_object()) {
    const auto* get = path.value().as_object().if_contains("get");
    if (get == nullptr) continue;
    std::string target(path.key());
    if (const auto brace = target.find('{'); brace != std::string::npos) {
      target.replace(brace, target.find('}') + 1 - brace, "1");
    }
    // The paths of the replaced system take whatever comes.
    const bool old = !target.starts_with("/v1/") && target != "/metrics" && target != "/health";
    BOOST_TEST((room.get(target + "?nonsense=1").status == 400) == !old, target);
    for (const auto& parameter : get->as_object().at("parameters").as_array()) {
      const std::string name(parameter.as_object().at("name").as_string());
      if (parameter.as_object().at("in").as_string() != "query") continue;
      const auto body = room.get(target + "?" + name + "=").body;
      BOOST_TEST(body.find("unknown query parameter") == std::string::npos, target + " " + name);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_coding_of_a_task_and_both_shapes_of_its_refusal_are_described) {
  test::ServiceRoom room;
  const auto document = room.get("/v1/openapi.json").json;
  const auto& operation = document.at("paths").at("/github/tasks/").at("post").as_object();
  const auto& taken = operation.at("requestBody").at("content").as_object();
  for (const std::string type :
       {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"}) {
    BOOST_TEST(taken.contains(type), type);
  }
  const auto& refused = operation.at("responses").at("default").at("content").as_object();
  for (const std::string type : {"application/json", "application/problem+json"}) {
    BOOST_TEST(refused.contains(type), type);
  }
}

BOOST_AUTO_TEST_CASE(who_is_refused_before_a_route_gets_the_shape_that_every_operation_names) {
  test::ServiceRoom room;
  const auto document = room.get("/v1/openapi.json").json;
  for (const auto& path : document.at("paths").as_object()) {
    const auto refused = room.ask("PATCH", path.key());
    BOOST_TEST(refused.status == 405U, path.key());
    const auto type = refused.headers.find("Content-Type").value_or("");
    for (const auto& operation : path.value().as_object()) {
      const auto& responses = operation.value().as_object().at("responses").as_object();
      const auto& content = responses.at("default").as_object().at("content").as_object();
      BOOST_REQUIRE_MESSAGE(content.contains(type), path.key());
      const auto& schema = content.at(type).at("schema");
      BOOST_TEST(SchemaCheck(document).problem(refused.json, schema, "refusal") == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(every_answer_has_exactly_the_properties_that_the_page_names) {
  test::ServiceRoom room;
  fill(room);
  const auto document = room.get("/v1/openapi.json").json;
  auto check = [&](const std::string& method, const std::string& pattern, const std::string& target,
                   const std::string& body = {}) {
    check_answer(document, method, pattern, room.ask(method, target, body));
  };
  check("GET", "/v1/status", "/v1/status");
  check("GET", "/health", "/health");
  check("GET", "/v1/quota", "/v1/quota?points=1000");
  check("GET", "/v1/jobs", "/v1/jobs?limit=1");
  check("GET", "/v1/jobs/{id}", "/v1/jobs/1");
  check("GET", "/v1/jobs/{id}", "/v1/jobs/99");
  check("GET", "/v1/members", "/v1/members");
  check("GET", "/v1/members/{id}", "/v1/members/1");
  check("GET", "/v1/members/{id}/weeks", "/v1/members/1/weeks");
  check("GET", "/v1/members/{id}/weeks", "/v1/members/1/weeks?from=x");
  check("POST", "/v1/members", "/v1/members", "{}");
  check("POST", "/v1/members", "/v1/members",
        R"({"id":"3","github_token":"a","openhumans_access_token":"b"})");
  check("POST", "/v1/members/{id}/sync", "/v1/members/1/sync");
  check("POST", "/v1/check", "/v1/check");
  check("POST", "/v1/jobs/{id}/requeue", "/v1/jobs/1/requeue");
  check("DELETE", "/v1/jobs/{id}", "/v1/jobs/1");
  check("DELETE", "/v1/members/{id}", "/v1/members/2");
}

BOOST_AUTO_TEST_CASE(answers_about_discovery_have_exactly_the_properties_that_the_page_names) {
  test::ServiceRoom room;
  const auto document = room.get("/v1/openapi.json").json;
  auto check = [&](const std::string& method, const std::string& pattern, const std::string& target,
                   const std::string& body = {}) {
    check_answer(document, method, pattern, room.ask(method, target, body));
  };
  check("GET", "/v1/discovery", "/v1/discovery");
  check("POST", "/v1/discovery", "/v1/discovery", R"({"seeds":["octocat","mona"],"depth":2})");
  check("POST", "/v1/discovery", "/v1/discovery", R"({"seeds":[]})");
  check("POST", "/v1/discovery/seeds", "/v1/discovery/seeds?depth=2", "octocat\nhubot\n");
  check("POST", "/v1/discovery/seeds", "/v1/discovery/seeds", "-");
  check("GET", "/v1/discovery", "/v1/discovery");
  check("POST", "/v1/discovery/run", "/v1/discovery/run");
  check("GET", "/v1/discovery/seeds", "/v1/discovery/seeds?limit=1");
  check("DELETE", "/v1/discovery/seeds/{login}", "/v1/discovery/seeds/mona");
  check("DELETE", "/v1/discovery/seeds/{login}", "/v1/discovery/seeds/mona");
  room.write([&](storage::Writer& writer) { put_account(writer, 7, "octocat"); });
  check("POST", "/v1/graph/denied", "/v1/graph/denied", R"({"logins":["hubot"]})");
  check("GET", "/v1/graph/denied", "/v1/graph/denied");
  check("POST", "/v1/users/{id}/forget", "/v1/users/octocat/forget");
  check("POST", "/v1/users/{id}/forget", "/v1/users/nobody/forget");
  check("DELETE", "/v1/graph/denied", "/v1/graph/denied?account=hubot");
}

BOOST_AUTO_TEST_CASE(answers_about_the_graph_have_exactly_the_properties_that_the_page_names) {
  test::GraphRoom room;
  storage::QuotaWindow window;
  window.owner = "github:operator";
  window.resource = "core";
  window.resets_ms = room.services.now_ms() + 1'000;
  room.ledger.load({window});
  const auto document = json::parse(room.get("/v1/openapi.json").body).as_object();
  auto check = [&](const std::string& pattern, const std::string& target) {
    check_answer(document, "GET", pattern, room.get(target));
  };
  check("/v1/users", "/v1/users?limit=2");
  check("/v1/users", "/v1/users?sort=x");
  for (const std::string name : {"octocat", "stub", "nobody"}) {
    for (const std::string list :
         {"", "/followers", "/following", "/repositories", "/neighbours"}) {
      check("/v1/users/{id}" + list, "/v1/users/" + name + list);
    }
  }
  check("/v1/repositories", "/v1/repositories?limit=1");
  check("/v1/repositories/{id}", "/v1/repositories/101");
  check("/v1/graph", "/v1/graph");
  check("/v1/graph/mutual", "/v1/graph/mutual?of=1");
  check("/v1/graph/path", "/v1/graph/path?from=1&to=4");
  check("/v1/graph/path", "/v1/graph/path?from=4&to=1");
  check("/v1/graph/top", "/v1/graph/top");
  for (const std::string path : {"/github/", "/github/developers/", "/github/repositories/",
                                 "/github/rate_limit/", "/github/tasks/"}) {
    check(path, path);
  }
  check("/github/developers/", "/github/developers/?page=9");
  check("/github/developers/{id}/", "/github/developers/74696465-6d61-8001-8000-000000000001/");
  check("/github/repositories/{id}/", "/github/repositories/74696465-6d61-8002-8000-000000000065/");
  check("/github/rate_limit/{id}/", "/github/rate_limit/1/");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
