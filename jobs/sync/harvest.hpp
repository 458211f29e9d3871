#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "jobs/sync/cursor.hpp"
#include "storage/facts.hpp"
#include "storage/repositories.hpp"

namespace tidemark::jobs::sync {

// An answer that cannot be true: a missing or null list, a negative count, a time that is none.
// Says where. Such an answer is never stored as "nothing".
class AbsurdAnswer : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What the answer to one part holds, read and checked but not judged.

struct Identity {
  std::string node_id;
  std::uint64_t id = 0;
  std::string login;
  std::int64_t created_s = 0;
  std::vector<std::int32_t> years;  // with contributions
};

struct Calendar {
  std::uint64_t total = 0;
  std::vector<std::pair<std::int32_t, std::uint64_t>> days;  // days since 1970 → contributions, > 0
};

struct ConnectionPage {
  std::vector<storage::Fact> facts;          // of public repositories
  std::vector<storage::Fact> private_facts;  // of private ones
  std::string next;                          // cursor of the next page; empty: this was the last
};

struct WindowRepository {
  storage::Repository repository;
  std::uint64_t commits = 0;  // by author date, inside the window
};

struct Window {
  std::uint64_t repositories_in_all = 0;  // above repositories.size(): some are not listed
  std::vector<WindowRepository> repositories;
  std::vector<std::pair<std::string, ConnectionPage>> connections;
};

struct History {
  bool readable = true;  // false: no such repository for this token
  storage::Repository repository;
  std::uint64_t total = 0;  // in the range asked
  std::optional<std::uint64_t> over_all_time;
  std::vector<storage::Fact> commits;
  std::string next;  // cursor of the next page; empty: this was the last
};

// `value` is what stands under the part's alias. `first_week` of facts is set from their times.
[[nodiscard]] Identity read_identity(const boost::json::value& value);
[[nodiscard]] std::uint64_t read_year_total(const boost::json::value& value);
[[nodiscard]] Calendar read_calendar(const boost::json::value& value);
[[nodiscard]] Window read_window(const boost::json::value& value);
[[nodiscard]] ConnectionPage read_window_page(const boost::json::value& value,
                                              const std::string& connection);
[[nodiscard]] History read_history(const boost::json::value& value, const Part& part);

}  // namespace tidemark::jobs::sync
