#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/routes/graph/repository_rows.hpp"
#include "storage/graph/edges.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::daemon::graph {

// One format of an export: rows in, text out. All of it is UTF-8.
class ExportRows {
 public:
  virtual ~ExportRows() = default;
  virtual void head(std::string& out) { (void)out; }
  virtual void user(std::string& out, const storage::graph::User& user) = 0;
  virtual void repository(std::string& out, const RepositoryRow& row) = 0;
  virtual void edge(std::string& out, storage::graph::EdgeKind kind, storage::graph::Edge edge) = 0;
  // Whose repository that was, where it is not told in the row.
  virtual void owns(std::string& out, const storage::graph::Repository& repository) {
    (void)out, (void)repository;
  }
  virtual void tail(std::string& out) { (void)out; }
};

// One object a line, with `type`: user, repository, follows or stars.
[[nodiscard]] std::unique_ptr<ExportRows> ndjson_rows();

// RFC 4180, with a first line of names. A text that a spreadsheet would take for a formula (it
// begins with = + - @ or a tab) gets an apostrophe before it.
enum class CsvTable : std::uint8_t { users, repositories, follows, stars };
[[nodiscard]] std::unique_ptr<ExportRows> csv_rows(CsvTable table);

// Nodes "u1" (accounts) and "r1" (repositories), edges with their relation.
[[nodiscard]] std::unique_ptr<ExportRows> graphml_rows();

// A field of a line of CSV, quoted where it must be.
void append_csv_field(std::string& out, std::string_view value);
// For an element or an attribute. What XML 1.0 cannot hold becomes U+FFFD.
void append_xml(std::string& out, std::string_view value);

}  // namespace tidemark::daemon::graph
