#include "tests/simulators/program_graph.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "tests/simulators/graph/make.hpp"
#include "tests/simulators/graph/oddities.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

// Who signs in must not be renamed or deleted before that.
std::set<std::string> needed_logins(const Program::Options& options) {
  std::set<std::string> needed;
  for (const std::string& each : options.github_tokens) {
    needed.insert(lower_case(each.substr(0, each.find(':'))));
  }
  for (const std::string& each : options.members) {
    std::size_t begin = std::min(each.find(':'), each.size() - 1) + 1;
    needed.insert(lower_case(each.substr(begin, each.find(':', begin) - begin)));
  }
  return needed;
}

}  // namespace

json::object make_graph_world(World& world, const Program::Options& options) {
  bool loads = !options.edges.empty() || !options.logins.empty();
  if (!loads && !options.graph_seed) {
    if (options.oddities_seed) {
      throw std::invalid_argument("--oddities: there is no graph; see --edges and --graph-seed");
    }
    return {};
  }
  auto begin = std::chrono::steady_clock::now();
  world.set_profile_seed(options.graph_seed.value_or(1), options.graph_repositories);
  if (loads) load_graph(world, options.edges, options.logins);
  if (options.graph_seed) {
    make_graph(world, *options.graph_seed, options.graph_users, options.graph_edges);
  }
  json::array oddities;
  if (options.oddities_seed) {
    oddities = plant_oddities(world, *options.oddities_seed, needed_logins(options));
  }
  std::uint64_t users = 0;
  for (const Account& each : world.accounts()) users += each.generated && !each.deleted ? 1 : 0;
  auto took = std::chrono::steady_clock::now() - begin;
  return {{"users", users},
          {"follows", world.graph().follows()},
          {"repositories", world.generated_repositories()},
          {"oddities", std::move(oddities)},
          {"load_ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}};
}

json::array add_github_tokens(GithubSimulator& github, const std::vector<std::string>& texts) {
  json::array added;
  for (const std::string& each : texts) {
    std::size_t colon = each.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == each.size()) {
      throw std::invalid_argument("--github-token \"" + each + "\": expected LOGIN:TOKEN[:SCOPES]");
    }
    // Scopes have colons themselves: "read:user".
    std::size_t next = std::min(each.find(':', colon + 1), each.size());
    std::string scopes = next < each.size() ? each.substr(next + 1) : std::string();
    const Account& account = github.world().known(each.substr(0, colon));
    const GithubToken& token = github.credentials().add_token(
        account, each.substr(colon + 1, next - colon - 1), std::move(scopes));
    added.push_back(
        json::object{{"login", account.login}, {"token", token.text}, {"scopes", token.scopes}});
  }
  return added;
}

}  // namespace tidemark::simulators
