#include "storage/check.hpp"

#include "storage/check_report.hpp"
#include "storage/graph/edge_rows.hpp"
#include "storage/graph/row_decoders.hpp"
#include "storage/job_rows.hpp"
#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

void check_counts_row(std::string_view key, std::string_view value) {
  const auto kind = decoded(Table::counts, key, [&] {
    KeyReader place(key);
    place.text();
    const auto number = enumerated(place.u8(), CountsKind::weeks, CountsKind::graph);
    place.end();
    return number;
  });
  switch (kind) {
    case CountsKind::weeks: return (void)decode_week_counts(key, value);
    case CountsKind::jobs: return (void)decode_job_totals(key, value);
    case CountsKind::graph: return (void)graph::decode_totals(key, value);
  }
}

void check_row(Table table, std::string_view key, std::string_view value) {
  switch (table) {
    case Table::meta: return check_meta_row(key, value);
    case Table::members: return (void)decode_member(key, value);
    case Table::secrets: return check_secret_frame(key, value);
    case Table::weeks: return (void)decode_week(key, value);
    case Table::facts: return (void)decode_fact(key, value);
    case Table::files: return (void)decode_file(key, value);
    case Table::repositories: return (void)decode_repository(key, value);
    case Table::cursors: return (void)decode_cursor(key, value);
    case Table::quota: return (void)decode_quota(key, value);
    case Table::jobs: return (void)decode_job(key, value);
    case Table::job_keys:
    case Table::job_queue: return check_index_row(table, key, value);
    case Table::schedules: return (void)decode_schedule(key, value);
    case Table::counts: return check_counts_row(key, value);
    case Table::windows: return (void)decode_window(key, value);
    case Table::sessions: return (void)decode_session(key, value);
    case Table::sign_ins: return (void)decode_sign_in(key, value);
    case Table::accounts: return (void)decode_account(key, value);
    case Table::graph_edges: return (void)graph::decode_edge(key, value);
    case Table::graph_ended_edges: return (void)graph::decode_ended_edge(key, value);
    case Table::graph_users: return (void)graph::decode_user(key, value);
    case Table::graph_names: return (void)graph::decode_name(key, value);
    case Table::graph_orders: return (void)graph::decode_order(key, value);
    case Table::graph_repositories: return (void)graph::decode_repository(key, value);
    case Table::graph_repository_owners: return (void)graph::decode_owner(key, value);
    case Table::graph_frontier: return (void)graph::decode_place(key, value);
    case Table::graph_readings: return (void)graph::decode_list_reading(key, value);
    case Table::graph_seen: return (void)graph::decode_seen(key, value);
    case Table::graph_seeds: return (void)graph::decode_seed(key, value);
    case Table::graph_denied: return (void)graph::decode_denied(key, value);
    case Table::graph_capabilities: return (void)graph::decode_capability(key, value);
    case Table::graph_etags: return (void)graph::decode_etag(key, value);
  }
}

}  // namespace

void check_rows(const Reader& reader, CheckReport& report) {
  for (int number = 0; name_of(static_cast<Table>(number)) != "?"; ++number) {
    const auto table = static_cast<Table>(number);
    const auto each = [&](std::string_view key, std::string_view value) {
      ++report.rows;
      try {
        check_row(table, key, value);
      } catch (const CorruptRecord& error) {
        add_problem(report, error.what());
      } catch (const StoreError& error) {  // written by a newer version
        add_problem(report, readable(table, key) + ": " + error.what());
      }
      return true;
    };
    reader.scan(table, "", "", each);
  }
}

CheckReport check_store(const Reader& reader) {
  CheckReport report;
  check_rows(reader, report);
  check_members(reader, report);
  check_accounts(reader, report);
  check_sign_ins(reader, report);
  check_jobs(reader, report);
  check_graph(reader, report);
  graph::check_edges(reader, report);
  return report;
}

}  // namespace tidemark::storage
