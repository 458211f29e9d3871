#include <algorithm>

#include "tests/simulators/graph/repositories.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

const Account* World::find_login(std::string_view login) const {
  auto found = by_login_.find(lower_case(login));
  return found == by_login_.end() || !found->second->visible() ? nullptr : found->second;
}

const Account* World::find_account(std::uint64_t database_id) const {
  auto found = by_id_.find(database_id);
  return found == by_id_.end() || !found->second->visible() ? nullptr : found->second;
}

std::optional<std::uint32_t> World::place_of(std::uint64_t database_id) const {
  auto found = by_id_.find(database_id);
  return found == by_id_.end() ? std::nullopt : std::optional(found->second->index);
}

const Account* World::find_node(std::string_view node_id) const {
  auto number = number_of_node_id(node_id);
  const Account* found = number ? find_account(*number) : nullptr;
  if (found == nullptr) return nullptr;
  // Legacy ids keep leading to the account, as GitHub lets them.
  bool same = found->node_id == node_id || node_id == make_legacy_node_id("User", *number) ||
              (found->person() && node_id == make_node_id("U", *number));
  return same ? found : nullptr;
}

std::vector<const Account*> World::accounts_after(std::uint64_t database_id,
                                                  std::size_t most) const {
  std::vector<const Account*> found;
  for (auto at = by_id_.upper_bound(database_id); at != by_id_.end() && found.size() < most; ++at) {
    if (at->second->visible()) found.push_back(at->second);
  }
  return found;
}

Account& World::known(std::string_view login) {
  auto found = by_login_.find(lower_case(login));
  if (found == by_login_.end() || found->second->deleted) {
    throw WorldError("no account \"" + std::string(login) + "\" in this world");
  }
  return *found->second;
}

std::uint64_t World::next_id() const {
  constexpr std::uint64_t first_generated = 10'000'000;
  return by_id_.empty() ? first_generated : std::max(by_id_.rbegin()->first + 1, first_generated);
}

Repository* World::find_repository(std::string_view full_name) {
  auto found = by_name_.find(lower_case(full_name));
  if (found != by_name_.end()) return found->second;
  return find_generated(full_name);
}

const Repository* World::find_repository(std::string_view full_name) const {
  auto found = by_name_.find(lower_case(full_name));
  if (found != by_name_.end()) return found->second;
  return find_generated(full_name);
}

const Repository* World::find_repository(std::uint64_t database_id) const {
  if (auto place = generated_->find(database_id)) {
    return keep(accounts_[place->account], place->which);
  }
  for (const Repository& each : repositories_) {
    if (each.database_id == database_id) return &each;
  }
  return nullptr;
}

RepositoryPointer World::find_repository_node(std::string_view node_id) const {
  if (!node_id.starts_with("R_")) return nullptr;
  auto number = number_of_node_id(node_id);
  if (!number) return nullptr;
  if (generated_->find(*number)) return generated_repository(*number);
  const Repository* found = find_repository(*number);
  return RepositoryPointer(RepositoryPointer(), found);
}

}  // namespace tidemark::simulators
