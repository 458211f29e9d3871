#pragma once

#include <map>
#include <string>
#include <string_view>

namespace tidemark::simulators {

// What a provider still lets us see of a list. Counts of accounts and repositories stay as they
// are.
enum class ListState {
  open,
  empty,      // 200 with nothing; in GraphQL a totalCount of 0
  forbidden,  // 403; in GraphQL null with FORBIDDEN
  missing,    // 404; in GraphQL null with NOT_FOUND
  gone,       // 410; in GraphQL null with FORBIDDEN, in other words
};

// By name: followers, following, repositories, starred, gists, subscriptions, and of a repository
// stargazers and subscribers. The last three are as GitHub has them since 2026-06-30: subscriptions
// are empty, and the other two are seen by the owner only.
class Lists {
 public:
  [[nodiscard]] ListState state(std::string_view name) const;
  // Throws std::invalid_argument that names what is wrong.
  void set(std::string_view name, std::string_view state);

 private:
  std::map<std::string, ListState, std::less<>> states_{
      {"followers", ListState::open},    {"following", ListState::open},
      {"repositories", ListState::open}, {"starred", ListState::open},
      {"gists", ListState::open},        {"subscriptions", ListState::empty},
      {"stargazers", ListState::empty},  {"subscribers", ListState::empty}};
};

}  // namespace tidemark::simulators
