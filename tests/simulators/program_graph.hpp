#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "tests/simulators/program.hpp"

namespace tidemark::simulators {

// Loads or makes the graph that the options ask for; what there is then: {"users","follows",
// "repositories","oddities","load_ms"}, or nothing when none was asked for.
boost::json::object make_graph_world(World& world, const Program::Options& options);
// Of texts LOGIN:TOKEN[:SCOPES]: [{"login","token","scopes"}].
boost::json::array add_github_tokens(GithubSimulator& github,
                                     const std::vector<std::string>& texts);

}  // namespace tidemark::simulators
