#include "jobs/discovery/batches.hpp"

#include "tests/jobs/discovery_taking.hpp"
#include "tests/jobs/discovery_world.hpp"

// Several questions may wait for REST at once: each confirms what it read to its end, nothing else.

using namespace tidemark;  // NOLINT: a test of everything together
using namespace tidemark::jobs::discovery;
using storage::graph::ListState;
using test::TakingRoom;

namespace {

constexpr std::uint8_t followers = mark_of(List::followers), following = mark_of(List::following),
                       repositories = mark_of(List::repositories);

struct Room : TakingRoom {
  Room() { name(1, 0); }
  void give(ListPage one) {
    take([&](auto& writer, auto& now) {
      User user = found(writer, 1);
      take_page(writer, now, user, one);
    });
  }
  // The first question: all of the account but the end of its followers.
  void begin_followers() {
    take([&](auto& writer, auto& now) {
      User user = found(writer, 1);
      take_account(writer, now, user, news(1, {.followers = {2, 3}, .following = {4}}));
    });
    ListPage first = page(List::followers, {2});
    first.total = 2;
    first.next = "cursor";
    give(first);
    give(page(List::following, {4}));
    give(page(List::repositories, {}));
  }
  void end_followers() {
    ListPage last = page(List::followers, {3});
    last.total = 2;
    last.first = false;
    give(last);
  }
  void judge(ListMarks marks, Verdict verdict) {
    take([&](auto& writer, auto& now) { take_verdict(writer, now, {1}, {{1, marks}}, verdict); });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(discovery_batches, Room)

BOOST_AUTO_TEST_CASE(a_question_does_not_confirm_what_a_later_one_ended) {
  begin_followers();
  end_followers();
  judge({static_cast<std::uint8_t>(following | repositories), 7, false}, Verdict::complete);
  BOOST_TEST((state(1) == ListState::unconfirmed));
  BOOST_TEST((state(1, List::following) == ListState::complete));
  // The later one came short: its list goes back, and what the first confirmed stays.
  judge({followers, followers, false}, Verdict::again);
  BOOST_TEST((state(1) == ListState::unread));
  BOOST_TEST((state(1, List::following) == ListState::complete));
  BOOST_TEST(follows(2, 1));
  check();
}

BOOST_AUTO_TEST_CASE(a_question_that_came_short_takes_the_pages_of_later_ones_back) {
  begin_followers();
  judge({static_cast<std::uint8_t>(following | repositories), 7, false}, Verdict::again);
  for (const List list : {List::followers, List::following, List::repositories}) {
    BOOST_TEST((state(1, list) == ListState::unread));
  }
  // The last page of what was given up says nothing.
  end_followers();
  BOOST_TEST((state(1) == ListState::unread));
  BOOST_TEST(user(1).place.has_value());
  check();
}

BOOST_AUTO_TEST_CASE(what_rest_ended_is_complete_and_not_for_the_batch_to_judge) {
  begin_followers();
  end_followers();
  // REST read whom it follows; the rest waits for its batch.
  judge({following, following, false}, Verdict::complete);
  BOOST_TEST((state(1, List::following) == ListState::complete));
  BOOST_TEST((state(1) == ListState::unconfirmed));
  BOOST_TEST((state(1, List::repositories) == ListState::unconfirmed));
  judge({static_cast<std::uint8_t>(followers | repositories), 7, false}, Verdict::again);
  BOOST_TEST((state(1, List::following) == ListState::complete));
  BOOST_TEST((state(1) == ListState::unread));
  BOOST_TEST((state(1, List::repositories) == ListState::unread));
  check();
}

BOOST_AUTO_TEST_CASE(of_waiting_questions_only_one_may_confirm_a_list) {
  simulators::GithubSettings github;
  github.quota.core = 4;  // REST waits most of the time
  github.quota.window_ms = 600'000;
  test::DiscoveryWorld world(github);
  world.make_people(420, 700);
  for (int i = 100; i < 420; ++i) world.follow("u" + std::to_string(i), "u0");
  world.name_seed("u0");
  std::size_t at_once = 0, twice = 0;
  world.before_github = [&](const http::Request&) {
    const Crawl crawl = world.cursor();
    at_once = std::max(at_once, crawl.batches.size());
    std::map<UserId, std::uint8_t> confirmed;
    for (const Batch& batch : crawl.batches) {
      for (const auto& [id, marks] : batch.lists) {
        twice += (confirmed[id] & marks.ended) != 0 ? 1U : 0U;
        confirmed[id] |= marks.ended;
      }
    }
  };
  BOOST_TEST((world.crawl().state == storage::JobState::done));
  BOOST_TEST(at_once == 3U);
  BOOST_TEST(twice == 0U);
  world.expect(world.truth({"u0"}));
  BOOST_TEST(world.lists_in(ListState::complete) == 1'260U);
  world.check();
}

BOOST_AUTO_TEST_SUITE_END()
