// What the store costs on top of RocksDB with the same options: hop, transaction, group commit.

#include "storage/store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <random>

#include "storage/codec.hpp"
#include "storage/migrations.hpp"
#include "storage/rocks/database.hpp"
#include "tests/bench/report.hpp"
#include "tests/storage/folder.hpp"

namespace tidemark::bench {
namespace {

namespace asio = boost::asio;
using namespace storage;  // NOLINT: a program of one file
using Clock = std::chrono::steady_clock;

constexpr int rounds = 5;
constexpr std::chrono::milliseconds slice(220);
constexpr std::uint64_t stored_rows = 20'000;
constexpr int rows_per_transaction = 100;
constexpr std::size_t pool_threads = 3;
const std::string row_value(100, 'v');

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Calls `step` for one slice of time; operations per second.
template <class Step>
double rate(Step step) {
  const auto start = Clock::now();
  std::uint64_t count = 0;
  while (Clock::now() - start < slice) count += step();
  return static_cast<double>(count) / seconds_since(start);
}

std::string row_key(std::uint64_t number) { return KeyWriter().u64(7).u64(number).bytes(); }

// RocksDB with our options, used directly by one thread.
class Raw {
 public:
  explicit Raw(const std::filesystem::path& folder)
      : database_(folder.string(), rocks::make_settings(RocksOptions()),
                  rocks::Database::Access::full) {}

  std::uint64_t write(int rows, bool sync) {
    rocksdb::WriteBatch batch;
    for (int row = 0; row < rows; ++row) batch.Put(family_, key(next_++), row_value);
    rocksdb::WriteOptions options;
    options.sync = sync;
    if (!database_.db().Write(options, &batch).ok()) throw StoreError("raw write");
    return 1;
  }
  std::uint64_t read(std::uint64_t number) {
    std::string value;
    const auto status = database_.db().Get(rocksdb::ReadOptions(), family_, key(number), &value);
    if (!status.ok()) throw StoreError("raw read");
    return 1;
  }

 private:
  static std::string key(std::uint64_t number) {
    return rocks::full_key(Table::files, row_key(number));
  }
  rocks::Database database_;
  rocksdb::ColumnFamilyHandle* family_ = database_.family(Table::files);
  std::uint64_t next_ = stored_rows;
};

// The same through Store, from coroutines of one loop.
class Ours {
 public:
  explicit Ours(const std::filesystem::path& folder)
      : engine_(open_rocks(folder, RocksOptions())),
        pool_(make_thread_pool(pool_threads, 1'000)),
        store_(*engine_, *pool_) {}

  void fill() {
    engine_->write([](Writer& writer) {
      for (std::uint64_t row = 0; row < stored_rows; ++row) {
        writer.put(Table::files, row_key(row), row_value);
      }
    });
  }

  double writes(int coroutines, int rows, Durability durability) {
    auto one = [this, rows, durability]() -> asio::awaitable<std::uint64_t> {
      auto body = [this, rows](Writer& writer) {
        for (int row = 0; row < rows; ++row) writer.put(Table::files, row_key(next_++), row_value);
      };
      co_await store_.write(durability, body);
      co_return 1;
    };
    return concurrently(coroutines, one);
  }

  double reads(int coroutines, int gets_per_hop) {
    auto one = [this, gets_per_hop]() -> asio::awaitable<std::uint64_t> {
      const std::uint64_t seed = random_();
      auto body = [seed, gets_per_hop](const Reader& reader) {
        for (int get = 0; get < gets_per_hop; ++get) {
          const auto row = (seed + static_cast<std::uint64_t>(get) * 7'919) % stored_rows;
          if (!reader.get(Table::files, row_key(row))) throw StoreError("our read");
        }
      };
      co_await store_.read(body);
      co_return static_cast<std::uint64_t>(gets_per_hop);
    };
    return concurrently(coroutines, one);
  }

 private:
  template <class One>
  double concurrently(int coroutines, One one) {
    asio::io_context context(1);
    std::uint64_t count = 0;
    const auto start = Clock::now();
    auto repeat = [&]() -> asio::awaitable<void> {
      while (Clock::now() - start < slice) {
        const std::uint64_t done = co_await one();
        count += done;
      }
    };
    for (int number = 0; number < coroutines; ++number) {
      asio::co_spawn(context, repeat, [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
      });
    }
    context.run();
    return static_cast<double>(count) / seconds_since(start);
  }

  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Pool> pool_;
  Store store_;
  std::mt19937_64 random_{1};
  std::uint64_t next_ = stored_rows;
};

// Opens per second: an open that takes half as long counts twice.
double opens(const std::filesystem::path& folder) {
  return rate([&folder] {
    const auto engine = open_rocks(folder, RocksOptions());
    migrate(*engine, migrations(), "store");
    return 1;
  });
}
double raw_opens(const std::filesystem::path& folder) {
  return rate([&folder] {
    const Raw raw(folder);
    return 1;
  });
}

struct Measures {
  Measure durable_1{"durable_transactions_1_coroutine", "1/s vs raw sync", 0.6};
  Measure durable_8{"durable_transactions_8_coroutines", "1/s vs raw sync", 2};
  Measure durable_64{"durable_transactions_64_coroutines", "1/s vs raw sync", 8};
  Measure hundred{"transactions_of_100_rows", "1/s vs raw batch", 0.5};
  Measure reads_1{"point_reads_1_per_hop", "1/s vs raw Get", 0.25};
  Measure reads_100{"point_reads_100_per_hop", "1/s vs raw Get", 0.8};
  Measure open{"store_opens_with_migrations", "1/s vs raw open", 0.7};

  [[nodiscard]] std::vector<Measure> all() const {
    return {durable_1, durable_8, durable_64, hundred, reads_1, reads_100, open};
  }
};

void measure_round(Measures& measures, Ours& ours, Raw& raw, std::uint64_t seed) {
  const double raw_sync = rate([&raw] { return raw.write(1, true); });
  measures.durable_1.add(ours.writes(1, 1, Durability::now), raw_sync);
  measures.durable_8.add(ours.writes(8, 1, Durability::now), raw_sync);
  measures.durable_64.add(ours.writes(64, 1, Durability::now), raw_sync);
  const double raw_batch = rate([&raw] { return raw.write(rows_per_transaction, false); });
  measures.hundred.add(ours.writes(16, rows_per_transaction, Durability::soon), raw_batch);
  std::mt19937_64 random(seed);
  const double raw_get = rate([&] { return raw.read(random() % stored_rows); });
  measures.reads_1.add(ours.reads(16, 1), raw_get);
  measures.reads_100.add(ours.reads(16, 100), raw_get);
}

int compare(bool json) {
  const storage::test::Folder our_folder, raw_folder, opened_folder, raw_opened_folder;
  Ours ours(our_folder.store());
  Ours(raw_folder.store()).fill();
  Raw raw(raw_folder.store());
  ours.fill();
  for (const auto* folder : {&opened_folder, &raw_opened_folder}) Ours(folder->store()).fill();
  (void)opens(opened_folder.store());  // the first one migrates and flushes
  Measures measures;
  for (int round = 0; round < rounds; ++round) {
    measure_round(measures, ours, raw, static_cast<std::uint64_t>(round));
    measures.open.add(opens(opened_folder.store()), raw_opens(raw_opened_folder.store()));
  }
  return print(measures.all(), json) ? 0 : 1;
}

}  // namespace
}  // namespace tidemark::bench

int main(int count, char** arguments) {
  return tidemark::bench::compare(tidemark::bench::words_of(count, arguments).json);
}
