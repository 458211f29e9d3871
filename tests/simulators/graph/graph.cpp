#include "tests/simulators/graph/graph.hpp"

#include <algorithm>

namespace tidemark::simulators {

namespace {

using List = std::vector<std::uint32_t>;

bool insert(List& list, std::uint32_t account) {
  auto place = std::lower_bound(list.begin(), list.end(), account);
  if (place != list.end() && *place == account) return false;
  list.insert(place, account);
  return true;
}

bool erase(List& list, std::uint32_t account) {
  auto place = std::lower_bound(list.begin(), list.end(), account);
  if (place == list.end() || *place != account) return false;
  list.erase(place);
  return true;
}

void sort_once(List& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

}  // namespace

void Graph::reserve(std::uint32_t account) {
  if (account < following_.size()) return;
  following_.resize(account + std::size_t{1});
  followers_.resize(account + std::size_t{1});
}

// Many short lists are sorted, not one of all pairs; those of followers come in order by
// themselves.
void Graph::add(const std::vector<Follow>& follows) {
  std::uint32_t last = 0;
  for (const Follow& each : follows) last = std::max({last, each.from, each.to});
  if (!follows.empty()) reserve(last);
  std::vector<std::uint32_t> more(following_.size());
  for (const Follow& each : follows) ++more[each.from];
  for (std::size_t i = 0; i < more.size(); ++i) {
    if (more[i] > 0) following_[i].reserve(following_[i].size() + more[i]);
  }
  for (const Follow& each : follows) following_[each.from].push_back(each.to);
  std::fill(more.begin(), more.end(), 0);
  follows_ = 0;
  for (List& list : following_) {
    sort_once(list);
    follows_ += list.size();
    for (std::uint32_t to : list) ++more[to];
  }
  for (std::size_t i = 0; i < more.size(); ++i) {
    followers_[i].clear();
    followers_[i].reserve(more[i]);
  }
  for (std::uint32_t from = 0; from < following_.size(); ++from) {
    for (std::uint32_t to : following_[from]) followers_[to].push_back(from);
  }
}

bool Graph::follow(std::uint32_t from, std::uint32_t to) {
  reserve(std::max(from, to));
  if (!insert(following_[from], to)) return false;
  insert(followers_[to], from);
  ++follows_;
  return true;
}

bool Graph::unfollow(std::uint32_t from, std::uint32_t to) {
  reserve(std::max(from, to));
  if (!erase(following_[from], to)) return false;
  erase(followers_[to], from);
  --follows_;
  return true;
}

void Graph::clear(std::uint32_t account) {
  reserve(account);
  for (std::uint32_t each : List(following_[account])) unfollow(account, each);
  for (std::uint32_t each : List(followers_[account])) unfollow(each, account);
}

std::span<const std::uint32_t> Graph::following(std::uint32_t account) const {
  if (account >= following_.size()) return {};
  return following_[account];
}

std::span<const std::uint32_t> Graph::followers(std::uint32_t account) const {
  if (account >= followers_.size()) return {};
  return followers_[account];
}

}  // namespace tidemark::simulators
