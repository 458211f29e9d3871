#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <future>
#include <set>
#include <thread>

#include "storage/rocks/open.hpp"
#include "storage/store.hpp"
#include "tests/storage/faulty_store.hpp"
#include "tests/storage/folder.hpp"
#include "tests/storage/look_aheads.hpp"
#include "tests/support/run.hpp"

namespace tidemark::storage {
namespace {

namespace asio = boost::asio;

std::string key_of(int number) { return std::to_string(100'000 + number); }

struct CachedStore {
  static constexpr int row_count = 20'000;

  explicit CachedStore(const std::filesystem::path& where = test::Folder::in_memory())
      : folder(where) {
    open();
    fill(*engine);
  }
  static void fill(Engine& engine) {
    for (int row = 0; row < row_count;) {
      engine.write([&](Writer& writer) {
        for (int left = 1'000; left > 0; --left, ++row) {
          writer.put(Table::files, key_of(row), "value of " + key_of(row));
        }
      });
    }
  }
  // Everything is on disk then, and nothing in memory.
  void open() {
    engine.reset();
    engine = open_rocks(folder.store(), RocksOptions());
  }

  // What was read, and on how many threads the body ran; `here`: the last of them is the caller's.
  struct Answer {
    std::optional<std::string> value;
    int runs = 0;
    bool here = false;
  };
  template <class Body>
  Answer read(Body body) {
    const auto pool = make_thread_pool(1, 10);
    Store store(*engine, *pool);
    Answer answer;
    auto task = [&]() -> asio::awaitable<void> {
      const auto caller = std::this_thread::get_id();
      auto counted = [&](const Reader& reader) {
        ++answer.runs;
        answer.here = std::this_thread::get_id() == caller;
        return body(reader);
      };
      answer.value = co_await store.read_cached(counted);
    };
    tidemark::test::run(task);
    return answer;
  }
  Answer get(int number) {
    return read(
        [number](const Reader& reader) { return reader.get(Table::files, key_of(number)); });
  }
  static std::optional<std::string> joined(const Reader& reader, int from, int until,
                                           bool backwards = false) {
    std::string values;
    const auto each = [&](std::string_view, std::string_view value) {
      values += value;
      return true;
    };
    if (backwards) {
      reader.scan_backwards(Table::files, key_of(from), key_of(until), each);
    } else {
      reader.scan(Table::files, key_of(from), key_of(until), each);
    }
    return values;
  }

  test::Folder folder;
  std::unique_ptr<Engine> engine;
};

// On a real file system, where the kernel tells what it holds of a file.
struct StoreOnDisk : CachedStore {
  StoreOnDisk() : CachedStore(std::filesystem::temp_directory_path()) {
    open();
    (void)get(1);  // the table is open then
  }
  void forget_what_the_kernel_holds() const {
    for (const auto& file : std::filesystem::directory_iterator(folder.store())) {
      const int descriptor = ::open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
      if (descriptor < 0) continue;  // merged meanwhile
      BOOST_TEST(::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0);
      ::close(descriptor);
    }
  }
  // A hundred rows that lie far apart.
  static std::optional<std::string> row_of_each_block(const Reader& reader) {
    std::string values;
    for (int row = 100; row < row_count; row += 200) {
      values += reader.get(Table::files, key_of(row)).value();
    }
    return values;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(read_cached, CachedStore)

BOOST_AUTO_TEST_CASE(a_row_on_disk_is_read_on_the_pool_and_the_next_time_here) {
  open();
  const Answer first = get(7'777);
  BOOST_TEST(first.value.value() == "value of " + key_of(7'777));
  BOOST_TEST(!first.here);
  BOOST_TEST(first.runs == 2);
  const Answer second = get(7'777);
  BOOST_TEST(second.value.value() == first.value.value());
  BOOST_TEST(second.here);
  BOOST_TEST(second.runs == 1);
}

BOOST_AUTO_TEST_CASE(a_row_just_written_is_read_here) {
  engine->write([](Writer& writer) { writer.put(Table::files, key_of(5), "new"); });
  const Answer answer = get(5);
  BOOST_TEST(answer.value.value() == "new");
  BOOST_TEST(answer.here);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_found_either_way) {
  open();
  BOOST_TEST(!get(row_count + 5).value.has_value());
  BOOST_TEST(!get(row_count + 5).value.has_value());
}

BOOST_AUTO_TEST_CASE(a_page_is_the_same_from_disk_and_from_memory) {
  for (const bool backwards : {false, true}) {
    open();
    const auto page = [backwards](const Reader& reader) {
      return joined(reader, 12'000, 12'030, backwards);
    };
    const Answer cold = read(page), warm = read(page);
    BOOST_TEST(!cold.here);
    BOOST_TEST(warm.here);
    BOOST_TEST(cold.value.value() == warm.value.value());
    BOOST_TEST(cold.value.value().size() == 30 * ("value of " + key_of(0)).size());
  }
}

BOOST_AUTO_TEST_CASE(a_walk_that_leaves_what_is_in_memory_is_begun_again_on_the_pool) {
  open();
  (void)get(3'000);
  const auto page = [](const Reader& reader) { return joined(reader, 2'900, 3'400); };
  const Answer answer = read(page);
  BOOST_TEST(!answer.here);
  BOOST_TEST(answer.value.value().size() == 500 * ("value of " + key_of(0)).size());
}

BOOST_AUTO_TEST_CASE(a_long_walk_does_not_hold_up_the_caller) {
  const auto all = [](const Reader& reader) { return joined(reader, 0, row_count); };
  (void)read(all);
  const Answer answer = read(all);
  BOOST_TEST(!answer.here);
  BOOST_TEST(answer.value.value().size() == row_count * ("value of " + key_of(0)).size());
}

BOOST_AUTO_TEST_CASE(a_walk_past_very_many_erased_rows_does_not_hold_up_the_caller) {
  engine->write([](Writer& writer) {
    writer.erase_range(Table::files, key_of(100), key_of(row_count - 100));
  });
  const auto ends = [](const Reader& reader) {
    return joined(reader, 90, row_count - 90).value() +
           joined(reader, 90, row_count - 90, true).value();
  };
  (void)read(ends);
  const Answer answer = read(ends);
  BOOST_TEST(!answer.here);
  BOOST_TEST(answer.value.value().size() == 40 * ("value of " + key_of(0)).size());
}

BOOST_AUTO_TEST_CASE(a_walk_past_some_erased_rows_stays_here) {
  engine->write([](Writer& writer) { writer.erase_range(Table::files, key_of(100), key_of(200)); });
  const auto around = [](const Reader& reader) { return joined(reader, 90, 210); };
  (void)read(around);
  const Answer answer = read(around);
  BOOST_TEST(answer.here);
  BOOST_TEST(answer.value.value().size() == 20 * ("value of " + key_of(0)).size());
}

BOOST_AUTO_TEST_CASE(a_body_that_takes_a_miss_for_its_own_failure_is_not_believed) {
  open();
  const Answer answer = read([](const Reader& reader) {
    std::optional<std::string> value = "a guess";
    try {
      value = reader.get(Table::files, key_of(8'888));
    } catch (...) {
    }
    return value;
  });
  BOOST_TEST(answer.value.value() == "value of " + key_of(8'888));
}

BOOST_AUTO_TEST_CASE(what_a_body_throws_arrives) {
  (void)get(1);
  const auto failing = [](const Reader&) -> std::optional<std::string> {
    throw std::out_of_range("no such member");
  };
  BOOST_CHECK_THROW((void)read(failing), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(a_reader_that_takes_long_does_not_keep_others_from_memory) {
  (void)get(1);
  engine->read([&](const Reader&) {
    auto other = std::async(std::launch::async, [&] { return get(1).here; });
    BOOST_TEST(other.get());
  });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(a_row_that_the_kernel_holds_is_read_here, StoreOnDisk) {
  const Answer answer = get(12'345);
  BOOST_TEST(answer.value.value() == "value of " + key_of(12'345));
  BOOST_TEST(answer.here);
}

BOOST_FIXTURE_TEST_CASE(a_row_that_only_the_disk_holds_is_read_on_the_pool, StoreOnDisk) {
  forget_what_the_kernel_holds();
  const Answer answer = get(12'345);
  BOOST_TEST(answer.value.value() == "value of " + key_of(12'345));
  BOOST_TEST(!answer.here);
}

BOOST_FIXTURE_TEST_CASE(a_page_of_very_many_blocks_is_read_on_the_pool, StoreOnDisk) {
  const auto page = [](const Reader& reader) { return row_of_each_block(reader); };
  const Answer cold = read(page), warm = read(page);
  BOOST_TEST(!cold.here);
  BOOST_TEST(warm.here);
  BOOST_TEST(cold.value.value() == warm.value.value());
}

// RocksDB asks the file to look ahead from the third block of a walk on.
BOOST_AUTO_TEST_CASE(a_walk_looks_ahead_in_its_file_on_the_pool_only) {
  const test::LookAheads files;
  const test::Folder folder(std::filesystem::temp_directory_path());
  RocksOptions options;
  options.env = files.env.get();
  CachedStore::fill(*open_rocks(folder.store(), options));
  const auto engine = open_rocks(folder.store(), options);
  const auto walk = [](int from, int rows) {
    return [from, rows](const Reader& reader) {
      (void)CachedStore::joined(reader, from, from + rows);
    };
  };
  engine->read(walk(0, 500));
  BOOST_TEST(files.count() > 0U);
  const std::size_t before = files.count();
  engine->read(walk(CachedStore::row_count / 2, 1));  // the table and its index are there
  BOOST_TEST(engine->try_read_in_memory(walk(CachedStore::row_count / 2 + 1'000, 500)));
  BOOST_TEST(files.count() == before);
}

BOOST_AUTO_TEST_CASE(a_store_in_memory_always_hops_so_that_simulations_repeat) {
  const auto engine = open_rocks_in_memory();
  bool ran = false;
  BOOST_TEST(!engine->try_read_in_memory([&](const Reader&) { ran = true; }));
  BOOST_TEST(!ran);
}

// A writer that opens the store anew waits for readers, and lets no new ones in.
BOOST_AUTO_TEST_CASE(while_the_store_is_opened_anew_nobody_waits_for_memory) {
  test::FaultyStore store;
  store.open();
  store.put(1);
  store.files->full = true;
  BOOST_CHECK_THROW(store.put(2), DiskFull);
  store.files->full = false;
  const auto read = [&] {
    const auto count = [](const Reader& reader) { (void)reader.get(Table::counts, "count"); };
    const auto here = [&] { return store.engine().try_read_in_memory(count); };
    return std::async(std::launch::async, here).get();
  };
  // RocksDB may still be putting the row from memory into a table, as it does after a refusal.
  bool found = false;
  for (int look = 0; look < 2'000 && !found; ++look) found = store.count() == 1 && read();
  BOOST_TEST(found);
  std::future<void> writer;
  store.engine().read([&](const Reader&) {
    writer = std::async(std::launch::async, [&] { store.put(2); });
    // It stands at the door until this reader is gone; from then on there is no way past it.
    bool refused = false;
    for (int look = 0; look < 2'000 && !refused; ++look) {
      refused = !read();
      if (!refused) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    BOOST_TEST(refused);
  });
  writer.get();
  BOOST_TEST(store.count() == 2);
}

}  // namespace tidemark::storage
