#pragma once

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>

#include "storage/rocks/open.hpp"
#include "tests/storage/faulty_files.hpp"
#include "tests/storage/folder.hpp"

namespace tidemark::storage::test {

// A store on faulty files. Transaction n puts row n of the facts and n itself into the counts: two
// families, so that a torn transaction shows.
class FaultyStore {
 public:
  void open() {
    RocksOptions options;
    options.write_buffer_bytes = 64 * 1024;  // so that flushes happen, and fail, too
    options.env = env_.get();
    engine_ = open_rocks(folder_.store(), options);
  }
  // The process dies; what it wrote stays in the kernel's hands.
  void kill() {
    files->dead = true;
    engine_.reset();
    files->dead = false;
    files->fail_at = -1;
    files->full = false;
  }
  void cut_power() {
    kill();
    files->cut_power();
  }

  void put(int number) {
    engine_->write([number](Writer& writer) {
      writer.put(Table::facts, row_key(number), std::string(value_bytes, 'x'));
      writer.put(Table::counts, "count", std::to_string(number));
    });
  }
  // How many transactions are there; fails the test unless they are whole and without gap.
  int count() {
    int rows = 0;
    std::string counted;
    engine_->read([&](const Reader& reader) {
      counted = reader.get(Table::counts, "count").value_or("0");
      reader.scan(Table::facts, "", "", [&rows](std::string_view key, std::string_view value) {
        ++rows;
        BOOST_REQUIRE_EQUAL(key, row_key(rows));
        BOOST_REQUIRE_EQUAL(value.size(), value_bytes);
        return true;
      });
    });
    BOOST_REQUIRE_EQUAL(counted, std::to_string(rows));
    return rows;
  }
  Engine& engine() { return *engine_; }

  std::shared_ptr<FaultyFiles> files = std::make_shared<FaultyFiles>();

 private:
  static constexpr std::size_t value_bytes = 12'000;
  static std::string row_key(int number) { return std::to_string(1'000 + number); }

  Folder folder_{Folder::in_memory()};
  std::unique_ptr<rocksdb::Env> env_ = std::make_unique<FaultyEnv>(files);
  std::unique_ptr<Engine> engine_;
};

}  // namespace tidemark::storage::test
