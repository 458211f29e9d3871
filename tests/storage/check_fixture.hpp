#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "storage/rows.hpp"
#include "tests/storage/example_store.hpp"
#include "tests/storage/memory_store.hpp"

namespace tidemark::storage::test {

struct Row {
  Table table;
  std::string key, value;
};

// A sound store with a row of every form, to be damaged.
struct CheckFixture : MemoryStore {
  CheckFixture() {
    write([](Writer& writer) { fill_example(writer); });
  }

  std::vector<Row> rows(Table table) {
    return read([&](const Reader& reader) {
      std::vector<Row> found;
      const auto visit = [&](std::string_view key, std::string_view value) {
        found.push_back({table, std::string(key), std::string(value)});
        return true;
      };
      reader.scan(table, "", "", visit);
      return found;
    });
  }
  std::vector<Row> all_rows() {
    std::vector<Row> found;
    for (int number = 0; name_of(static_cast<Table>(number)) != "?"; ++number) {
      for (auto& row : rows(static_cast<Table>(number))) found.push_back(std::move(row));
    }
    return found;
  }
  void put(const Row& row) {
    write([&](Writer& writer) { writer.put(row.table, row.key, row.value); });
  }
  void erase(const Row& row) {
    write([&](Writer& writer) { writer.erase(row.table, row.key); });
  }
  // Whether a problem begins with `where` and says `what`.
  bool finds(const std::string& where, const std::string& what) {
    const auto report = check();
    for (const auto& problem : report.problems) {
      if (problem.starts_with(where) && problem.find(what) != problem.npos) return true;
    }
    for (const auto& problem : report.problems) BOOST_TEST_MESSAGE(problem);
    return false;
  }
};

}  // namespace tidemark::storage::test
