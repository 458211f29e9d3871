#include <functional>

#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {
namespace {

std::uint32_t hash_of(std::string_view login) {
  return static_cast<std::uint32_t>(std::hash<std::string_view>()(login));
}

}  // namespace

bool Familiar::knows(UserId id, std::string_view login, std::uint32_t depth) const {
  const auto known = accounts_.find(id);
  return known != accounts_.end() && known->second.depth <= depth &&
         known->second.login_hash == hash_of(login);
}

void Familiar::learn(UserId id, std::string_view login, std::uint32_t depth) {
  // Which ones are popular shows again soon enough: no account of who was asked for when.
  if (accounts_.size() >= most_ && !accounts_.contains(id)) accounts_.clear();
  accounts_[id] = Known{hash_of(login), depth};
}

}  // namespace tidemark::jobs::discovery
