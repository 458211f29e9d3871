#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

// What a crawl can know of the graph, to compare a store with.
struct ExpectedQuestion {
  std::vector<std::string> seeds;  // logins; none: everybody
  // Who is at most so far from a seed is read; who is one step further is only seen in lists.
  std::uint32_t depth = std::numeric_limits<std::uint32_t>::max();
  bool followers = true, following = true;  // the lists that the crawl reads
  bool organizations = false;               // and bots: only REST tells of them
};

struct ExpectedGraph {
  struct User {
    const Account* account = nullptr;
    std::uint32_t depth = 0;
    bool read = false;
  };
  std::vector<User> users;      // by database id
  std::vector<Follow> follows;  // of places in World::accounts(), by database ids
};

// Throws WorldError when a seed is not there.
[[nodiscard]] ExpectedGraph expected_graph(const World& world, const ExpectedQuestion& question);

// Counts, how many pages after the first there are, the ideal number of points, and digests:
// SHA-256 over lines, in order of the numbers:
//   users_digest         "ID\n"              follows_digest   "FROM,TO\n"
//   repositories_digest  "OWNER,ID\n"        stars_digest     "USER,REPOSITORY\n"
[[nodiscard]] boost::json::object summary_of(const World& world, const ExpectedGraph& graph);
// Lines {"user","login","depth","read"}, {"from","to"}, {"owner","repository"}, {"user","starred"}.
[[nodiscard]] std::string lines_of(const World& world, const ExpectedGraph& graph);

}  // namespace tidemark::simulators
