#include "storage/store.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <latch>
#include <thread>

#include "storage/rocks/open.hpp"
#include "tests/storage/folder.hpp"
#include "tests/support/run.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::storage {
namespace {

namespace asio = boost::asio;

// In memory, with a sync that takes as long as a slow disk's and can be made to fail.
class SlowDisk final : public Engine {
 public:
  void read(const std::function<void(const Reader&)>& body) override { inner_->read(body); }
  void write(const std::function<void(Writer&)>& body) override {
    inner_->write(body);
    ++writes;
  }
  void sync() override {
    const std::uint64_t covered = writes;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ++syncs;
    if (fails) throw StoreError("the disk is gone");
    on_disk = covered;
  }
  [[nodiscard]] Statistics statistics() const override { return inner_->statistics(); }

  std::atomic<std::uint64_t> writes = 0, syncs = 0, on_disk = 0;
  std::atomic<bool> fails = false;

 private:
  std::unique_ptr<Engine> inner_ = open_rocks_in_memory();
};

struct StoreOnSlowDisk {
  SlowDisk disk;
  std::unique_ptr<Pool> pool = make_thread_pool(3, 1'000);
  Store store{disk, *pool};
  asio::io_context context{1};

  asio::awaitable<void> put(std::string key, Durability durability) {
    auto body = [key](Writer& writer) { writer.put(Table::facts, key, "x"); };
    co_await store.write(durability, std::move(body));
  }
  void spawn(asio::awaitable<void> task) {
    asio::co_spawn(context, std::move(task), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }
};

BOOST_FIXTURE_TEST_SUITE(store_on_a_slow_disk, StoreOnSlowDisk)

BOOST_AUTO_TEST_CASE(the_number_of_writes_rises_with_each_before_its_writer_knows) {
  auto body = [this]() -> asio::awaitable<void> {
    const std::uint64_t before = store.writes();
    for (const Durability durability : {Durability::soon, Durability::now}) {
      const std::uint64_t then = store.writes();
      co_await put("a", durability);
      BOOST_TEST(store.writes() > then);
    }
    co_await store.write_from_reserve([](Writer& writer) { writer.put(Table::facts, "b", "x"); });
    BOOST_TEST(store.writes() == before + 3);
    co_await store.read([](const Reader&) {});
    co_await store.synced();
    BOOST_TEST(store.writes() == before + 3);
    disk.fails = true;  // what was written is visible all the same
    BOOST_CHECK_THROW(co_await put("c", Durability::now), StoreError);
    BOOST_TEST(store.writes() == before + 4);
  };
  tidemark::test::run(body);
}

BOOST_AUTO_TEST_CASE(reads_and_writes_return_what_their_bodies_return) {
  auto body = [this]() -> asio::awaitable<void> {
    auto increment = [](Writer& writer) {
      writer.put(Table::meta, "a", "1");
      return std::string("written");
    };
    const std::string written = co_await store.write(Durability::soon, increment);
    BOOST_TEST(written == "written");
    auto find = [](const Reader& reader) { return reader.get(Table::meta, "a"); };
    const std::optional<std::string> found = co_await store.read(find);
    BOOST_TEST(found.value() == "1");
  };
  tidemark::test::run(body);
  BOOST_TEST(disk.syncs == 0u);
}

BOOST_AUTO_TEST_CASE(a_hundred_concurrent_durable_writes_share_few_syncs) {
  int ended = 0;
  auto durable = [&](int number) -> asio::awaitable<void> {
    co_await put(std::to_string(number), Durability::now);
    ++ended;
  };
  for (int number = 0; number < 100; ++number) spawn(durable(number));
  context.run();
  BOOST_TEST(ended == 100);
  BOOST_TEST(disk.writes == 100u);
  BOOST_TEST(disk.on_disk == 100u);
  BOOST_TEST(disk.syncs >= 1u);
  BOOST_TEST(disk.syncs <= 20u);
}

BOOST_AUTO_TEST_CASE(a_durable_write_returns_only_after_a_sync_that_began_later) {
  std::uint64_t unsynced = 0;
  auto worker = [&](int worker_number) -> asio::awaitable<void> {
    for (int count = 0; count < 10; ++count) {
      std::uint64_t made = 0;
      auto body = [&](Writer& writer) {
        writer.put(Table::facts, std::to_string(worker_number), std::to_string(count));
        made = disk.writes + 1;  // at least: this one is counted after us
      };
      co_await store.write(Durability::now, body);
      if (disk.on_disk < made) ++unsynced;
    }
  };
  for (int number = 0; number < 8; ++number) spawn(worker(number));
  context.run();
  BOOST_TEST(unsynced == 0u);
}

BOOST_AUTO_TEST_CASE(a_failed_sync_fails_every_durable_write_that_waited_for_it) {
  disk.fails = true;
  int failed = 0;
  auto durable = [&](int number) -> asio::awaitable<void> {
    try {
      co_await put(std::to_string(number), Durability::now);
    } catch (const StoreError&) {
      ++failed;
    }
  };
  for (int number = 0; number < 20; ++number) spawn(durable(number));
  context.run();
  BOOST_TEST(failed == 20);
  disk.fails = false;
  context.restart();
  spawn(put("later", Durability::now));
  BOOST_CHECK_NO_THROW(context.run());
}

BOOST_AUTO_TEST_CASE(a_body_that_throws_needs_no_sync) {
  auto body = [this]() -> asio::awaitable<void> {
    bool thrown = false;
    auto failing = [](Writer&) { throw std::out_of_range("no such member"); };
    try {
      co_await store.write(Durability::now, failing);
    } catch (const std::out_of_range&) {
      thrown = true;
    }
    BOOST_TEST(thrown);
  };
  tidemark::test::run(body);
  BOOST_TEST(disk.syncs == 0u);
}

BOOST_AUTO_TEST_CASE(a_cancellation_does_not_lose_the_result_of_a_durable_write) {
  asio::cancellation_signal signal;
  std::latch started(1), cancelled(1);
  int result = 0;
  auto body = [&]() -> asio::awaitable<void> {
    auto work = [&](Writer& writer) {
      started.count_down();
      cancelled.wait();
      writer.put(Table::meta, "a", "1");
      return 42;
    };
    result = co_await store.write(Durability::now, work);
  };
  auto ended = [](std::exception_ptr failure) { BOOST_TEST(!failure); };
  asio::co_spawn(context, body(), asio::bind_cancellation_slot(signal.slot(), ended));
  auto cancel = [&] {
    started.wait();
    signal.emit(asio::cancellation_type::all);
    cancelled.count_down();
  };
  asio::post(context, [&] { asio::post(context, cancel); });
  context.run();
  BOOST_TEST(result == 42);
  BOOST_TEST(disk.on_disk == 1u);
}

BOOST_AUTO_TEST_CASE(flush_puts_earlier_writes_on_disk) {
  auto body = [this]() -> asio::awaitable<void> {
    co_await put("a", Durability::soon);
    BOOST_TEST(disk.on_disk == 0u);
    co_await store.flush();
    BOOST_TEST(disk.on_disk == 1u);
  };
  tidemark::test::run(body);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_store_may_end_as_soon_as_its_last_caller_is_answered) {
  const auto engine = open_rocks_in_memory();
  for (int count = 0; count < 200; ++count) {
    const auto pool = make_thread_pool(2, 10);
    auto body = [&]() -> asio::awaitable<void> {
      Store store(*engine, *pool);
      auto put = [](Writer& writer) { writer.put(Table::meta, "a", "1"); };
      co_await store.write(Durability::now, put);
    };
    tidemark::test::run(body);
  }
}

BOOST_AUTO_TEST_CASE(a_full_pool_refuses_a_write_before_anything_of_it_is_done) {
  const auto engine = open_rocks_in_memory();
  const auto pool = make_thread_pool(1, 0);
  Store store(*engine, *pool);
  auto body = [&]() -> asio::awaitable<void> {
    bool refused = false;
    auto put = [](Writer& writer) { writer.put(Table::meta, "a", "1"); };
    try {
      co_await store.write(Durability::now, put);
    } catch (const PoolFull&) {
      refused = true;
    }
    BOOST_TEST(refused);
    co_await store.synced();  // never refused
  };
  tidemark::test::run(body);
  BOOST_TEST(engine->statistics().writes == 0u);
}

BOOST_AUTO_TEST_CASE(durable_writes_work_on_a_simulated_loop) {
  SlowDisk disk;
  const auto pool = make_inline_pool();
  Store store(disk, *pool);
  tidemark::test::Simulation simulation(tidemark::test::test_seed());
  auto body = [&]() -> async::Task<void> {
    auto put = [](Writer& writer) {
      writer.put(Table::meta, "a", "1");
      return 7;
    };
    const int answer = co_await store.write(Durability::now, put);
    BOOST_TEST(answer == 7);
    co_await store.synced();
  };
  simulation.run(body);
  BOOST_TEST(disk.on_disk == 1u);
  BOOST_TEST(disk.syncs == 2u);
}

BOOST_AUTO_TEST_CASE(an_engine_on_disk_counts_its_shared_syncs) {
  const test::Folder folder;
  const auto engine = open_rocks(folder.store(), RocksOptions());
  const auto pool = make_thread_pool(3, 1'000);
  Store store(*engine, *pool);
  asio::io_context context(1);
  auto durable = [&](int number) -> asio::awaitable<void> {
    auto put = [number](Writer& writer) { writer.put(Table::facts, std::to_string(number), "x"); };
    co_await store.write(Durability::now, put);
  };
  for (int number = 0; number < 100; ++number) {
    asio::co_spawn(context, durable(number), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }
  context.run();
  BOOST_TEST(engine->statistics().writes == 100u);
  BOOST_TEST(engine->statistics().syncs <= 60u);
}

}  // namespace
}  // namespace tidemark::storage
