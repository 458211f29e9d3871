#include <algorithm>

#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

namespace {

Repository& wanted(World& world, const std::string& full_name) {
  Repository* found = world.find_repository(full_name);
  if (found == nullptr) throw WorldError("no repository \"" + full_name + "\" in this world");
  return *found;
}

}  // namespace

bool World::remove_commit(const std::string& full_name, const std::string& sha) {
  std::vector<Commit>& commits = wanted(*this, full_name).commits;
  auto removed = std::erase_if(commits, [&](const Commit& each) { return each.sha == sha; });
  indexed_ = false;
  return removed > 0;
}

bool World::rebase_commit(const std::string& full_name, const std::string& sha,
                          const std::string& new_sha, std::int64_t committed_s) {
  Repository& repository_of_it = wanted(*this, full_name);
  std::vector<Commit>& commits = repository_of_it.commits;
  auto found = std::find_if(commits.begin(), commits.end(),
                            [&](const Commit& each) { return each.sha == sha; });
  if (found == commits.end()) return false;
  Commit moved = *found;
  commits.erase(found);
  moved.sha = new_sha;
  moved.committed_s = committed_s;
  repository_of_it.pushed_s = std::max(repository_of_it.pushed_s, committed_s);
  commits.push_back(std::move(moved));
  indexed_ = false;
  return true;
}

void World::rename(const std::string& full_name, const std::string& new_name) {
  Repository& renamed = wanted(*this, full_name);
  std::size_t slash = new_name.find('/');
  if (slash == std::string::npos) {
    throw WorldError("new name \"" + new_name + "\": expected \"owner/name\"");
  }
  renamed.former_names.push_back(renamed.full_name());
  renamed.owner = &account(new_name.substr(0, slash));
  renamed.name = new_name.substr(slash + 1);
  by_name_[lower_case(new_name)] = &renamed;
  bool listed = std::find(moved_.begin(), moved_.end(), &renamed) != moved_.end();
  if (kept_by_id_.contains(renamed.database_id) && !listed) moved_.push_back(&renamed);
}

void World::empty_repository(const std::string& full_name) {
  wanted(*this, full_name).commits.clear();
  indexed_ = false;
}

}  // namespace tidemark::simulators
