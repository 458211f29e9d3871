#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tidemark::simulators {

// One request as the simulator saw it. Times are the simulator's own, in milliseconds.
struct Asked {
  std::string owner;        // "user:1001", "app:CLIENT", "anonymous:127.0.0.1", "member:00000001"
  std::string resource;     // "core", "graphql", "oauth", "openhumans"
  std::string what;         // method and target, for people
  std::string fingerprint;  // method, target and body
  std::int64_t at_ms = 0, answered_ms = 0;
  std::uint64_t points = 0;  // of the primary limit
  std::uint64_t secondary_points = 1;
  bool refused = false;                                 // by a primary or secondary limit
  bool succeeded = false;                               // answered with something new; not a 304
  bool lost = false;                                    // the connection was cut
  std::int64_t window_start_ms = 0, window_end_ms = 0;  // end 0: no window
  std::vector<std::uint64_t> pages;                     // of accounts' lists: see list_page()
};

// Names one page of one list of an account, whatever else the same question asks.
[[nodiscard]] std::uint64_t list_page(std::uint64_t account, std::string_view list,
                                      std::string_view page);

struct LedgerWindow {
  std::int64_t start_ms = 0, end_ms = 0;
  std::uint64_t requests = 0, points = 0, refused = 0;
};

// The largest sum of values within any 60 seconds.
class MinuteMeter {
 public:
  void add(std::int64_t at_ms, std::uint64_t value);
  [[nodiscard]] std::uint64_t now() const { return sum_; }
  [[nodiscard]] std::uint64_t most() const { return most_; }

 private:
  std::deque<std::pair<std::int64_t, std::uint64_t>> recent_;
  std::uint64_t sum_ = 0, most_ = 0;
};

// The most time that is spent on requests within any 60 seconds; of those at once, each counts.
class BusyMeter {
 public:
  void add(std::int64_t from_ms, std::int64_t until_ms);
  [[nodiscard]] std::uint64_t most() const { return most_; }

 private:
  std::deque<std::pair<std::int64_t, std::int64_t>> recent_;
  std::int64_t sum_ms_ = 0;
  std::uint64_t most_ = 0;
};

// What one owner did with one resource.
struct LedgerLine {
  std::uint64_t requests = 0, points = 0, refused = 0, lost = 0;
  std::uint64_t while_blocked = 0;  // asked although a refusal said until when not to
  std::uint64_t repeated = 0;       // asked again although it had been answered
  std::uint64_t repeated_points = 0;
  std::uint64_t pages = 0, pages_repeated = 0;  // of accounts' lists, answered
  std::uint64_t refused_per_window_max = 0;
  std::uint64_t largest_concurrency = 0;
  std::int64_t first_ms = 0, last_ms = 0;
  std::vector<LedgerWindow> windows;
  MinuteMeter secondary_points;
  BusyMeter response_ms;
  std::vector<std::string> repeats;  // the first 100, for people

  std::int64_t blocked_from_ms = 0, blocked_until_ms = 0;
  std::multiset<std::int64_t> ends_ms;           // of the requests that may be under way
  std::map<std::string, std::int64_t> answered;  // fingerprint → when
  std::unordered_set<std::uint64_t> pages_answered;
};

// The judge of the quota promises. Kept per owner and resource.
class Ledger {
 public:
  void record(const Asked& asked);
  // From `from_ms` on the owner knows that it must not ask before `until_ms`.
  void block(const std::string& owner, const std::string& resource, std::int64_t from_ms,
             std::int64_t until_ms);
  // A secondary limit: whatever the owner asks, at REST or GraphQL.
  void block_all(const std::string& owner, std::int64_t from_ms, std::int64_t until_ms);
  [[nodiscard]] bool blocked(const std::string& owner, const std::string& resource,
                             std::int64_t at_ms) const;
  // An empty line when the owner never asked.
  [[nodiscard]] const LedgerLine& line(const std::string& owner, const std::string& resource) const;
  [[nodiscard]] LedgerLine total(const std::string& resource) const;  // counts only, of all owners
  [[nodiscard]] boost::json::object as_json() const;
  void reset() { lines_.clear(); }

 private:
  std::map<std::pair<std::string, std::string>, LedgerLine> lines_;
};

}  // namespace tidemark::simulators
