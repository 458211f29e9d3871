#include "tests/bench/graph_store.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>

#include "storage/graph/edge_rows.hpp"
#include "storage/migrations.hpp"
#include "storage/rocks/database.hpp"
#include "storage/store.hpp"
#include "tests/bench/graph_edges.hpp"

namespace tidemark::bench {
namespace {

namespace asio = boost::asio;
namespace graph = storage::graph;
using Clock = std::chrono::steady_clock;

constexpr int slices = 20;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::uint64_t edges_in(const EdgeBatches& batches) {
  std::uint64_t edges = 0;
  for (const auto& batch : batches) edges += batch.size();
  return edges;
}

// RocksDB with our options, used directly. What is not RocksDB's work, making and sorting the keys,
// does not count.
class Raw {
 public:
  explicit Raw(const std::filesystem::path& folder)
      : database_(folder.string(), storage::rocks::make_settings(storage::RocksOptions()),
                  storage::rocks::Database::Access::full) {}

  double seconds_for(const EdgeBatches& batches) {
    double seconds = 0;
    for (const auto& batch : batches) {
      const auto keys = keys_of(batch);
      const auto start = Clock::now();
      rocksdb::WriteBatch rows;
      for (const std::string& key : keys) rows.Put(family_, key, rocksdb::Slice());
      rocksdb::WriteOptions options;
      options.sync = true;
      if (!database_.db().Write(options, &rows).ok()) throw storage::StoreError("raw write");
      seconds += seconds_since(start);
    }
    return seconds;
  }
  // Everything on its deepest level.
  void merge() {
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    if (!database_.db().CompactRange(options, family_, nullptr, nullptr).ok())
      throw storage::StoreError("raw merge");
  }
  std::uint64_t table_bytes() {
    if (!database_.db().Flush(rocksdb::FlushOptions(), family_).ok())
      throw storage::StoreError("raw flush");
    std::vector<rocksdb::LiveFileMetaData> files;
    database_.db().GetLiveFilesMetaData(&files);
    std::uint64_t bytes = 0;
    for (const auto& file : files) {
      if (file.column_family_name == family_->GetName()) bytes += file.size;
    }
    return bytes;
  }

 private:
  static std::vector<std::string> keys_of(const std::vector<graph::Edge>& batch) {
    std::vector<std::string> keys;
    for (const auto direction : {graph::Direction::outgoing, graph::Direction::incoming}) {
      for (const graph::Edge& edge : batch) {
        const auto key = graph::edge_key(row_of(graph::EdgeKind::follows, direction, edge));
        keys.push_back(storage::rocks::full_key(storage::Table::graph_edges, key));
      }
    }
    std::sort(keys.begin(), keys.end());
    return keys;
  }

  storage::rocks::Database database_;
  rocksdb::ColumnFamilyHandle* family_ = database_.family(storage::rocks::Family::edges);
};

// The daemon's way: one transaction after another, each on disk before the next.
class Ours {
 public:
  explicit Ours(const std::filesystem::path& folder)
      : engine_(storage::open_rocks(folder, storage::RocksOptions())) {
    (void)storage::migrate(*engine_, storage::migrations(), folder.string());
  }

  double seconds_for(const EdgeBatches& batches) {
    asio::io_context context(1);
    auto all = [&]() -> asio::awaitable<void> {
      for (const auto& batch : batches) {
        auto body = [&batch](storage::Writer& writer) {
          put_edges(writer, graph::EdgeKind::follows, batch);
        };
        co_await store_.write(storage::Durability::now, std::move(body));
      }
    };
    asio::co_spawn(context, all, [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
    const auto start = Clock::now();
    context.run();
    return seconds_since(start);
  }

 private:
  std::unique_ptr<storage::Engine> engine_;
  std::unique_ptr<storage::Pool> pool_ = storage::make_thread_pool(3, 1'000);
  storage::Store store_{*engine_, *pool_};
};

// By turns, so that a slice and its baseline saw the same machine.
void store_slices(GraphStoreFigures& figures, const std::filesystem::path& folder,
                  const std::vector<Rival>& rivals) {
  CrawledEdges crawl(figures.edges);
  Ours ours(folder / "store");
  Raw raw(folder / "raw");
  for (bool more = true; more;) {
    EdgeBatches batches;
    while (more && edges_in(batches) < figures.edges / slices) {
      batches.push_back(crawl.next_batch());
      more = !batches.back().empty();
    }
    if (!more) batches.pop_back();
    if (batches.empty()) break;
    const auto edges = static_cast<double>(edges_in(batches));
    const bool ours_first = figures.stored_per_s.size() % 2 == 0;
    if (ours_first) figures.stored_per_s.push_back(edges / ours.seconds_for(batches));
    figures.raw_per_s.push_back(edges / raw.seconds_for(batches));
    if (!ours_first) figures.stored_per_s.push_back(edges / ours.seconds_for(batches));
    for (std::size_t rival = 0; rival < rivals.size(); ++rival) {
      const double seconds = rivals[rival].seconds_for(batches);
      figures.rivals[rival].stored_per_s.push_back(edges / seconds);
    }
  }
}

}  // namespace

GraphStoreFigures measure_graph_store(std::uint64_t edges, const std::filesystem::path& folder,
                                      const std::vector<Rival>& rivals) {
  GraphStoreFigures figures;
  figures.edges = edges;
  const auto per_edge = [edges](auto bytes) {
    return static_cast<double>(bytes) / static_cast<double>(edges);
  };
  for (const Rival& rival : rivals) figures.rivals.push_back({rival.name, {}, 0, rival.both_ways});
  store_slices(figures, folder, rivals);
  std::filesystem::remove_all(folder / "raw");
  for (std::size_t rival = 0; rival < rivals.size(); ++rival) {
    figures.rivals[rival].bytes_per_edge = per_edge(rivals[rival].bytes());
  }
  Raw stored(folder / "store");
  figures.bytes_per_edge = per_edge(stored.table_bytes());
  stored.merge();
  figures.bytes_per_edge_merged = per_edge(stored.table_bytes());
  return figures;
}

std::vector<Measure> measures_of(const GraphStoreFigures& figures, const std::string& size) {
  std::vector<Measure> measures;
  const auto compare_speed = [&](const std::string& name, const std::string& unit, double aim,
                                 const std::vector<double>& others) {
    Measure& stored = measures.emplace_back(Measure{name + "_" + size, unit, aim});
    for (std::size_t slice = 0; slice < others.size(); ++slice) {
      stored.add(figures.stored_per_s[slice], others[slice]);
    }
  };
  compare_speed("edges_stored", "1/s vs raw RocksDB", 0.6, figures.raw_per_s);
  // One that cannot be asked from both ends is for people to see.
  for (const RivalFigures& rival : figures.rivals) {
    compare_speed("edges_stored_vs_" + rival.name, "1/s", 2, rival.stored_per_s);
    if (!rival.both_ways) measures.back().aim = Measure::Aim::none;
  }
  // A table that finds edges from one end holds one row an edge, ours two.
  for (const RivalFigures& rival : figures.rivals) {
    const double rows = rival.both_ways ? 1 : 2;
    const std::string what = rival.both_ways ? "bytes_per_edge" : "bytes_per_row";
    for (const bool merged : {false, true}) {
      const double bytes = merged ? figures.bytes_per_edge_merged : figures.bytes_per_edge;
      Measure measure{what + (merged ? "_merged_vs_" : "_vs_") + rival.name + "_" + size, "bytes",
                      0.1, Measure::Aim::at_most};
      measures.push_back(measure.add(bytes / rows, rival.bytes_per_edge));
    }
  }
  return measures;
}

}  // namespace tidemark::bench
