#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "http/url.hpp"
#include "tests/daemon/graph_room.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

using Values = std::vector<std::string>;

std::string shown(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

// What a schema allows, and what it does not: at its bounds and right behind them.
struct Samples {
  Values inside, outside;
};
Samples samples_of(const json::object& schema) {
  if (const auto* choices = schema.if_contains("enum")) {
    Samples samples{{}, {"nonsense"}};
    for (const auto& choice : choices->as_array()) samples.inside.push_back(shown(choice));
    return samples;
  }
  const std::string_view type = schema.at("type").as_string();
  if (type == "integer") {
    const auto least = schema.at("minimum").to_number<std::uint64_t>();
    const auto most = schema.at("maximum").to_number<std::uint64_t>();
    return {{std::to_string(least), std::to_string(most)},
            {std::to_string(least - 1), std::to_string(most + 1), "-1", "many", "1.5",
             "99999999999999999999"}};
  }
  if (type == "number") return {{"0", "-1", "2.5"}, {"many", "1e5"}};
  if (type == "boolean") return {{"true", "false"}, {"perhaps", "2"}};
  if (schema.contains("anyOf")) {
    return {{"2020-01-31", "2020-01-31T10:00:00Z"}, {"tomorrow", "2020-13-01"}};
  }
  return {};
}

// Every operation whose query is described, against the routes over a small graph.
struct Room : test::GraphRoom {
  Room() {
    add_member("1");
    storage::QuotaWindow window;
    window.owner = "github:operator";
    window.resource = "core";
    window.resets_ms = services.now_ms() + 1'000;
    ledger.load({window});
  }
  // By its path, with somebody or something that is there, and what it needs besides.
  static std::string target_of(std::string path, const json::array& parameters,
                               std::string_view without = {}) {
    if (const auto brace = path.find('{'); brace != std::string::npos) {
      path.replace(brace, path.find('}') + 1 - brace, "1");
    }
    path += '?';
    for (const auto& each : parameters) {
      const auto& parameter = each.as_object();
      const std::string_view name = parameter.at("name").as_string();
      if (parameter.at("in").as_string() != "query" || !parameter.at("required").as_bool())
        continue;
      if (name != without) path.append(name).append("=2&");
    }
    return path;
  }
  unsigned status_of(const std::string& method, const std::string& target) {
    return ask(method, target, method == "POST" ? "octocat\n" : "").status;
  }
  void check(const std::string& method, const std::string& path, const json::object& operation) {
    const auto& parameters = operation.at("parameters").as_array();
    for (const auto& each : parameters) {
      const auto& parameter = each.as_object();
      if (parameter.at("in").as_string() != "query") continue;
      const std::string name(parameter.at("name").as_string());
      BOOST_TEST_CONTEXT(method << " " << path << " " << name) {
        // A list of the replaced system ends where there are no more rows.
        const bool page = name == "page";
        if (!page) check_values(method, target_of(path, parameters), name, parameter);
        check_default(method, target_of(path, parameters), name, parameter);
        if (parameter.at("required").as_bool()) {
          BOOST_TEST(status_of(method, target_of(path, parameters, name)) == 400U);
        }
      }
      ++checked;
    }
  }
  void check_values(const std::string& method, const std::string& target, const std::string& name,
                    const json::object& parameter) {
    const auto samples = samples_of(parameter.at("schema").as_object());
    for (const auto& value : samples.inside) {
      const auto status = status_of(method, target + name + "=" + http::percent_encode(value));
      BOOST_TEST((status == 200 || status == 202), value << ": " << status);
    }
    for (const auto& value : samples.outside) {
      BOOST_TEST(status_of(method, target + name + "=" + http::percent_encode(value)) == 400U,
                 value);
    }
  }
  // What is said to be so by itself is the same when it is asked for.
  void check_default(const std::string& method, const std::string& target, const std::string& name,
                     const json::object& parameter) {
    const auto* by_itself = parameter.at("schema").as_object().if_contains("default");
    if (by_itself == nullptr) return;
    BOOST_REQUIRE(method == "GET");
    const auto asked = get(target + name + "=" + shown(*by_itself));
    BOOST_TEST(asked.status == 200U);
    BOOST_TEST(asked.body == get(target).body);
  }

  std::size_t checked = 0;
};

const json::object& schema_of(const json::object& operation, std::string_view name) {
  for (const auto& each : operation.at("parameters").as_array()) {
    const auto& parameter = each.as_object();
    if (parameter.at("name").as_string() == name) return parameter.at("schema").as_object();
  }
  throw std::out_of_range(std::string(name));
}

Values enum_of(const json::object& schema) {
  Values values;
  for (const auto& each : schema.at("enum").as_array()) values.push_back(shown(each));
  return values;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(openapi_parameters, Room)

BOOST_AUTO_TEST_CASE(a_query_within_its_description_is_answered_and_one_beyond_it_is_refused) {
  const auto document = json::parse(get("/v1/openapi.json").body).as_object();
  for (const auto& path : document.at("paths").as_object()) {
    for (const auto& operation : path.value().as_object()) {
      std::string method(operation.key());
      for (char& letter : method) letter = static_cast<char>(std::toupper(letter));
      check(method, path.key(), operation.value().as_object());
    }
  }
  BOOST_TEST(checked > 250U);
}

BOOST_AUTO_TEST_CASE(orders_bounds_and_choices_are_described) {
  const auto document = json::parse(get("/v1/openapi.json").body).as_object();
  auto schema = [&document](const std::string& path, std::string_view name) -> const json::object& {
    return schema_of(document.at("paths").as_object().at(path).as_object().at("get").as_object(),
                     name);
  };
  const auto orders = enum_of(schema("/v1/users", "sort"));
  BOOST_TEST(orders.size() == 22U);
  for (const char* order : {"id", "-id", "-followers_count", "read_at"}) {
    BOOST_TEST(std::ranges::count(orders, order) == 1, order);
  }
  BOOST_TEST(enum_of(schema("/v1/repositories", "sort")).size() == 20U);
  BOOST_TEST((enum_of(schema("/v1/users/{id}/neighbours", "direction")) ==
              Values{"following", "followers", "both"}));
  BOOST_TEST((enum_of(schema("/v1/graph/export", "format")) == Values{"ndjson", "csv", "graphml"}));
  BOOST_TEST(enum_of(schema("/v1/graph/export", "what")).size() == 5U);
  BOOST_TEST(enum_of(schema("/v1/graph/top", "by")).size() == 5U);
  BOOST_TEST((enum_of(schema("/v1/users", "kind")) == Values{"user", "organization", "bot"}));
  BOOST_TEST(enum_of(schema("/v1/jobs", "state")).size() == 5U);
  BOOST_TEST(schema("/v1/users", "limit").at("maximum").as_int64() == 100);
  BOOST_TEST(schema("/v1/users/{id}/neighbours", "depth").at("maximum").as_int64() == 6);
  BOOST_TEST(schema("/github/developers/", "page").at("maximum").as_int64() == 20'000);
}

BOOST_AUTO_TEST_CASE(bodies_beyond_their_description_are_refused) {
  const auto document = json::parse(get("/v1/openapi.json").body).as_object();
  const auto& properties = document.at("components").at("schemas").at("SeedOrder").at("properties");
  auto order = [this](const std::string& name, std::uint64_t value) {
    const auto body = R"({"seeds":["octocat"],")" + name + "\":" + std::to_string(value) + "}";
    return ask("POST", "/v1/discovery", body).status;
  };
  for (const std::string name : {"depth", "limit"}) {
    const auto least = properties.at(name).at("minimum").to_number<std::uint64_t>();
    const auto most = properties.at(name).at("maximum").to_number<std::uint64_t>();
    BOOST_TEST(order(name, least) == 202U, name);
    BOOST_TEST(order(name, most) == 202U, name);
    BOOST_TEST(order(name, least - 1) == 400U, name);
    BOOST_TEST(order(name, most + 1) == 400U, name);
  }
  auto seeds = [this](std::uint64_t count) {
    std::string list;
    for (std::uint64_t i = 0; i < count; ++i)
      list += (i == 0 ? "\"a" : ",\"a") + std::to_string(i) + "\"";
    return ask("POST", "/v1/discovery", "{\"seeds\":[" + list + "]}").status;
  };
  const auto most = properties.at("seeds").at("maxItems").to_number<std::uint64_t>();
  BOOST_TEST(seeds(most) == 202U);
  BOOST_TEST(seeds(most + 1) == 400U);
  BOOST_TEST(seeds(0) == 400U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
