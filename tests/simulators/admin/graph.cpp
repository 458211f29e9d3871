#include <boost/json/array.hpp>
#include <charconv>
#include <functional>
#include <map>
#include <stdexcept>

#include "http/url.hpp"
#include "tests/simulators/admin.hpp"
#include "tests/simulators/graph/expected.hpp"
#include "tests/simulators/graph/oddities.hpp"
#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& change, std::string_view key, bool required = true) {
  const json::value* found = change.if_contains(key);
  if (found != nullptr && found->is_string()) return std::string(found->as_string());
  if (required) throw std::invalid_argument("\"" + std::string(key) + "\" must be a text");
  return {};
}

template <class Number>
Number number_of(const json::object& change, std::string_view key, Number otherwise) {
  const json::value* found = change.if_contains(key);
  return found == nullptr ? otherwise : found->to_number<Number>();
}

bool flag_of(const json::object& change, std::string_view key) {
  const json::value* found = change.if_contains(key);
  return found != nullptr && found->as_bool();
}

json::object told(const Account& account) {
  return {{"login", account.login}, {"id", account.database_id}, {"node_id", account.node_id}};
}

ExpectedQuestion question_of(const http::Form& query) {
  ExpectedQuestion question;
  std::string seeds(http::form_value(query, "seeds").value_or(""));
  for (std::size_t at = 0; at < seeds.size();) {
    std::size_t comma = std::min(seeds.find(',', at), seeds.size());
    if (comma > at) question.seeds.push_back(seeds.substr(at, comma - at));
    at = comma + 1;
  }
  auto flag = [&](std::string_view name, bool otherwise) {
    auto value = http::form_value(query, name);
    return value ? *value == "true" : otherwise;
  };
  question.followers = flag("followers", true);
  question.following = flag("following", true);
  question.organizations = flag("organizations", false);
  if (auto depth = http::form_value(query, "depth")) {
    auto [end, error] =
        std::from_chars(depth->data(), depth->data() + depth->size(), question.depth);
    if (error != std::errc() || end != depth->data() + depth->size()) {
      throw std::invalid_argument("\"depth\" must be a number");
    }
  }
  return question;
}

// Profile fields by the names that REST has for them.
void edit(World& world, const json::object& one) {
  Account& account = world.known(text_of(one, "login"));
  Profile& profile = world.edit_profile(account);
  const std::map<std::string, std::string*, std::less<>> texts{
      {"name", &profile.name},
      {"location", &profile.location},
      {"bio", &profile.bio},
      {"company", &profile.company},
      {"email", &profile.email},
      {"blog", &profile.website},
      {"twitter_username", &profile.twitter}};
  for (const auto& [name, value] : one) {
    std::string_view key = name;
    auto text = texts.find(key);
    if (text != texts.end())
      *text->second = std::string(value.as_string());
    else if (key == "public_gists")
      profile.gists = value.to_number<std::uint64_t>();
    else if (key != "login")
      throw std::invalid_argument("edit: cannot use \"" + std::string(key) + "\"");
  }
}

json::object make_account(World& world, const json::object& one, std::int64_t now_s) {
  Account& made = world.add_generated(text_of(one, "login"),
                                      number_of<std::uint64_t>(one, "id", world.next_id()),
                                      flag_of(one, "bare"));
  made.created_s = now_s;
  made.organization = flag_of(one, "organization");
  made.bot = flag_of(one, "bot");
  if (made.organization) made.node_id = make_node_id("O", made.database_id);
  if (made.bot) made.node_id = make_node_id("BOT", made.database_id);
  return told(made);
}

json::object make_repository(World& world, const json::object& one, std::int64_t now_s) {
  std::string name = text_of(one, "repo");
  world.known(name.substr(0, name.find('/')));
  if (world.find_repository(name) != nullptr) {
    throw std::invalid_argument("there is a repository \"" + name + "\" already");
  }
  Repository& made = world.repository(name);
  made.created_s = made.updated_s = now_s;
  made.description = text_of(one, "description", false);
  made.language = text_of(one, "language", false);
  made.homepage = text_of(one, "homepage", false);
  made.stars = number_of<std::uint64_t>(one, "stars", 0);
  made.forks = number_of<std::uint64_t>(one, "forks", 0);
  made.fork = flag_of(one, "fork");
  made.is_private = flag_of(one, "private");
  return {{"repo", made.full_name()}, {"id", made.database_id}, {"node_id", made.node_id}};
}

Oddity oddity_of(const json::object& one) {
  return {text_of(one, "kind"), text_of(one, "login", false),
          number_of<std::uint64_t>(one, "amount", 0), number_of<std::uint64_t>(one, "seed", 1)};
}

}  // namespace

http::Response Admin::expected(const http::Request& request) const {
  std::size_t mark = request.target.find('?');
  http::Form query;
  if (mark != std::string::npos) {
    query =
        http::decode_form(std::string_view(request.target).substr(mark + 1)).value_or(http::Form{});
  }
  const World& world = github_.world();
  ExpectedGraph graph = expected_graph(world, question_of(query));
  if (http::form_value(query, "format").value_or("") != "ndjson") {
    return json_response(200, summary_of(world, graph));
  }
  http::Response response{200, {}, lines_of(world, graph)};
  response.headers.set("Content-Type", "application/x-ndjson");
  return response;
}

// Each key holds a list of changes, made in the order of the keys; what each did is told.
json::object Admin::change_graph(const json::object& body, async::WallTime now) {
  World& world = github_.world();
  std::int64_t now_s = floor_divide(github_.quota().server_ms(milliseconds_of(now)), 1000);
  using Change = std::function<json::object(const json::object&)>;
  auto follow = [&](const json::object& one) {
    std::uint32_t from = world.known(text_of(one, "from")).index;
    bool done = world.graph().follow(from, world.known(text_of(one, "to")).index);
    return json::object{{"changed", done}};
  };
  auto unfollow = [&](const json::object& one) {
    std::uint32_t from = world.known(text_of(one, "from")).index;
    bool done = world.graph().unfollow(from, world.known(text_of(one, "to")).index);
    return json::object{{"changed", done}};
  };
  auto rename = [&](const json::object& one) {
    world.rename_account(text_of(one, "login"), text_of(one, "to"));
    Account& renamed = world.known(text_of(one, "to"));
    renamed.updated_s = now_s;
    return told(renamed);
  };
  auto remove = [&](const json::object& one) {
    json::object account = told(world.known(text_of(one, "login")));
    world.delete_account(text_of(one, "login"));
    return account;
  };
  auto suspend = [&](bool suspended) {
    return [&world, suspended](const json::object& one) {
      Account& account = world.known(text_of(one, "login"));
      account.suspended = suspended;
      return told(account);
    };
  };
  const std::map<std::string, Change, std::less<>> changes{
      {"follow", follow},
      {"unfollow", unfollow},
      {"rename", rename},
      {"delete", remove},
      {"suspend", suspend(true)},
      {"restore", suspend(false)},
      {"account", [&](const json::object& one) { return make_account(world, one, now_s); }},
      {"repository", [&](const json::object& one) { return make_repository(world, one, now_s); }},
      {"edit",
       [&](const json::object& one) {
         edit(world, one);
         Account& account = world.known(text_of(one, "login"));
         account.updated_s = now_s;
         return told(account);
       }},
      {"oddity", [&](const json::object& one) { return plant_oddity(world, oddity_of(one)); }},
  };
  json::object done;
  for (const auto& [name, list] : body) {
    auto change = changes.find(std::string_view(name));
    if (change == changes.end() || !list.is_array()) {
      throw std::invalid_argument("graph: cannot use \"" + std::string(name) + "\"");
    }
    json::array results;
    for (const json::value& each : list.as_array()) {
      results.push_back(change->second(each.as_object()));
    }
    done[name] = std::move(results);
  }
  return done;
}

}  // namespace tidemark::simulators
