#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tidemark::storage {

// The tables are documented in storage/schema.hpp. The numbers are on disk: never change one.
enum class Table : std::uint8_t {
  meta = 0,
  members = 1,
  secrets = 2,
  weeks = 3,
  facts = 4,
  files = 5,
  repositories = 6,
  cursors = 7,
  quota = 8,
  jobs = 9,
  job_keys = 10,
  job_queue = 11,
  schedules = 12,
  counts = 13,
  windows = 14,
  sessions = 15,
  sign_ins = 16,
  accounts = 17,
  graph_users = 18,
  graph_names = 19,
  graph_orders = 20,
  graph_edges = 21,
  graph_ended_edges = 22,
  graph_repositories = 23,
  graph_repository_owners = 24,
  graph_frontier = 25,
  graph_readings = 26,
  graph_seen = 27,
  graph_seeds = 28,
  graph_denied = 29,
  graph_capabilities = 30,
  graph_etags = 31,
};

// What the store cannot do for reasons outside this program. Fatal, but for DiskFull.
class StoreError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};
// No room for a write; nothing of it is kept. Later writes try again and succeed when there is
// room.
class DiskFull : public StoreError {
  using StoreError::StoreError;
};
// Bytes in the store that no codec accepts; names table and key.
class CorruptRecord : public StoreError {
  using StoreError::StoreError;
};

// One consistent view of the store.
class Reader {
 public:
  virtual ~Reader() = default;
  [[nodiscard]] virtual std::optional<std::string> get(Table table, std::string_view key) const = 0;
  // Keys in [from, until) in byte order, until `visit` returns false. An empty `until` means the
  // table's end. The views live only during the call.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  virtual void scan(Table table, std::string_view from, std::string_view until,
                    const Visit& visit) const = 0;
  // The same range from its end backwards.
  virtual void scan_backwards(Table table, std::string_view from, std::string_view until,
                              const Visit& visit) const = 0;
};

// A transaction under way: reads see its own writes. Writers run one at a time.
class Writer : public Reader {
 public:
  virtual void put(Table table, std::string_view key, std::string_view value) = 0;
  // For bulk: reads of this transaction may or may not see it, which spares an engine the search
  // tree of what was written. Before and after other writes of the same key it counts in order.
  virtual void put_unseen(Table table, std::string_view key, std::string_view value) {
    put(table, key, value);
  }
  virtual void erase(Table table, std::string_view key) = 0;
  // Every key in [from, until); how many there were.
  std::size_t erase_range(Table table, std::string_view from, std::string_view until);
  // What was erased in this range is to leave the disk as well: tells the next purge where to look.
  virtual void note_erased(Table table, std::string_view from, std::string_view until) {
    (void)table, (void)from, (void)until;
  }
};

// Takes what was erased off the disk, piece by piece, beside transactions. Must not outlive its
// engine.
class Purge {
 public:
  enum class Step {
    more,   // there is more to do
    done,   // no file holds any version of what was erased, nor the fact that it was
    later,  // not now (no room, or a reader that does not end): begin again in a while
  };
  virtual ~Purge() = default;
  // A piece: seconds at most.
  virtual Step step() = 0;
};

// An ordered, transactional key-value engine. Blocking: only Store calls it, on the storage pool. A
// body must not call its engine again: a write may have to open the store anew, and waits for
// readers.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual void read(const std::function<void(const Reader&)>& body) = 0;
  // The same on a thread that must never wait, as far as it needs neither a disk nor a lock that
  // somebody holds for long, and no more than some hundred rows. False: it did, and whatever `body`
  // did must not count; it may have run in part. What `body` throws is thrown.
  virtual bool try_read_in_memory(const std::function<void(const Reader&)>& body) {
    (void)body;
    return false;
  }
  // All of what `body` writes or nothing. When `body` throws, nothing is written. On return the
  // writes are visible and survive the death of the process; `sync` makes them survive a power cut.
  virtual void write(const std::function<void(Writer&)>& body) = 0;
  // The same, also when only the room is left that an engine keeps free; DiskFull when not even
  // that is.
  virtual void write_from_reserve(const std::function<void(Writer&)>& body) { write(body); }
  // Returns when every write that returned before this call is on disk.
  virtual void sync() = 0;
  // Of all that was erased before. `erasures`: how many transactions with Writer::note_erased the
  // disk is owed; those that this engine did not see since it was opened make it look everywhere.
  // An engine without files has nothing to do.
  [[nodiscard]] virtual std::unique_ptr<Purge> begin_purge(std::uint64_t erasures);

  struct Statistics {
    std::uint64_t bytes_on_disk = 0, memory_bytes = 0, writes = 0, syncs = 0;
  };
  [[nodiscard]] virtual Statistics statistics() const = 0;
};

}  // namespace tidemark::storage
