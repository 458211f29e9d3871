#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tests/simulators/graph/repositories.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

namespace {

// The world's own: it outlives every answer.
RepositoryPointer lent(const Repository& repository) {
  return RepositoryPointer(RepositoryPointer(), &repository);
}

}  // namespace

void World::set_profile_seed(std::uint64_t seed, bool with_repositories) {
  profile_seed_ = seed;
  with_repositories_ = with_repositories;
}

void World::seal_repositories() { generated_->seal(); }

std::uint64_t World::generated_repositories() const { return generated_->total(); }

Account& World::add_generated(const std::string& login, std::uint64_t database_id, bool bare) {
  if (by_id_.contains(database_id)) {
    throw WorldError(fmt::format("there is an account {} already", database_id));
  }
  if (by_login_.contains(lower_case(login))) {
    throw WorldError("there is an account \"" + login + "\" already");
  }
  Account& made = make_account(login, database_id);
  made.generated = true;
  made.bare = bare;
  made.created_s = make_profile(profile_seed_, database_id, login).created_s;
  made.created_by_hand = true;
  generated_->add(bare || !with_repositories_ ? 0 : repository_count(profile_seed_, database_id));
  return made;
}

Profile World::profile(const Account& account) const {
  auto edited = edited_profiles_.find(&account);
  Profile made;
  if (edited != edited_profiles_.end())
    made = edited->second;
  else if (account.generated && !account.bare)
    made = make_profile(profile_seed_, account.database_id, account.login);
  else
    made.name = account.name;
  made.created_s = account.created_s;
  if (account.updated_s != 0) made.updated_s = account.updated_s;
  made.updated_s = std::max(made.updated_s, made.created_s);
  return made;
}

Profile& World::edit_profile(Account& account) {
  return edited_profiles_.try_emplace(&account, profile(account)).first->second;
}

void World::rename_account(const std::string& login, const std::string& new_login) {
  Account& renamed = known(login);
  std::string from = lower_case(login), to = lower_case(new_login);
  if (from != to && by_login_.contains(to)) {
    throw WorldError("there is an account \"" + new_login + "\" already");
  }
  for (std::deque<Repository>* all : {&repositories_, &kept_}) {
    for (Repository& each : *all) {
      if (each.owner == &renamed) by_name_[to + "/" + lower_case(each.name)] = &each;
    }
  }
  by_login_.erase(from);
  by_login_[to] = &renamed;
  if (from != to) former_logins_.emplace(from, &renamed);
  renamed.login = new_login;
}

void World::delete_account(const std::string& login) {
  Account& gone = known(login);
  gone.deleted = true;
  graph_.clear(gone.index);
  by_login_.erase(lower_case(login));
}

Repository* World::keep(const Account& owner, std::uint32_t which) const {
  std::uint64_t id = generated_->id(owner.index, which);
  auto [place, added] = kept_by_id_.try_emplace(id);
  if (added) {
    place->second = &kept_.emplace_back(generated_->make(profile_seed_, owner, which));
  }
  return place->second;
}

// The owner may have had another login once: then GitHub redirects.
Repository* World::find_generated(std::string_view full_name) const {
  std::size_t slash = full_name.find('/');
  if (slash == std::string_view::npos) return nullptr;
  std::string owner = lower_case(full_name.substr(0, slash));
  std::vector<const Account*> owners;
  if (auto now = by_login_.find(owner); now != by_login_.end()) owners.push_back(now->second);
  auto [begin, end] = former_logins_.equal_range(owner);
  for (auto at = begin; at != end; ++at) owners.push_back(at->second);
  for (const Account* each : owners) {
    auto which = generated_->find(profile_seed_, *each, full_name.substr(slash + 1));
    if (which) return keep(*each, *which);
  }
  return nullptr;
}

RepositoryPointer World::generated_repository(std::uint64_t id) const {
  auto place = generated_->find(id);
  if (!place) return nullptr;
  auto kept = kept_by_id_.find(id);
  if (kept != kept_by_id_.end()) return lent(*kept->second);
  return std::make_shared<Repository>(
      generated_->make(profile_seed_, accounts_[place->account], place->which));
}

// Those that were asked for by name are kept with what has changed; one that moved to another owner
// is no longer the maker's.
std::vector<RepositoryPointer> World::repositories_of(const Account& account) const {
  std::vector<RepositoryPointer> all;
  for (const Repository& each : repositories_) {
    if (each.owner == &account && each.access == Access::open) all.push_back(lent(each));
  }
  for (const Repository* each : moved_) {
    bool came = generated_->find(each->database_id)->account != account.index;
    if (came && each->owner == &account && each->access == Access::open) all.push_back(lent(*each));
  }
  for (std::uint32_t i = 0; i < generated_->count(account.index); ++i) {
    RepositoryPointer one = generated_repository(generated_->id(account.index, i));
    if (one->owner == &account && one->access == Access::open) all.push_back(std::move(one));
  }
  std::sort(all.begin(), all.end(), [](const auto& left, const auto& right) {
    if (left->created_s != right->created_s) return left->created_s < right->created_s;
    return left->database_id < right->database_id;
  });
  return all;
}

std::vector<std::uint64_t> World::public_repositories(const Account& account) const {
  std::vector<std::uint64_t> ids;
  auto add = [&](const Repository& each) {
    bool open = each.access == Access::open && !each.is_private;
    if (each.owner == &account && open) ids.push_back(each.database_id);
  };
  for (const Repository& each : repositories_) add(each);
  for (const Repository* each : moved_) {
    if (generated_->find(each->database_id)->account != account.index) add(*each);
  }
  for (std::uint32_t i = 0; i < generated_->count(account.index); ++i) {
    std::uint64_t id = generated_->id(account.index, i);
    auto kept = kept_by_id_.find(id);
    if (kept != kept_by_id_.end())
      add(*kept->second);
    else
      ids.push_back(id);
  }
  return ids;
}

std::vector<std::uint64_t> World::starred_by(const Account& account) const {
  std::vector<std::uint64_t> ids = generated_->starred(profile_seed_, account);
  std::erase_if(ids, [&](std::uint64_t id) {
    auto kept = kept_by_id_.find(id);
    if (kept == kept_by_id_.end()) return !accounts_[generated_->find(id)->account].visible();
    const Repository& each = *kept->second;
    return each.access != Access::open || each.is_private || !each.owner->visible();
  });
  return ids;
}

bool World::has_starred(const Account& account, std::uint64_t repository_id) const {
  std::vector<std::uint64_t> ids = generated_->starred(profile_seed_, account);
  return std::find(ids.begin(), ids.end(), repository_id) != ids.end();
}

RepositoryPointer World::collaboration_of(const Account& account) const {
  auto id = generated_->collaborates_on(profile_seed_, account);
  if (!id) return nullptr;
  RepositoryPointer found = generated_repository(*id);
  bool shown = found->access == Access::open && found->owner->visible();
  return shown && found->owner != &account ? found : nullptr;
}

}  // namespace tidemark::simulators
