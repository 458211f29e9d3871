#include "storage/engine.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "storage/rocks/open.hpp"
#include "tests/storage/folder.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::storage {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

Rows rows_of(const Reader& reader, Table table, std::string_view from = "",
             std::string_view until = "") {
  Rows rows;
  reader.scan(table, from, until, [&rows](std::string_view key, std::string_view value) {
    rows.emplace_back(key, value);
    return true;
  });
  return rows;
}

Rows rows_backwards(const Reader& reader, Table table, std::string_view from = "",
                    std::string_view until = "") {
  Rows rows;
  reader.scan_backwards(table, from, until, [&rows](std::string_view key, std::string_view value) {
    rows.insert(rows.begin(), {std::string(key), std::string(value)});
    return true;
  });
  return rows;
}

Rows rows_of(Engine& engine, Table table) {
  Rows rows;
  engine.read([&](const Reader& reader) { rows = rows_of(reader, table); });
  return rows;
}

struct InMemory {
  std::unique_ptr<Engine> engine = open_rocks_in_memory();
};

BOOST_FIXTURE_TEST_SUITE(engine_rules, InMemory)

BOOST_AUTO_TEST_CASE(a_transaction_that_throws_leaves_nothing) {
  engine->write([](Writer& writer) { writer.put(Table::members, "a", "old"); });
  auto failing = [](Writer& writer) {
    writer.put(Table::members, "a", "new");
    writer.put(Table::facts, "f", "new");
    writer.erase(Table::members, "a");
    throw std::runtime_error("changed my mind");
  };
  BOOST_CHECK_THROW(engine->write(failing), std::runtime_error);
  BOOST_TEST((rows_of(*engine, Table::members) == Rows{{"a", "old"}}));
  BOOST_TEST(rows_of(*engine, Table::facts).empty());
}

BOOST_AUTO_TEST_CASE(tables_do_not_see_each_other) {
  for (int number = 0; number <= static_cast<int>(Table::graph_etags); ++number) {
    engine->write([number](Writer& writer) {
      const auto table = static_cast<Table>(number);
      writer.put(table, "", "first");
      writer.put(table, "\xff\xff", "last");
    });
  }
  for (int number = 0; number <= static_cast<int>(Table::graph_etags); ++number) {
    engine->read([number](const Reader& reader) {
      const auto table = static_cast<Table>(number);
      const Rows expected = {{"", "first"}, {"\xff\xff", "last"}};
      BOOST_TEST((rows_of(reader, table) == expected));
      BOOST_TEST((rows_backwards(reader, table) == expected));
    });
  }
}

BOOST_AUTO_TEST_CASE(a_transaction_sees_its_own_writes_in_both_directions) {
  engine->write([](Writer& writer) {
    for (const char* key : {"b", "d", "f"}) writer.put(Table::weeks, key, "stored");
  });
  engine->write([](Writer& writer) {
    writer.put(Table::weeks, "a", "mine");
    writer.put(Table::weeks, "d", "mine");
    writer.put(Table::weeks, "e", "mine");
    writer.erase(Table::weeks, "f");
    writer.put(Table::files, "e", "of another table");
    BOOST_TEST(writer.get(Table::weeks, "d").value() == "mine");
    BOOST_TEST(!writer.get(Table::weeks, "f").has_value());
    const Rows all = {{"a", "mine"}, {"b", "stored"}, {"d", "mine"}, {"e", "mine"}};
    BOOST_TEST((rows_of(writer, Table::weeks) == all));
    BOOST_TEST((rows_backwards(writer, Table::weeks) == all));
    const Rows middle = {{"b", "stored"}, {"d", "mine"}};
    BOOST_TEST((rows_of(writer, Table::weeks, "b", "e") == middle));
    BOOST_TEST((rows_backwards(writer, Table::weeks, "b", "e") == middle));
    BOOST_TEST(rows_of(writer, Table::weeks, "e", "b").empty());
    BOOST_TEST(rows_backwards(writer, Table::weeks, "b", "b").empty());
  });
}

BOOST_AUTO_TEST_CASE(a_transaction_may_write_what_it_is_scanning) {
  engine->write([](Writer& writer) {
    for (const char* key : {"a", "c", "e"}) writer.put(Table::jobs, key, "1");
  });
  engine->write([](Writer& writer) {
    std::string seen;
    writer.scan(Table::jobs, "", "", [&](std::string_view key, std::string_view value) {
      writer.erase(Table::jobs, key);
      if (key == "a") writer.put(Table::jobs, "b", std::string(5'000, 'x'));
      BOOST_TEST(value.size() == (key == "b" ? 5'000u : 1u));
      seen += key;
      return true;
    });
    BOOST_TEST(seen == "abce");
    BOOST_TEST(rows_of(writer, Table::jobs).empty());
    for (const char* key : {"a", "c", "e"}) writer.put(Table::jobs, key, "2");
    seen.clear();
    writer.scan_backwards(Table::jobs, "", "", [&](std::string_view key, std::string_view) {
      if (key == "e") writer.erase(Table::jobs, "c");
      seen += key;
      return true;
    });
    BOOST_TEST(seen == "ea");
  });
}

BOOST_AUTO_TEST_CASE(a_scan_ends_when_told_to) {
  engine->write([](Writer& writer) {
    for (const char* key : {"a", "b", "c"}) writer.put(Table::facts, key, "");
    int visits = 0;
    auto two = [&visits](std::string_view, std::string_view) { return ++visits < 2; };
    writer.scan(Table::facts, "", "", two);
    BOOST_TEST(visits == 2);
  });
  engine->read([](const Reader& reader) {
    std::string seen;
    auto two = [&seen](std::string_view key, std::string_view) { return (seen += key).size() < 2; };
    reader.scan_backwards(Table::facts, "", "", two);
    BOOST_TEST(seen == "cb");
  });
}

BOOST_AUTO_TEST_CASE(what_is_put_unseen_counts_in_its_order) {
  engine->write([](Writer& writer) {
    writer.put(Table::graph_edges, "kept", "first");
    writer.put_unseen(Table::graph_edges, "kept", "last");
    writer.put_unseen(Table::graph_edges, "erased", "");
    writer.erase(Table::graph_edges, "erased");
    writer.erase(Table::graph_edges, "back");
    writer.put_unseen(Table::graph_edges, "back", "");
  });
  BOOST_TEST((rows_of(*engine, Table::graph_edges) == Rows{{"back", ""}, {"kept", "last"}}));
  auto failing = [](Writer& writer) {
    writer.put_unseen(Table::graph_edges, "a", "");
    throw std::runtime_error("changed my mind");
  };
  BOOST_CHECK_THROW(engine->write(failing), std::runtime_error);
  BOOST_TEST(rows_of(*engine, Table::graph_edges).size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_scan_goes_on_while_rows_are_put_unseen) {
  engine->write([](Writer& writer) {
    for (const char* key : {"a", "c", "e"}) writer.put(Table::graph_edges, key, "1");
    std::string seen;
    writer.scan(Table::graph_edges, "", "", [&](std::string_view key, std::string_view) {
      writer.put_unseen(Table::graph_ended_edges, key, std::string(5'000, 'x'));
      seen += key;
      return true;
    });
    BOOST_TEST(seen == "ace");
  });
  BOOST_TEST(rows_of(*engine, Table::graph_ended_edges).size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_reader_keeps_its_view_while_others_write) {
  engine->write([](Writer& writer) { writer.put(Table::members, "a", "old"); });
  engine->read([this](const Reader& reader) {
    std::thread other([this] {
      engine->write([](Writer& writer) {
        writer.put(Table::members, "a", "new");
        writer.put(Table::members, "b", "new");
      });
    });
    other.join();
    BOOST_TEST(reader.get(Table::members, "a").value() == "old");
    BOOST_TEST((rows_of(reader, Table::members) == Rows{{"a", "old"}}));
    BOOST_TEST((rows_backwards(reader, Table::members) == Rows{{"a", "old"}}));
  });
  BOOST_TEST((rows_of(*engine, Table::members) == Rows{{"a", "new"}, {"b", "new"}}));
}

BOOST_AUTO_TEST_CASE(a_range_is_erased_to_its_last_key_and_not_further) {
  engine->write([](Writer& writer) {
    for (int number = 10'000; number < 15'000; ++number) {
      writer.put(Table::facts, std::to_string(number), "");
    }
    writer.erase_range(Table::facts, "10001", "14999");
    BOOST_TEST(rows_of(writer, Table::facts).size() == 2u);
  });
  BOOST_TEST((rows_of(*engine, Table::facts) == Rows{{"10000", ""}, {"14999", ""}}));
  engine->write([](Writer& writer) { writer.erase_range(Table::facts, "", ""); });
  BOOST_TEST(rows_of(*engine, Table::facts).empty());
}

BOOST_AUTO_TEST_CASE(random_transactions_agree_with_a_map) {
  std::mt19937_64 random(tidemark::test::test_seed());
  std::map<std::string, std::string> model;
  auto key = [&random] {
    return std::string(1 + random() % 2, static_cast<char>('a' + random() % 8));
  };
  for (int transaction = 0; transaction < 300; ++transaction) {
    std::map<std::string, std::string> mine = model;
    const bool fails = random() % 4 == 0;
    auto body = [&](Writer& writer) {
      for (std::uint64_t left = random() % 6; left > 0; --left) {
        const std::string name = key(), until = key(), value = std::to_string(random());
        switch (random() % 4) {
          case 0:
            writer.erase(Table::cursors, name);
            mine.erase(name);
            break;
          case 1:
            if (name >= until) break;
            writer.erase_range(Table::cursors, name, until);
            mine.erase(mine.lower_bound(name), mine.lower_bound(until));
            break;
          default: writer.put(Table::cursors, name, value); mine[name] = value;
        }
        BOOST_REQUIRE((rows_of(writer, Table::cursors) == Rows(mine.begin(), mine.end())));
        BOOST_REQUIRE((rows_backwards(writer, Table::cursors) == Rows(mine.begin(), mine.end())));
      }
      if (fails) throw std::runtime_error("no");
    };
    try {
      engine->write(body);
      model = mine;
    } catch (const std::runtime_error&) {
    }
    BOOST_REQUIRE((rows_of(*engine, Table::cursors) == Rows(model.begin(), model.end())));
  }
}

BOOST_AUTO_TEST_CASE(writers_run_one_at_a_time) {
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([this] {
      for (int count = 0; count < 100; ++count) {
        engine->write([](Writer& writer) {
          const int before = std::stoi(writer.get(Table::counts, "sum").value_or("0"));
          writer.put(Table::counts, "sum", std::to_string(before + 1));
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST((rows_of(*engine, Table::counts) == Rows{{"sum", "400"}}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_store_shows_every_acknowledged_write_after_it_is_opened_again) {
  const test::Folder folder;
  Rows expected;
  for (int round = 0; round < 3; ++round) {
    const auto engine = open_rocks(folder.store(), RocksOptions());
    BOOST_TEST((rows_of(*engine, Table::facts) == expected));
    for (int count = 0; count < 50; ++count) {
      const std::string key = std::to_string(1'000 + round * 100 + count);
      engine->write([&key](Writer& writer) { writer.put(Table::facts, key, "kept"); });
      expected.emplace_back(key, "kept");
    }
  }
}

BOOST_AUTO_TEST_CASE(flushed_and_compacted_rows_are_read_like_fresh_ones) {
  const test::Folder folder;
  RocksOptions options;
  options.write_buffer_bytes = 64 * 1024;
  const auto engine = open_rocks(folder.store(), options);
  std::mt19937_64 random(tidemark::test::test_seed());
  std::map<std::string, std::string> model;
  for (int count = 0; count < 400; ++count) {
    const std::string key = std::to_string(random() % 200);
    std::string value(2'000, '\0');
    for (char& byte : value) byte = static_cast<char>(random());
    engine->write([&](Writer& writer) { writer.put(Table::facts, key, value); });
    model[key] = value;
  }
  BOOST_TEST((rows_of(*engine, Table::facts) == Rows(model.begin(), model.end())));
  engine->read([&](const Reader& reader) {
    BOOST_TEST((rows_backwards(reader, Table::facts) == Rows(model.begin(), model.end())));
    for (const auto& [key, value] : model) BOOST_TEST((reader.get(Table::facts, key) == value));
    BOOST_TEST(!reader.get(Table::facts, "x").has_value());
  });
  BOOST_TEST(engine->statistics().bytes_on_disk > 200u * 2'000u);
  BOOST_TEST(engine->statistics().writes == 400u);
}

}  // namespace
}  // namespace tidemark::storage
