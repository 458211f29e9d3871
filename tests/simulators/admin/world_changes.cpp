#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <stdexcept>

#include "tests/simulators/admin.hpp"
#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& change, std::string_view key) {
  const json::value* found = change.if_contains(key);
  if (found == nullptr || !found->is_string()) {
    throw std::invalid_argument("\"" + std::string(key) + "\" must be a text");
  }
  return std::string(found->as_string());
}

std::int64_t moment_of(const json::object& change, std::string_view key) {
  auto parsed = parse_moment(text_of(change, key));
  if (!parsed) throw std::invalid_argument("\"" + std::string(key) + "\" must be an ISO 8601 time");
  return *parsed;
}

Repository& wanted(World& world, const json::object& change) {
  std::string name = text_of(change, "repo");
  Repository* found = world.find_repository(name);
  if (found == nullptr) throw std::invalid_argument("no repository \"" + name + "\"");
  return *found;
}

Access access_of(const std::string& name) {
  if (name == "open") return Access::open;
  if (name == "deleted") return Access::deleted;
  if (name == "dmca") return Access::blocked_by_dmca;
  if (name == "staff") return Access::blocked_by_staff;
  throw std::invalid_argument("\"access\" is open, deleted, dmca or staff");
}

}  // namespace

// Each key holds a list of changes: objects with "repo" and what the change needs.
json::object Admin::change_world(const json::object& body) {
  World& world = github_.world();
  using Change = std::function<void(const json::object&)>;
  const std::map<std::string, Change, std::less<>> changes{
      {"add_commits", [&](const json::object& one) { world.load_line(json::serialize(one), {}); }},
      {"remove_commits",
       [&](const json::object& one) {
         if (!world.remove_commit(text_of(one, "repo"), text_of(one, "sha"))) {
           throw std::invalid_argument("no commit " + text_of(one, "sha"));
         }
       }},
      {"rebase",
       [&](const json::object& one) {
         if (!world.rebase_commit(text_of(one, "repo"), text_of(one, "sha"),
                                  text_of(one, "new_sha"), moment_of(one, "committed"))) {
           throw std::invalid_argument("no commit " + text_of(one, "sha"));
         }
       }},
      {"rename",
       [&](const json::object& one) { world.rename(text_of(one, "repo"), text_of(one, "to")); }},
      {"empty", [&](const json::object& one) { world.empty_repository(text_of(one, "repo")); }},
      {"private", [&](const json::object& one) { wanted(world, one).is_private = true; }},
      {"access",
       [&](const json::object& one) {
         wanted(world, one).access = access_of(text_of(one, "access"));
       }},
  };
  std::size_t count = 0;
  for (const auto& [name, list] : body) {
    auto change = changes.find(std::string_view(name));
    if (change == changes.end() || !list.is_array()) {
      throw std::invalid_argument("world: cannot use \"" + std::string(name) + "\"");
    }
    for (const json::value& each : list.as_array()) {
      change->second(each.as_object());
      ++count;
    }
  }
  return {{"changes", count}};
}

}  // namespace tidemark::simulators
