// The idea is that of google/leveldb's fault_injection_test: fail the n-th thing done to the disk,
// for every n, and look at what a start finds afterwards.

#include "tests/storage/faulty_store.hpp"

namespace tidemark::storage {
namespace {

constexpr int transactions = 14;
constexpr int sync_every = 3;

// What was promised to the caller when the run ended.
struct Promised {
  int tried = 0, acknowledged = 0, on_disk = 0;
  bool failed = false;
};

Promised run_until_failure(test::FaultyStore& store) {
  Promised promised;
  try {
    store.open();
    while (promised.tried < transactions) {
      store.put(++promised.tried);
      promised.acknowledged = promised.tried;
      if (promised.tried % sync_every != 0) continue;
      store.engine().sync();
      promised.on_disk = promised.tried;
    }
  } catch (const StoreError&) {
    promised.failed = true;
  }
  return promised;
}

template <class Disaster>
void fail_everything_once(Disaster disaster) {
  bool failed = true;
  int runs = 0;
  for (; failed; ++runs) {
    BOOST_TEST_CONTEXT("operation " << runs << " fails") {
      test::FaultyStore store;
      store.files->fail_at = runs;
      const Promised promised = run_until_failure(store);
      failed = store.files->operations() > runs;
      disaster(store, promised);
    }
  }
  BOOST_TEST(runs > 2 * transactions, "the faults did not reach the writes");
}

BOOST_AUTO_TEST_CASE(after_any_failed_operation_a_start_shows_what_was_acknowledged) {
  fail_everything_once([](test::FaultyStore& store, const Promised& promised) {
    store.kill();
    store.open();
    const int count = store.count();
    BOOST_TEST(count >= promised.acknowledged);
    BOOST_TEST(count <= promised.tried);
    BOOST_REQUIRE_NO_THROW(store.put(count + 1));
  });
}

BOOST_AUTO_TEST_CASE(after_any_failed_operation_and_a_power_cut_a_start_shows_what_was_synced) {
  fail_everything_once([](test::FaultyStore& store, const Promised& promised) {
    store.cut_power();
    store.open();
    const int count = store.count();
    BOOST_TEST(count >= promised.on_disk);
    BOOST_TEST(count <= promised.tried);
    BOOST_REQUIRE_NO_THROW(store.put(count + 1));
  });
}

BOOST_AUTO_TEST_CASE(a_power_cut_does_take_what_nobody_synced) {
  test::FaultyStore store;
  store.open();
  store.put(1);
  store.engine().sync();
  store.put(2);
  store.cut_power();
  store.open();
  BOOST_TEST(store.count() == 1);
}

BOOST_AUTO_TEST_CASE(a_failed_write_is_fatal_until_a_restart_but_reads_go_on) {
  test::FaultyStore store;
  store.open();
  store.put(1);
  store.files->fail_at = store.files->operations();
  BOOST_CHECK_THROW(store.put(2), StoreError);
  BOOST_TEST(store.count() == 1);
  BOOST_CHECK_THROW(store.put(2), StoreError);
  store.kill();
  store.open();
  const int count = store.count();
  BOOST_TEST(count == 1);
  BOOST_CHECK_NO_THROW(store.put(2));
}

}  // namespace
}  // namespace tidemark::storage
