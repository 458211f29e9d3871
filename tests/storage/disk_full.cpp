#include "tests/storage/faulty_store.hpp"
#include "tests/storage/says.hpp"

namespace tidemark::storage {
namespace {

using test::says;

struct OnFaultyDisk : test::FaultyStore {
  OnFaultyDisk() {
    open();
    put(1);
  }
  void fill(std::uint64_t told_free_bytes) {
    files->tell_free_bytes = told_free_bytes;
    files->full = true;
  }
  void make_room() {
    files->full = false;
    files->tell_free_bytes = std::uint64_t{1} << 40;
  }
};

constexpr std::uint64_t plenty = std::uint64_t{1} << 40;

BOOST_FIXTURE_TEST_SUITE(a_full_disk, OnFaultyDisk)

BOOST_AUTO_TEST_CASE(keeps_nothing_of_a_write_and_takes_it_when_there_is_room) {
  fill(plenty);
  BOOST_CHECK_EXCEPTION(put(2), DiskFull, says("no restart is needed"));
  BOOST_TEST(count() == 1);
  make_room();
  BOOST_CHECK_NO_THROW(put(2));
  BOOST_TEST(count() == 2);
  engine().sync();
  cut_power();
  open();
  BOOST_TEST(count() == 2);
}

// RocksDB's own sync ends the process here.
BOOST_AUTO_TEST_CASE(does_not_keep_earlier_writes_from_being_synced) {
  fill(plenty);
  BOOST_CHECK_THROW(put(2), DiskFull);
  engine().sync();
  cut_power();
  open();
  BOOST_TEST(count() == 1);
}

BOOST_AUTO_TEST_CASE(is_met_again_and_again_while_reads_go_on) {
  fill(plenty);  // as under a quota: the file system claims to have room
  for (int attempt = 0; attempt < 4; ++attempt) {
    BOOST_CHECK_THROW(put(2), DiskFull);
    BOOST_TEST(count() == 1);
  }
  make_room();
  put(2);
  BOOST_TEST(count() == 2);
}

BOOST_AUTO_TEST_CASE(is_seen_before_the_log_can_tear) {
  files->tell_free_bytes = 63 * 1024 * 1024;
  BOOST_CHECK_EXCEPTION(
      {
        // The look at the free space may be a moment old.
        for (int number = 2; number < 100'000; ++number) put(number);
      },
      DiskFull, says("63 MiB are free, 64 are kept"));
  const int kept = count();
  BOOST_CHECK_THROW(put(kept + 1), DiskFull);
  make_room();
  BOOST_CHECK_NO_THROW(put(kept + 1));
  BOOST_TEST(count() == kept + 1);
}

BOOST_AUTO_TEST_CASE(leaves_room_for_the_few_writes_that_nobody_asks_for_again) {
  const auto write = [&](int number) {
    engine().write_from_reserve(
        [&](Writer& writer) { writer.put(Table::meta, std::to_string(number), "kept"); });
  };
  files->tell_free_bytes = 20 * 1024 * 1024;
  write(1);
  files->tell_free_bytes = 7 * 1024 * 1024;
  BOOST_CHECK_THROW(write(2), DiskFull);
  files->tell_free_bytes = 20 * 1024 * 1024;
  write(3);
}

BOOST_AUTO_TEST_CASE(that_is_killed_opens_again_when_there_is_room) {
  fill(plenty);
  BOOST_CHECK_THROW(put(2), DiskFull);
  kill();
  open();
  BOOST_TEST(count() == 1);
  BOOST_CHECK_NO_THROW(put(2));
}

BOOST_AUTO_TEST_SUITE_END()

// Retries as a suspended job does; opens again only when the daemon would have ended.
void insist(test::FaultyStore& store, int number) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    try {
      store.put(number);
      return;
    } catch (const DiskFull&) {
    }
  }
  BOOST_FAIL("transaction " << number << " was refused although there is room");
}

BOOST_AUTO_TEST_CASE(a_disk_full_for_a_moment_at_any_append_loses_nothing_and_needs_no_restart) {
  constexpr int transactions = 14;
  bool failed = true;
  for (int at = 0; failed; ++at) {
    BOOST_TEST_CONTEXT("append or sync " << at << " after opening finds the disk full") {
      test::FaultyStore store;
      store.open();
      store.files->fail_as_full = true;
      const std::int64_t fail_at = store.files->operations() + at;
      store.files->fail_at = fail_at;
      for (int number = 1; number <= transactions; ++number) insist(store, number);
      failed = store.files->operations() > fail_at;
      BOOST_TEST(store.count() == transactions);
      store.kill();
      store.open();
      BOOST_TEST(store.count() == transactions);
    }
  }
}

}  // namespace
}  // namespace tidemark::storage
