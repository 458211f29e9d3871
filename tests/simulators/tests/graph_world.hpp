#pragma once

#include <string>

#include "tests/simulators/graph/graph.hpp"
#include "tests/simulators/tests/asking.hpp"

namespace tidemark::simulators {

// A graph of "u0" to "u299": all follow u0, u0 follows u1 to u150, and u1 follows u2. Without
// generated repositories; alice asks.
struct GraphWorld : AskingGithub {
  explicit GraphWorld(bool repositories = false) {
    world.set_profile_seed(1, repositories);
    std::vector<Follow> follows;
    for (std::uint32_t i = 0; i < 300; ++i) {
      const Account& made = world.add_generated("u" + std::to_string(i), 10'000'000 + i);
      first = i == 0 ? made.index : first;
      if (i > 0) follows.push_back({first + i, first});
      if (i > 0 && i <= 150) follows.push_back({first, first + i});
    }
    follows.push_back({first + 1, first + 2});
    world.graph().add(follows);
    world.seal_repositories();
  }

  [[nodiscard]] std::string id(const std::string& login) { return world.known(login).node_id; }
  std::uint32_t first = 0;  // u0's place
};

}  // namespace tidemark::simulators
