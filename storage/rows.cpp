#include "storage/rows.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "storage/graph/denied_rows.hpp"
#include "storage/purge_row.hpp"
#include "storage/secret_owners.hpp"
#include "storage/week.hpp"

namespace tidemark::storage {
namespace {

// The parts of a key, one letter each: t text, w week, i i32, I i64, b u8, n u32, f u40, N u64.
std::string_view shape_of(Table table, std::string_view key) {
  switch (table) {
    case Table::meta: return "tn";
    case Table::members:
    case Table::sign_ins:
    case Table::schedules: return "t";
    case Table::secrets:
    case Table::sessions:
    case Table::repositories:
    case Table::cursors:
    case Table::quota: return "tt";
    case Table::weeks: return "tw";
    case Table::facts: return "twbIt";
    case Table::files: {
      KeyReader reader(key);
      reader.text();
      const auto form = reader.u8();
      return form == 1 ? "tbt" : form == 2 ? "tb" : "tbN";
    }
    case Table::jobs: return "N";
    case Table::job_keys: {
      KeyReader reader(key);
      reader.text();
      reader.text();
      return reader.u8() == 1 ? "ttb" : "ttbN";
    }
    case Table::job_queue: {
      const auto form = KeyReader(key).u8();
      return form == 1 ? "bnt" : form == 2 ? "bntIN" : "bbN";
    }
    case Table::counts: return "tb";
    case Table::windows: return "ti";
    case Table::accounts: return "Nt";
    case Table::graph_users:
    case Table::graph_repository_owners: return "N";
    case Table::graph_names: return KeyReader(key).u8() == 3 ? "bNbt" : "bt";
    case Table::graph_orders: return "bIN";
    case Table::graph_edges:
    case Table::graph_ended_edges: return "bbff";
    case Table::graph_repositories: return "NN";
    case Table::graph_frontier: return "bnIN";
    case Table::graph_readings: return "Nb";
    case Table::graph_seen: return "NbN";
    case Table::graph_seeds: return "bt";
    case Table::graph_denied: return "t";
    case Table::graph_etags: return "tt";
    case Table::graph_capabilities: return "b";
  }
  return "";
}

std::string week_text(std::int32_t index) {
  // Weeks of the years 0 to 9999 have a name; a damaged key may hold any number.
  if (index < -102'000 || index > 418'000) return fmt::format("week {}", index);
  return Week{index}.text();
}

std::string part(char letter, KeyReader& reader) {
  switch (letter) {
    case 't': return fmt::format("\"{}\"", reader.text());
    case 'w': return week_text(reader.i32());
    case 'i': return std::to_string(reader.i32());
    case 'I': return std::to_string(reader.i64());
    case 'b': return std::to_string(reader.u8());
    case 'n': return std::to_string(reader.u32());
    case 'f': return std::to_string(reader.u40());
    default: return std::to_string(reader.u64());
  }
}

}  // namespace

std::string_view name_of(Table table) {
  switch (table) {
    case Table::meta: return "meta";
    case Table::members: return "members";
    case Table::secrets: return "secrets";
    case Table::weeks: return "weeks";
    case Table::facts: return "facts";
    case Table::files: return "files";
    case Table::repositories: return "repositories";
    case Table::cursors: return "cursors";
    case Table::quota: return "quota";
    case Table::jobs: return "jobs";
    case Table::job_keys: return "job_keys";
    case Table::job_queue: return "job_queue";
    case Table::schedules: return "schedules";
    case Table::counts: return "counts";
    case Table::windows: return "windows";
    case Table::sessions: return "sessions";
    case Table::sign_ins: return "sign_ins";
    case Table::accounts: return "accounts";
    case Table::graph_users: return "graph_users";
    case Table::graph_names: return "graph_names";
    case Table::graph_orders: return "graph_orders";
    case Table::graph_edges: return "graph_edges";
    case Table::graph_ended_edges: return "graph_ended_edges";
    case Table::graph_repositories: return "graph_repositories";
    case Table::graph_repository_owners: return "graph_repository_owners";
    case Table::graph_frontier: return "graph_frontier";
    case Table::graph_readings: return "graph_readings";
    case Table::graph_seen: return "graph_seen";
    case Table::graph_seeds: return "graph_seeds";
    case Table::graph_denied: return "graph_denied";
    case Table::graph_capabilities: return "graph_capabilities";
    case Table::graph_etags: return "graph_etags";
  }
  return "?";
}

std::string readable(Table table, std::string_view key) {
  if (table == Table::meta && (key == "format" || key == purge_row || key == graph::salt_row))
    return fmt::format("meta[\"{}\"]", key);
  try {
    KeyReader reader(key);
    std::string parts;
    for (const char letter : shape_of(table, key)) {
      if (!parts.empty()) parts += ", ";
      parts += part(letter, reader);
    }
    reader.end();
    return fmt::format("{}[{}]", name_of(table), parts);
  } catch (const StoreError&) {
    std::string hex;
    for (const char byte : key) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return fmt::format("{}[0x{}]", name_of(table), hex);
  }
}

void throw_corrupt(Table table, std::string_view key, std::string_view why) {
  throw CorruptRecord(fmt::format("{}: {}", readable(table, key), why));
}

std::string owner_of(std::string_view key) { return KeyReader(key).text(); }

void require_member_id(std::string_view member) {
  if (member.empty())
    throw std::invalid_argument(
        "a member id must not be empty: give Open Humans' project member id");
  if (is_ownerless(member))
    throw std::invalid_argument(
        "a member id must not begin with ~ or !: give Open Humans' project member id");
}

}  // namespace tidemark::storage
