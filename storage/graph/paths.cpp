#include "storage/graph/paths.hpp"

#include <algorithm>
#include <unordered_map>

namespace tidemark::storage::graph {

namespace {

constexpr std::size_t piece_most = 1'024;

// One end of the search: who was met, and from whom.
struct Wave {
  explicit Wave(UserId start, Direction along) : direction(along) {
    came_from.emplace(start, start);
    edge.push_back(start);
  }
  Direction direction;
  std::unordered_map<UserId, UserId> came_from;
  std::vector<UserId> edge;  // the outermost, not looked through yet
};

enum class Step { met, not_met, gave_up };

// One step outwards. Stops at the first account that the other wave has met: no way between the two
// is shorter, because all of the steps before were looked through to their end.
Step widen(const Reader& reader, Wave& wave, const Wave& other, std::uint64_t edges_most,
           std::uint64_t& looked_at, UserId& where) {
  std::vector<UserId> outer;
  for (const UserId node : wave.edge) {
    Step step = Step::not_met;
    auto visit = [&](std::uint64_t neighbour) {
      if (looked_at >= edges_most) {
        step = Step::gave_up;
        return false;
      }
      ++looked_at;
      if (!wave.came_from.emplace(neighbour, node).second) return true;
      if (other.came_from.contains(neighbour)) {
        where = neighbour;
        step = Step::met;
        return false;
      }
      outer.push_back(neighbour);
      return true;
    };
    scan_neighbours(reader, EdgeKind::follows, wave.direction, node, std::nullopt, visit);
    if (step != Step::not_met) return step;
  }
  wave.edge = std::move(outer);
  return Step::not_met;
}

std::vector<UserId> way_through(const Wave& forward, const Wave& backward, UserId middle) {
  std::vector<UserId> nodes{middle};
  for (UserId node = middle; forward.came_from.at(node) != node;) {
    node = forward.came_from.at(node);
    nodes.push_back(node);
  }
  std::ranges::reverse(nodes);
  for (UserId node = middle; backward.came_from.at(node) != node;) {
    node = backward.came_from.at(node);
    nodes.push_back(node);
  }
  return nodes;
}

}  // namespace

std::optional<std::uint64_t> NeighbourCursor::at_least(std::uint64_t least) {
  while (true) {
    while (place_ < piece_.size() && piece_[place_] < least) ++place_;
    if (place_ < piece_.size()) {
      after_ = piece_[place_];
      return piece_[place_++];
    }
    if (ended_) return std::nullopt;
    refill(least);
  }
}

void NeighbourCursor::refill(std::uint64_t least) {
  if (!piece_.empty()) after_ = piece_.back();
  // A jump: what lies between is not read.
  if (least > 0 && (!after_ || *after_ < least - 1)) after_ = least - 1;
  piece_.clear();
  place_ = 0;
  auto visit = [this](std::uint64_t node) {
    piece_.push_back(node);
    return piece_.size() < piece_size_;
  };
  scan_neighbours(reader_, kind_, direction_, node_, after_, visit);
  looked_at_ += piece_.size();
  ended_ = piece_.size() < piece_size_;
  piece_size_ = std::min(piece_size_ * 4, piece_most);
}

Intersection intersect(const Reader& reader, EdgeList one, EdgeList other,
                       std::optional<std::uint64_t> after, std::size_t most,
                       std::uint64_t edges_most) {
  NeighbourCursor left(reader, EdgeKind::follows, one.direction, one.node, after);
  NeighbourCursor right(reader, EdgeKind::follows, other.direction, other.node, after);
  Intersection result;
  auto a = left.next();
  auto b = a ? right.at_least(*a) : std::nullopt;
  while (a && b) {
    result.looked_at = left.looked_at() + right.looked_at();
    const std::uint64_t smaller = std::min(*a, *b);
    const bool enough = result.nodes.size() == most;
    if (enough || (result.looked_at >= edges_most && smaller > after.value_or(0))) {
      // `smaller` itself was not decided yet.
      result.next = enough ? result.nodes.back() : smaller - 1;
      return result;
    }
    if (*a == *b) {
      result.nodes.push_back(*a);
      a = left.next();
      b = a ? right.at_least(*a) : std::nullopt;
    } else if (*a < *b) {
      a = left.at_least(*b);
    } else {
      b = right.at_least(*a);
    }
  }
  result.looked_at = left.looked_at() + right.looked_at();
  return result;
}

Path shortest_path(const Reader& reader, UserId from, UserId to, std::uint64_t edges_most) {
  Path path;
  if (from == to) {
    path.nodes = {from};
    return path;
  }
  Wave forward(from, Direction::outgoing), backward(to, Direction::incoming);
  while (!forward.edge.empty() && !backward.edge.empty()) {
    const bool ahead = forward.edge.size() <= backward.edge.size();
    UserId middle = 0;
    const Step step = ahead ? widen(reader, forward, backward, edges_most, path.looked_at, middle)
                            : widen(reader, backward, forward, edges_most, path.looked_at, middle);
    path.gave_up = step == Step::gave_up;
    if (step == Step::met) path.nodes = way_through(forward, backward, middle);
    if (step != Step::not_met) return path;
  }
  return path;
}

}  // namespace tidemark::storage::graph
