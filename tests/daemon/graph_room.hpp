#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <vector>

#include "storage/graph/edges.hpp"
#include "storage/graph/repository.hpp"
#include "storage/graph/user.hpp"
#include "tests/daemon/service_room.hpp"

namespace tidemark::test {

// An account that was read; its number says how old it is and how many follow it.
[[nodiscard]] storage::graph::User known_user(std::uint64_t id, const std::string& login);
// One of which a list told the name.
[[nodiscard]] storage::graph::User named_user(std::uint64_t id, const std::string& login);
[[nodiscard]] storage::graph::Repository known_repository(std::uint64_t id, std::uint64_t owner,
                                                          const std::string& name);

// The routes over a small graph:
//   octocat (1) ⇄ mona (2), octocat → hubot (3) → ghost (4) → stub (5), github (9) an organization
//   octocat owns hello (101) and world (102), mona owns linux (103); hubot starred hello
class GraphRoom : public ServiceRoom {
 public:
  GraphRoom();

  void put(const std::vector<storage::graph::User>& users);
  void follow(const std::vector<storage::graph::Edge>& edges);
  // Of every row in a list of the answer: this field, as text, with spaces between.
  std::string column(const std::string& target, const std::string& rows, const std::string& field);
  // All pages of a list; `pages` counts them.
  std::string all_pages(const std::string& target, const std::string& rows,
                        const std::string& field, std::size_t& pages);
  // The whole of an answer that is streamed, in the chunks that were sent.
  std::vector<std::string> stream(const std::string& target);
};

[[nodiscard]] std::string joined(const std::vector<std::string>& chunks);

}  // namespace tidemark::test
