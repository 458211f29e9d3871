#pragma once

#include <memory>
#include <string>

#include "tests/bench/graph_libpq.hpp"
#include "tests/bench/graph_store.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/process.hpp"

namespace tidemark::bench {

// A PostgreSQL 15 of its own in a folder that disappears, reached by a Unix socket only; it ends
// with this object. It refuses root, so there it runs as the user that its package made. Throws
// std::runtime_error that says what is missing.
class PostgresServer {
 public:
  PostgresServer();
  ~PostgresServer();

  // For libpq and psycopg2.
  [[nodiscard]] std::string connection() const;

 private:
  [[nodiscard]] test::Launch launch(const std::string& program,
                                    std::vector<std::string> arguments) const;
  void wait_until_it_answers();

  test::Folder folder_;
  std::unique_ptr<test::Process> process_;
};

// Edges in a table of bigint pairs with a primary key, stored by its fastest upsert, each batch
// durable: one statement with two arrays.
class PostgresEdges {
 public:
  // `both_ways`: with an index for the other direction, which tidemark has too.
  PostgresEdges(const PostgresServer& server, const std::string& table, bool both_ways);

  // Making and sorting the arrays does not count.
  double seconds_for(const EdgeBatches& batches);
  [[nodiscard]] double bytes();  // table and indexes
  void drop();
  [[nodiscard]] Postgres& connection() { return postgres_; }

 private:
  Postgres postgres_;
  std::string table_;
};

}  // namespace tidemark::bench
