#include <boost/test/unit_test.hpp>
#include <cstdio>

#include "storage/files.hpp"
#include "storage/purge.hpp"
#include "storage/weeks.hpp"
#include "tests/jobs/private_room.hpp"

// Members who change what they share.

using namespace tidemark;  // NOLINT: a test of everything together
using jobs::sign_in::Arrival;
using jobs::sign_in::Arrived;
using test::Died;
using test::PrivateRoom;
using Life = PrivateRoom::Life;

namespace {

struct Choosing : PrivateRoom {
  // Chosen, and synced by that choice.
  void choose(const std::string& state, bool wants_private) {
    world.live([&](Life& life) -> async::Task<void> {
      const Arrived arrived = co_await arrive(
          life, from_github("mona", state, wants_private ? "repo" : ""), wants_private);
      BOOST_TEST((arrived.arrival == Arrival::done), arrived);
      life.runner.wake();
      const storage::Job job = co_await life.wait(id);
      BOOST_TEST((job.state == storage::JobState::done), job.last_error);
      (void)co_await life.wait_for("disconnect", id);
    });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(private_choice, Choosing)

BOOST_AUTO_TEST_CASE(who_no_longer_shares_private_work_has_none_of_it_in_store_or_files) {
  share_private(true);
  sync();
  BOOST_TEST(!files_with("cellar").empty());
  BOOST_TEST(world.seen(id).commits.size() == 7u);
  choose("s1", false);
  expect_none("cellar");
  BOOST_TEST(!world.member(id).wants_private);
  BOOST_TEST(world.seen(id).commits.size() == 4u);
  BOOST_TEST(world.seen(id).issues == 1u);
  sync();
  expect_none("cellar");
  world.check();
}

BOOST_AUTO_TEST_CASE(what_was_private_leaves_the_disk_at_once) {
  share_private(true);
  sync();
  choose("s1", false);
  world.live([&](Life& life) -> async::Task<void> {
    life.runner.wake();
    co_await life.pass(std::chrono::minutes(1));
  });
  world.engine->read(
      [](const storage::Reader& reader) { BOOST_TEST(!storage::is_purge_owed(reader)); });
}

BOOST_AUTO_TEST_CASE(the_old_files_go_before_anything_is_asked_at_github) {
  share_private(true);
  sync();
  std::size_t files_at_first_question = 99;
  const auto look = at_request;
  at_request = [&](const http::Request& request) {
    const bool question = request.target.find("graphql") != std::string::npos;
    if (question && files_at_first_question == 99) files_at_first_question = files();
    look(request);
  };
  choose("s1", false);
  BOOST_TEST(files_at_first_question == 0u);
}

BOOST_AUTO_TEST_CASE(files_that_the_store_does_not_know_go_as_well) {
  share_private(true);
  sync();
  world.engine->write([&](storage::Writer& writer) {
    for (const auto& file : storage::list_files(writer, id)) {
      storage::erase_file(writer, id, file.name);
    }
  });
  choose("s1", false);
  expect_none("cellar");
}

BOOST_AUTO_TEST_CASE(an_upload_that_nobody_counted_yet_does_not_appear_later) {
  share_private(true);
  world.live([&](Life& life) -> async::Task<void> {
    co_await life.enqueue(id);
    bool stored = false;
    while (!stored) {
      co_await life.pass(std::chrono::milliseconds(1));
      world.engine->read([&](const storage::Reader& reader) {
        const auto upload = storage::find_upload(reader, id);
        stored = upload && upload->phase == storage::UploadPhase::stored;
      });
    }
    const Arrived arrived = co_await arrive(life, from_github("mona", "s1"), false);
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    life.runner.wake();
    (void)co_await life.wait(id);
    co_await life.pass(std::chrono::minutes(10));
  });
  expect_none("cellar");
  BOOST_TEST(world.seen(id).commits.size() == 4u);
  world.check();
}

BOOST_AUTO_TEST_CASE(who_shares_private_work_from_now_on_has_all_of_it) {
  sync();
  BOOST_TEST(files_with("cellar").empty());
  world.live([&](Life& life) -> async::Task<void> {
    const Arrived arrived = co_await arrive(life, from_github("mona", "s1", "repo"), true);
    BOOST_TEST((arrived.arrival == Arrival::done), arrived);
    // Until it is read, no week is whole.
    world.engine->read([&](const storage::Reader& reader) {
      const auto counts = storage::week_counts(reader, id);
      BOOST_TEST(counts.partial > 0u);
      BOOST_TEST(counts.complete + counts.uploaded == 0u);
    });
    life.runner.wake();
    (void)co_await life.wait(id);
  });
  BOOST_TEST(world.seen(id).commits.size() == 7u);
  BOOST_TEST(world.seen(id).reviews == 2u);
  BOOST_TEST(world.seen(id).incomplete.empty());
  world.engine->read([&](const storage::Reader& reader) {
    BOOST_TEST(storage::week_counts(reader, id).partial == 0u);
  });
  world.check();
}

BOOST_AUTO_TEST_CASE(choices_may_change_back_and_forth) {
  for (const char* state : {"s1", "s2"}) {
    choose(std::string(state) + "a", true);
    BOOST_TEST(world.seen(id).commits.size() == 7u);
    choose(std::string(state) + "b", false);
    expect_none("cellar");
    BOOST_TEST(world.seen(id).commits.size() == 4u);
  }
  world.check();
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct MortalChoice : Choosing {
  explicit MortalChoice(bool shares) {
    share_private(shares);
    sync();
  }
  // False when the process died on the way.
  bool change_mind(const std::string& state, bool wants_private) {
    bool whole = false;
    world.live([&](Life& life) -> async::Task<void> {
      life.mortal = true;
      try {
        const Arrived arrived = co_await arrive(
            life, from_github("mona", state, wants_private ? "repo" : ""), wants_private);
        BOOST_TEST((arrived.arrival == Arrival::done), arrived);
        life.runner.wake();
        while (!engine->dead() && !whole) {
          co_await life.pass(std::chrono::milliseconds(20));
          const auto job = co_await life.job(id);
          whole = job && job->state == storage::JobState::done;
        }
      } catch (const Died&) {
        whole = false;
      }
    });
    return whole && !engine->dead();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(private_choice_crashes)

BOOST_AUTO_TEST_CASE(death_at_every_commit_of_a_change_ends_in_what_was_chosen) {
  for (const bool wants_private : {false, true}) {
    MortalChoice undisturbed(!wants_private);
    const std::uint64_t before = undisturbed.engine->writes();
    BOOST_TEST(undisturbed.change_mind("a", wants_private));
    const std::uint64_t writes = undisturbed.engine->writes() - before;
    const auto files = undisturbed.world.file_bytes(PrivateRoom::id);
    BOOST_TEST(writes >= 8u);
    for (std::uint64_t at = 1; at <= writes; ++at) {
      const bool after = at % 2 == 0;  // the other halves are the neighbours' but for a request
      MortalChoice mortal(!wants_private);
      mortal.engine->die_at(at, after);
      (void)mortal.change_mind("a", wants_private);
      mortal.engine->revive();
      BOOST_TEST_CONTEXT("at commit " << at << (after ? " after it" : " before it")) {
        BOOST_TEST(mortal.change_mind("b", wants_private));
        if (!wants_private) mortal.expect_none("cellar");
        BOOST_TEST((mortal.world.file_bytes(PrivateRoom::id) == files));
        mortal.world.check();
      }
    }
    std::printf("changes of what is shared, killed at each of %llu commits\n",
                static_cast<unsigned long long>(writes));
  }
}

BOOST_AUTO_TEST_SUITE_END()
