#include "storage/rocks/settings.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include "storage/rocks/cached_files.hpp"

namespace tidemark::storage::rocks {
namespace {

constexpr std::size_t kibibyte = 1024, mebibyte = 1024 * kibibyte;

rocksdb::DBOptions database_options(const RocksOptions& options) {
  rocksdb::DBOptions database;
  database.create_if_missing = true;
  database.create_missing_column_families = true;
  database.max_background_jobs = 2;
  database.db_write_buffer_size = 2 * options.write_buffer_bytes;
  database.max_total_wal_size = 8 * options.write_buffer_bytes;
  // Tables open at their first use, and few stay open: a fast start, and little memory.
  database.max_open_files = 128;
  // By default each family of a store starts sixteen threads to open its few tables.
  database.max_file_opening_threads = 1;
  database.skip_stats_update_on_db_open = true;
  database.skip_checking_sst_file_sizes_on_db_open = true;
  database.avoid_unnecessary_blocking_io = true;
  database.manifest_preallocation_size = 64 * 1024;
  // Each change of the tables writes the list of tables anew: an older list names keys of tables
  // that are gone, and a purge must not wait for the list to grow. It is about 200 bytes a table.
  database.max_manifest_file_size = 1;
  // Replaying the log ends at the first torn record: a write that failed half-way is not there.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // RocksDB's own log: warnings only, and never more than a megabyte of it.
  database.info_log_level = rocksdb::WARN_LEVEL;
  database.max_log_file_size = mebibyte / 2;
  database.keep_log_file_num = 2;
  // Off: they would keep a thread that wakes up for nothing.
  database.stats_dump_period_sec = 0;
  database.stats_persist_period_sec = 0;
  return database;
}

std::shared_ptr<rocksdb::TableFactory> table_factory(Family family,
                                                     std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = std::move(cache);
  // A row that is asked for is rarely the neighbour of the one before, and what the cache does not
  // hold must be unpacked by the block.
  table.block_size = (family == Family::edges ? 32 : 4) * kibibyte;
  table.format_version = 5;
  // A filter would cost an edge more than a byte, and nobody asks for edges one by one. Keys stand
  // in full: rows of one length repeat each other at one distance, which zstd packs into an eighth
  // less than rows of which RocksDB has already left out what they share with the one before.
  if (family == Family::edges) {
    table.block_restart_interval = 64;
    table.use_delta_encoding = false;
  } else {
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  }
  table.optimize_filters_for_memory = true;
  // Filters and indexes are cut into blocks and live in the cache too: with millions of rows they
  // would otherwise outgrow everything else in memory.
  table.cache_index_and_filter_blocks = true;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = family != Family::edges;
  table.pin_top_level_index_and_filter = true;
  return std::shared_ptr<rocksdb::TableFactory>(rocksdb::NewBlockBasedTableFactory(table));
}

// A batch of a crawl touches accounts everywhere, so that each merge of fresh tables rewrites all
// of the next level: that one is small, and many fresh tables are merged at a time.
void for_edges(rocksdb::ColumnFamilyOptions& settings) {
  const std::size_t memory = settings.write_buffer_size;
  // Half of a batch is spread over all accounts. Looking for places in a skip list that the
  // processor's cache does not hold takes longer than all else, so the memory is cut into small
  // lists that are written as one table; and since a batch comes sorted, a row is looked for from
  // the one before on, of the same table, kind and direction. Together a third less time an edge.
  constexpr std::size_t lists = 4, sorted_prefix = 3;
  settings.write_buffer_size = memory / lists;
  settings.min_write_buffer_number_to_merge = lists;
  settings.max_write_buffer_number = 2 * lists;
  settings.memtable_insert_with_hint_prefix_extractor.reset(
      rocksdb::NewFixedPrefixTransform(sorted_prefix));
  settings.compression = rocksdb::kZSTD;
  settings.bottommost_compression = rocksdb::kZSTD;
  settings.bottommost_compression_opts.enabled = true;
  settings.bottommost_compression_opts.level = 6;
  settings.max_bytes_for_level_base = 4 * memory;
  settings.target_file_size_base = 2 * memory;
  // A table is cut before it spans more than this of the next level: so the few scattered rows that
  // a purge looks for do not draw all of the family into one merge.
  settings.max_compaction_bytes = 4 * settings.target_file_size_base;
  settings.level0_file_num_compaction_trigger = 8;
  settings.level0_slowdown_writes_trigger = 32;
  settings.level0_stop_writes_trigger = 48;
}

rocksdb::ColumnFamilyOptions family_options(Family family, const RocksOptions& options) {
  rocksdb::ColumnFamilyOptions settings;
  settings.write_buffer_size = options.write_buffer_bytes;
  settings.arena_block_size = 64 * 1024;
  settings.max_write_buffer_number = 2;
  settings.target_file_size_base = 16 * mebibyte;
  settings.max_bytes_for_level_base = 64 * mebibyte;
  settings.level_compaction_dynamic_level_bytes = true;
  settings.compression = rocksdb::kLZ4Compression;
  if (family == Family::facts) settings.bottommost_compression = rocksdb::kZSTD;
  // What is asked for is there as a rule. On the last level, where nearly all rows lie, filters
  // would only take the room of rows in the cache.
  settings.optimize_filters_for_hits = family == Family::entities;
  if (family == Family::edges) for_edges(settings);
  return settings;
}

}  // namespace

Settings make_settings(const RocksOptions& options) {
  Settings settings;
  settings.database = database_options(options);
  settings.env =
      with_cached_files(options.env == nullptr ? *rocksdb::Env::Default() : *options.env);
  settings.database.env = settings.env.get();
  // A list of thirty accounts asks for thirty rows that lie in thirty blocks: those that are asked
  // for again and again are found by their key, without a filter, an index and a block each.
  settings.row_cache = rocksdb::NewLRUCache(options.row_cache_bytes, 0);
  settings.database.row_cache = settings.row_cache;
  // One shard: a small cache cut into many would refuse its larger blocks.
  settings.block_cache = rocksdb::NewLRUCache(options.block_cache_bytes, 0);
  for (std::size_t number = 0; number < family_count; ++number) {
    const auto family = static_cast<Family>(number);
    auto family_settings = family_options(family, options);
    family_settings.table_factory = table_factory(family, settings.block_cache);
    settings.families.emplace_back(family_names[number], family_settings);
  }
  return settings;
}

}  // namespace tidemark::storage::rocks
