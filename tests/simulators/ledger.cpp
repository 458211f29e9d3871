#include "tests/simulators/ledger.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <functional>

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::size_t repeats_kept = 100;

void record_window(LedgerLine& line, const Asked& asked) {
  if (asked.window_end_ms == 0) return;
  if (line.windows.empty() || line.windows.back().start_ms != asked.window_start_ms) {
    line.windows.push_back(LedgerWindow{asked.window_start_ms, asked.window_end_ms, 0, 0, 0});
  }
  LedgerWindow& window = line.windows.back();
  ++window.requests;
  window.points += asked.points;
  if (asked.refused) ++window.refused;
  line.refused_per_window_max = std::max(line.refused_per_window_max, window.refused);
}

void record_repeat(LedgerLine& line, const Asked& asked) {
  auto [known, fresh] = line.answered.try_emplace(asked.fingerprint, asked.at_ms);
  if (fresh) return;
  ++line.repeated;
  line.repeated_points += asked.points;
  if (line.repeats.size() < repeats_kept) {
    line.repeats.push_back(asked.what + " at " + std::to_string(known->second) + " and " +
                           std::to_string(asked.at_ms));
  }
  known->second = asked.at_ms;
}

void record_pages(LedgerLine& line, const std::vector<std::uint64_t>& pages) {
  line.pages += pages.size();
  for (std::uint64_t each : pages) {
    if (!line.pages_answered.insert(each).second) ++line.pages_repeated;
  }
}

json::object to_json(const LedgerLine& line) {
  json::array windows;
  for (const LedgerWindow& each : line.windows) {
    windows.push_back(json::object{{"start_ms", each.start_ms},
                                   {"end_ms", each.end_ms},
                                   {"requests", each.requests},
                                   {"points", each.points},
                                   {"refused", each.refused}});
  }
  json::array repeats;
  for (const std::string& each : line.repeats) repeats.push_back(json::string(each));
  return json::object{{"requests", line.requests},
                      {"points", line.points},
                      {"refused", line.refused},
                      {"refused_per_window_max", line.refused_per_window_max},
                      {"while_blocked", line.while_blocked},
                      {"repeated", line.repeated},
                      {"repeated_points", line.repeated_points},
                      {"pages", line.pages},
                      {"pages_repeated", line.pages_repeated},
                      {"lost", line.lost},
                      {"largest_concurrency", line.largest_concurrency},
                      {"secondary_points_per_minute_max", line.secondary_points.most()},
                      {"response_ms_per_minute_max", line.response_ms.most()},
                      {"first_request_ms", line.first_ms},
                      {"last_request_ms", line.last_ms},
                      {"windows", std::move(windows)},
                      {"repeats", std::move(repeats)}};
}

}  // namespace

std::uint64_t list_page(std::uint64_t account, std::string_view list, std::string_view page) {
  std::uint64_t hash = std::hash<std::string_view>()(list) ^ (account * 0x9E3779B97F4A7C15ULL);
  return hash * 0xD1342543DE82EF95ULL + std::hash<std::string_view>()(page);
}

void MinuteMeter::add(std::int64_t at_ms, std::uint64_t value) {
  while (!recent_.empty() && recent_.front().first <= at_ms - minute_ms) {
    sum_ -= recent_.front().second;
    recent_.pop_front();
  }
  recent_.emplace_back(at_ms, value);
  sum_ += value;
  most_ = std::max(most_, sum_);
}

void BusyMeter::add(std::int64_t from_ms, std::int64_t until_ms) {
  recent_.emplace_back(from_ms, until_ms);
  sum_ms_ += until_ms - from_ms;
  // The busiest minute ends when some request does.
  const std::int64_t begin_ms = until_ms - minute_ms;
  while (recent_.front().second <= begin_ms) {
    sum_ms_ -= recent_.front().second - recent_.front().first;
    recent_.pop_front();
  }
  std::int64_t before_ms = 0;  // of requests that began before that minute
  for (const auto& [first_ms, last_ms] : recent_) {
    if (first_ms >= begin_ms) break;
    before_ms += std::min(last_ms, begin_ms) - first_ms;
  }
  most_ = std::max(most_, static_cast<std::uint64_t>(sum_ms_ - before_ms));
}

void Ledger::record(const Asked& asked) {
  LedgerLine& line = lines_[{asked.owner, asked.resource}];
  if (line.requests == 0) line.first_ms = asked.at_ms;
  ++line.requests;
  line.last_ms = asked.at_ms;
  line.points += asked.points;
  if (asked.refused) ++line.refused;
  if (asked.lost) ++line.lost;
  if (asked.at_ms >= line.blocked_from_ms && asked.at_ms < line.blocked_until_ms) {
    ++line.while_blocked;
  }
  record_window(line, asked);
  if (asked.succeeded) {
    record_repeat(line, asked);
    record_pages(line, asked.pages);
  }
  line.ends_ms.erase(line.ends_ms.begin(), line.ends_ms.upper_bound(asked.at_ms));
  line.largest_concurrency =
      std::max<std::uint64_t>(line.largest_concurrency, line.ends_ms.size() + 1);
  if (asked.answered_ms > asked.at_ms) line.ends_ms.insert(asked.answered_ms);
  line.secondary_points.add(asked.at_ms, asked.secondary_points);
  line.response_ms.add(asked.at_ms, std::max(asked.at_ms, asked.answered_ms));
}

void Ledger::block(const std::string& owner, const std::string& resource, std::int64_t from_ms,
                   std::int64_t until_ms) {
  LedgerLine& line = lines_[{owner, resource}];
  if (until_ms <= line.blocked_until_ms) return;
  bool open = line.blocked_until_ms <= from_ms;
  if (open) line.blocked_from_ms = from_ms;
  line.blocked_until_ms = until_ms;
}

void Ledger::block_all(const std::string& owner, std::int64_t from_ms, std::int64_t until_ms) {
  for (const char* resource : {"core", "graphql", "search"}) {
    block(owner, resource, from_ms, until_ms);
  }
}

bool Ledger::blocked(const std::string& owner, const std::string& resource,
                     std::int64_t at_ms) const {
  return at_ms < line(owner, resource).blocked_until_ms;
}

const LedgerLine& Ledger::line(const std::string& owner, const std::string& resource) const {
  static const LedgerLine none;
  auto found = lines_.find({owner, resource});
  return found == lines_.end() ? none : found->second;
}

LedgerLine Ledger::total(const std::string& resource) const {
  LedgerLine sum;
  for (const auto& [key, line] : lines_) {
    if (key.second != resource) continue;
    sum.requests += line.requests;
    sum.points += line.points;
    sum.refused += line.refused;
    sum.lost += line.lost;
    sum.while_blocked += line.while_blocked;
    sum.repeated += line.repeated;
    sum.repeated_points += line.repeated_points;
    sum.pages += line.pages;
    sum.pages_repeated += line.pages_repeated;
    sum.refused_per_window_max = std::max(sum.refused_per_window_max, line.refused_per_window_max);
    sum.largest_concurrency = std::max(sum.largest_concurrency, line.largest_concurrency);
  }
  return sum;
}

json::object Ledger::as_json() const {
  json::array owners;
  for (const auto& [key, line] : lines_) {
    if (line.requests == 0) continue;
    json::object entry{{"owner", key.first}, {"resource", key.second}};
    for (auto& [name, value] : to_json(line)) entry[name] = value;
    owners.push_back(std::move(entry));
  }
  return json::object{{"owners", std::move(owners)}};
}

}  // namespace tidemark::simulators
