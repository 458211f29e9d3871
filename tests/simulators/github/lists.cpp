#include "tests/simulators/github/lists.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace tidemark::simulators {

namespace {

constexpr std::array<std::pair<std::string_view, ListState>, 5> names{{
    {"open", ListState::open},
    {"empty", ListState::empty},
    {"forbidden", ListState::forbidden},
    {"missing", ListState::missing},
    {"gone", ListState::gone},
}};

}  // namespace

ListState Lists::state(std::string_view name) const {
  auto found = states_.find(name);
  return found == states_.end() ? ListState::open : found->second;
}

void Lists::set(std::string_view name, std::string_view state) {
  auto list = states_.find(name);
  if (list == states_.end()) {
    throw std::invalid_argument("no list \"" + std::string(name) +
                                "\": there are followers, following, repositories, starred, gists, "
                                "subscriptions, stargazers and subscribers");
  }
  for (const auto& [each, meaning] : names) {
    if (each != state) continue;
    list->second = meaning;
    return;
  }
  throw std::invalid_argument("list \"" + std::string(name) + "\" cannot be \"" +
                              std::string(state) +
                              "\": it is open, empty, forbidden, missing or gone");
}

}  // namespace tidemark::simulators
