#include <boost/test/unit_test.hpp>

#include "storage/repositories.hpp"
#include "storage/weeks.hpp"
#include "tests/jobs/private_room.hpp"

// What is private at GitHub reaches neither the store nor a file of who shares public work only,
// whatever the token may see.

using namespace tidemark;  // NOLINT: a test of everything together
using test::PrivateRoom;

namespace {

constexpr std::int64_t now_s = 1'767'571'200;  // 2026-01-05: the simulation's start

struct Sharing : PrivateRoom {
  [[nodiscard]] bool asked_history(const std::string& name) const {
    return std::count(histories.begin(), histories.end(), name) > 0;
  }
  [[nodiscard]] std::size_t partial_weeks() {
    std::size_t count = 0;
    world.engine->read(
        [&](const storage::Reader& reader) { count = storage::week_counts(reader, id).partial; });
    return count;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(private_work, Sharing)

BOOST_AUTO_TEST_CASE(nothing_private_is_kept_of_who_shares_public_work_only) {
  sync();
  expect_none("cellar");
  BOOST_TEST(!asked_history("cellar"));
  BOOST_TEST(asked_history("garden"));
  const auto seen = world.seen(id);
  BOOST_TEST(seen.commits.size() == 4u);  // three in the garden, and the room's own
  BOOST_TEST(seen.issues == 1u);
  BOOST_TEST(seen.pull_requests == 1u);
  BOOST_TEST(seen.reviews == 1u);
  BOOST_TEST(seen.repositories >= 1u);
  BOOST_TEST(seen.incomplete.empty());
  BOOST_TEST(partial_weeks() == 0u);
  world.check();
}

BOOST_AUTO_TEST_CASE(later_runs_keep_nothing_private_either) {
  sync();
  world.pass(std::chrono::hours(24 * 21));
  work_in("mona/cellar", "cellar", now_s + 86'400);
  work_in("mona/garden", "garden", now_s + 86'400);
  sync();
  expect_none("cellar");
  BOOST_TEST(!asked_history("cellar"));
  BOOST_TEST(world.seen(id).issues == 2u);
  world.check();
}

BOOST_AUTO_TEST_CASE(who_shares_private_work_has_all_of_it) {
  share_private(true);
  sync();
  const auto seen = world.seen(id);
  BOOST_TEST(seen.commits.size() == 7u);
  BOOST_TEST(seen.issues == 2u);
  BOOST_TEST(seen.reviews == 2u);
  BOOST_TEST(!files_with("cellar").empty());
  world.check();
}

BOOST_AUTO_TEST_CASE(
    of_a_repository_that_becomes_private_what_was_public_stays_and_nothing_is_added) {
  sync();
  world.pass(std::chrono::hours(24 * 21));
  world.world.repository("mona/garden").is_private = true;
  work_in("mona/garden", "shed", now_s + 86'400);
  sync();
  expect_none("shed");
  const auto seen = world.seen(id);
  BOOST_TEST(seen.commits.size() == 4u);
  BOOST_TEST(seen.issues == 1u);
  BOOST_TEST(seen.incomplete.empty());
  // Known to be private, it is not asked for any more.
  world.pass(std::chrono::hours(24 * 7));
  work_in("mona/garden", "shed", now_s + 22 * 86'400);
  sync();
  BOOST_TEST(!asked_history("garden"));
  expect_none("shed");
  for (const auto* file : world.openhumans.files(id)) {
    BOOST_TEST(file->content.find("\"private\":true") == std::string::npos, file->basename);
  }
  world.check();
}

BOOST_AUTO_TEST_CASE(a_repository_that_becomes_public_is_read_from_then_on) {
  sync();
  world.pass(std::chrono::hours(24 * 21));
  world.world.repository("mona/cellar").is_private = false;
  work_in("mona/cellar", "cellar", now_s + 86'400);
  sync();
  const auto seen = world.seen(id);
  BOOST_TEST(seen.commits.size() == 10u);
  BOOST_TEST(seen.issues == 2u);  // and the old one when its window is asked again
  world.check();
}

BOOST_AUTO_TEST_CASE(one_that_was_public_private_and_is_public_again_is_whole) {
  sync();
  world.pass(std::chrono::hours(24 * 21));
  world.world.repository("mona/garden").is_private = true;
  work_in("mona/garden", "garden", now_s + 86'400);
  sync();
  BOOST_TEST(world.seen(id).commits.size() == 4u);
  world.pass(std::chrono::hours(24 * 21));
  world.world.repository("mona/garden").is_private = false;
  work_in("mona/garden", "garden", now_s + 22 * 86'400);
  sync();
  world.pass(std::chrono::hours(24 * 21));
  sync();
  BOOST_TEST(world.seen(id).commits.size() == 10u);
  world.check();
}

BOOST_AUTO_TEST_CASE(files_with_private_work_are_not_taken_over_after_a_lost_store) {
  share_private(true);
  sync();
  BOOST_TEST(!files_with("cellar").empty());
  world.lose_store(id);  // and with it the choice: the new one is public work only
  sync();
  expect_none("cellar");
  BOOST_TEST(world.seen(id).commits.size() == 4u);
  BOOST_TEST(!world.file_bytes(id).empty());
  world.check();
}

BOOST_AUTO_TEST_CASE(files_without_private_work_are_taken_over_after_a_lost_store) {
  sync();
  const auto before = world.file_bytes(id);
  const std::uint64_t sent = world.openhumans.find_member(id)->bytes_put;
  world.lose_store(id);
  sync();
  BOOST_TEST((world.file_bytes(id) == before));
  BOOST_TEST(world.openhumans.find_member(id)->bytes_put == sent);
  world.check();
}

BOOST_AUTO_TEST_SUITE_END()
