#include "storage/graph/neighbourhood.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace tidemark::storage::graph {

namespace {

// Rings around an account: who is one step away, two, and so on.
class Rings {
 public:
  Rings(const Reader& reader, const NeighbourhoodAsk& ask)
      : reader_(reader), ask_(ask), inside_{ask.user}, ring_{ask.user} {}

  // The first of the next ring by number, after `after`.
  std::set<UserId> first_of_next(std::optional<UserId> after, std::size_t most) {
    std::set<UserId> first;
    auto visit = [&](UserId id) {
      if (first.size() == most && id >= *first.rbegin()) return false;
      if (std::ranges::binary_search(inside_, id)) return true;
      first.insert(id);
      if (first.size() > most) first.erase(std::prev(first.end()));
      return true;
    };
    look(after, visit);
    return first;
  }

  // Steps out to the next ring. False: nobody is there, or that is too much work.
  bool widen() {
    std::vector<UserId> next;
    auto visit = [&](UserId id) {
      next.push_back(id);
      return true;
    };
    look(std::nullopt, visit);
    std::ranges::sort(next);
    next.erase(std::ranges::unique(next).begin(), next.end());
    ring_.clear();
    std::ranges::set_difference(next, inside_, std::back_inserter(ring_));
    next.clear();
    std::ranges::merge(inside_, ring_, std::back_inserter(next));
    inside_ = std::move(next);
    return !gave_up_ && !ring_.empty();
  }

  [[nodiscard]] bool gave_up() const { return gave_up_; }
  [[nodiscard]] std::uint64_t looked_at() const { return looked_at_; }

 private:
  // Every list of the outermost ring, each until `visit` returns false.
  template <class Visit>
  void look(std::optional<UserId> after, const Visit& visit) {
    for (const UserId node : ring_) {
      for (const Direction direction : {Direction::outgoing, Direction::incoming}) {
        if ((static_cast<unsigned>(ask_.sides) & static_cast<unsigned>(direction)) == 0) continue;
        work_ += list_work;
        auto each = [&](std::uint64_t id) {
          gave_up_ = work_ >= ask_.work_most;
          if (gave_up_) return false;
          ++work_;
          ++looked_at_;
          return visit(id);
        };
        scan_neighbours(reader_, EdgeKind::follows, direction, node, after, each);
        if (gave_up_) return;
      }
    }
  }

  const Reader& reader_;
  const NeighbourhoodAsk& ask_;
  std::vector<UserId> inside_, ring_;  // ascending; the ring is part of what is inside
  std::uint64_t work_ = 0, looked_at_ = 0;
  bool gave_up_ = false;
};

}  // namespace

Neighbourhood neighbourhood(const Reader& reader, const NeighbourhoodAsk& ask) {
  Neighbourhood result;
  Rings rings(reader, ask);
  auto& rows = result.neighbours;
  for (std::uint32_t distance = 1; distance <= ask.depth; ++distance) {
    if (!ask.after || ask.after->distance <= distance) {
      const bool goes_on = ask.after && ask.after->distance == distance;
      const auto after = goes_on ? std::optional(ask.after->id) : std::nullopt;
      // One more than there is room for: whether there are others.
      for (const UserId id : rings.first_of_next(after, ask.most - rows.size() + 1)) {
        result.more = rows.size() == ask.most;
        if (!result.more) rows.push_back({id, distance});
      }
    }
    if (result.more || rings.gave_up() || distance == ask.depth || !rings.widen()) break;
  }
  result.gave_up = rings.gave_up();
  result.more = result.more && !result.gave_up;
  result.looked_at = rings.looked_at();
  return result;
}

}  // namespace tidemark::storage::graph
