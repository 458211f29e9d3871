#include <set>

#include "http/async/random.hpp"
#include "tests/jobs/discovery_taking.hpp"
#include "tests/support/simulation.hpp"

// People follow and unfollow each other while they are read, a few at a time, now and then by an
// answer that is cut short. What is stored never loses what is there, and in the end is just that.

using namespace tidemark;  // NOLINT: a test of everything together
using namespace tidemark::jobs::discovery;
using storage::graph::Edge;
using storage::graph::EdgeKind;
using storage::graph::ListState;
using test::TakingRoom;
using test::Told;

namespace {

constexpr std::uint64_t people = 12;

struct Changing : TakingRoom {
  explicit Changing(std::uint64_t seed) : random(seed) {
    settings.depth_most = 100;
    for (UserId id = 1; id <= people; ++id) name(id, 0);
  }

  void change() {
    for (std::uint64_t i = random.below(6); i > 0; --i) {
      const Edge edge{1 + random.below(people), 1 + random.below(people)};
      if (!truth.erase(edge)) truth.insert(edge);
    }
  }
  Told told(UserId id) const {
    Told lists;
    for (const Edge& edge : truth) {
      if (edge.to == id) lists.followers.push_back(edge.from);
      if (edge.from == id) lists.following.push_back(edge.to);
    }
    return lists;
  }
  std::set<Edge> stored() {
    std::set<Edge> edges;
    read([&](const storage::Reader& reader) {
      const auto each = [&](const Edge& edge) {
        edges.insert(edge);
        return true;
      };
      scan_edges(reader, EdgeKind::follows, std::nullopt, each);
    });
    return edges;
  }
  // One answer about some of them, compared with an independent count later.
  void read_some(const std::set<UserId>& batch, bool cut_short) {
    take([&](auto& writer, auto& now) {
      for (const UserId id : batch) {
        Told lists = told(id);
        if (cut_short && !lists.followers.empty()) lists.followers.pop_back();
        tell(writer, now, id, lists);
      }
    });
    const std::set<Edge> before = stored();
    confirm({batch.begin(), batch.end()}, !cut_short);
    const std::set<Edge> after = stored();
    for (const Edge& edge : truth) {
      const bool kept = !before.contains(edge) || after.contains(edge);
      BOOST_TEST(kept, edge.from << " still follows " << edge.to);
    }
  }
  std::set<UserId> some() {
    std::set<UserId> batch;
    for (std::uint64_t i = 1 + random.below(4); i > 0; --i) batch.insert(1 + random.below(people));
    return batch;
  }

  async::SeededRandom random;
  std::set<Edge> truth;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_take_property)

BOOST_AUTO_TEST_CASE(what_is_stored_is_what_there_is_however_it_was_read) {
  const std::uint64_t first = test::test_seed();
  for (std::uint64_t seed = first; seed < first + 20; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      Changing room(seed);
      for (int step = 0; step < 40; ++step) {
        if (room.random.below(2) == 0) room.change();
        room.now_ms += static_cast<std::int64_t>(room.random.below(5'000'000));
        room.read_some(room.some(), room.random.below(5) == 0);
      }
      // Twice, for what the two ends say differently within the hour.
      for (int round = 0; round < 2; ++round) {
        for (TakingRoom::UserId id = 1; id <= people; ++id) room.read_some({id}, false);
        room.now_ms += 7'200'000;
      }
      const std::set<Edge> stored = room.stored();
      for (const Edge& edge : room.truth) BOOST_TEST(stored.contains(edge));
      for (const Edge& edge : stored) {
        // Nothing is ended by an empty list, and these two ends have no other.
        const bool both_empty =
            room.told(edge.from).following.empty() && room.told(edge.to).followers.empty();
        BOOST_TEST((room.truth.contains(edge) || both_empty));
      }
      room.check();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
