#include "jobs/sync/planner.hpp"

#include <algorithm>
#include <tuple>

#include "jobs/sync/windows.hpp"

namespace tidemark::jobs::sync {
namespace {

using storage::Week;

constexpr std::int32_t years_at_first = 10;
constexpr std::uint64_t page = 100;
// Rebased on a Saturday, pushed after the sync on Sunday: neither the calendar nor any count tells.
constexpr std::int32_t weeks_read_again = weeks_per_window;

Part year_part(PartKind kind, std::int32_t year) {
  Part part;
  part.kind = kind;
  part.year = year;
  return part;
}

Part history_part(const std::string& repository, std::int64_t since_s, std::int64_t until_s,
                  std::uint64_t expected) {
  Part part;
  part.kind = PartKind::history;
  part.repository = repository;
  part.since_s = since_s;
  part.until_s = until_s;
  part.expected = expected;
  return part;
}

// Cuts all time at window borders so that each piece holds about a page of the expected commits.
std::vector<Part> cut_into_pages(const std::string& repository,
                                 const std::map<std::int32_t, std::uint64_t>& by_window) {
  std::vector<Part> parts;
  std::int64_t since_s = open_since_s;
  std::uint64_t held = 0;
  for (const auto& [window, commits] : by_window) {
    if (held > 0 && held + commits > page) {
      const std::int64_t border_s = Week{window * weeks_per_window}.begin_s();
      parts.push_back(history_part(repository, since_s, border_s - 1, held));
      since_s = border_s;
      held = 0;
    }
    held += commits;
  }
  parts.push_back(history_part(repository, since_s, open_until_s, held));
  return parts;
}

std::uint64_t sum_from(const std::map<std::int32_t, std::uint64_t>& by_window, Week from) {
  std::uint64_t sum = 0;
  for (const auto& [window, commits] : by_window) {
    if (window >= window_of(from)) sum += commits;
  }
  return sum;
}

}  // namespace

std::vector<Part> first_parts(const FirstQuestions& about) {
  std::vector<Part> parts{Part{}};
  if (about.year_totals.empty()) {
    for (std::int32_t back = 0; back < years_at_first; ++back) {
      parts.push_back(year_part(PartKind::calendar, about.this_year - back));
    }
    return parts;
  }
  // The year that is running, and in January the one before: a week may belong to both.
  parts.push_back(year_part(PartKind::calendar, about.this_year));
  parts.push_back(year_part(PartKind::calendar, about.this_year - 1));
  for (const auto& [year, total] : about.year_totals) {
    if (year < about.this_year - 1) parts.push_back(year_part(PartKind::year_total, year));
  }
  return parts;
}

std::vector<Part> calendar_parts(const std::set<std::int32_t>& years,
                                 const std::map<std::int32_t, std::uint64_t>& known) {
  std::vector<Part> parts;
  for (const std::int32_t year : years) {
    if (!known.contains(year)) parts.push_back(year_part(PartKind::calendar, year));
  }
  return parts;
}

std::vector<Part> window_parts(const std::map<std::int32_t, std::uint64_t>& fresh,
                               const std::map<std::int32_t, std::uint64_t>& stored, Week now) {
  std::vector<Part> parts;
  for (const auto& [window, digest] : fresh) {
    const auto found = stored.find(window);
    const bool changed = found == stored.end() || found->second != digest;
    if (!changed && window < window_of(now)) continue;
    Part part;
    part.kind = PartKind::window;
    part.first_week = window * weeks_per_window;
    part.weeks = weeks_per_window;
    parts.push_back(part);
  }
  return parts;
}

std::vector<Part> history_parts(const HistoryQuestions& about) {
  static const std::map<std::int32_t, std::uint64_t> nothing;
  std::vector<Part> parts;
  for (const KnownRepository& repository : about.repositories) {
    const auto found = about.expected.find(repository.id);
    const auto& by_window = found == about.expected.end() ? nothing : found->second;
    if (repository.commits > 0 && about.known_until) {
      const Week from = *about.known_until - weeks_read_again;
      parts.push_back(
          history_part(repository.id, from.begin_s(), open_until_s, sum_from(by_window, from)));
      parts.back().audit = true;
      continue;
    }
    std::vector<Part> pieces = cut_into_pages(repository.id, by_window);
    pieces.back().audit = pieces.size() > 1;  // one piece that covers all time counts itself
    parts.insert(parts.end(), pieces.begin(), pieces.end());
  }
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    return std::tie(a.since_s, a.repository) < std::tie(b.since_s, b.repository);
  });
  return parts;
}

std::vector<Part> window_histories(const std::string& repository,
                                   const std::set<std::int32_t>& windows) {
  constexpr std::size_t windows_most = 40;
  if (windows.size() > windows_most) {
    return {history_part(repository, open_since_s, open_until_s, page)};
  }
  std::vector<Part> parts;
  for (const std::int32_t window : windows) {
    const Week first{window * weeks_per_window};
    const std::int64_t until_s = (first + weeks_per_window).begin_s() - 1;
    parts.push_back(history_part(repository, first.begin_s(), until_s, page));
  }
  return parts;
}

std::vector<Part> count_parts(const std::string& repository, std::int32_t first_year,
                              std::int32_t last_year) {
  std::vector<Part> parts;
  for (std::int32_t year = first_year; year <= last_year; ++year) {
    const std::int64_t since_s = year == first_year ? open_since_s : Week::first_of(year).begin_s();
    const std::int64_t until_s =
        year == last_year ? open_until_s : Week::first_of(year + 1).begin_s() - 1;
    Part part = history_part(repository, since_s, until_s, 0);
    part.kind = PartKind::count;
    parts.push_back(part);
  }
  return parts;
}

std::vector<Part> smaller(const Part& part) {
  Part first = part;
  if (part.kind == PartKind::window && part.weeks > 1) {
    Part second = part;
    first.weeks = part.weeks / 2;
    second.first_week = part.first_week + first.weeks;
    second.weeks = part.weeks - first.weeks;
    return {first, second};
  }
  const bool paged = part.kind == PartKind::history || part.kind == PartKind::window ||
                     part.kind == PartKind::window_page;
  if (paged && part.page_size > 10) {
    first.page_size = std::max<std::uint32_t>(10, part.page_size / 2);
    return {first};
  }
  return {};
}

std::optional<Week> frontier(const std::vector<Part>& pending, Week end) {
  Week first = end;
  for (const Part& part : pending) {
    switch (part.kind) {
      case PartKind::count:  // its answer may ask for that range again
      case PartKind::history:
        if (part.since_s == open_since_s) return std::nullopt;
        first = std::min(first, Week::of(part.since_s));
        break;
      case PartKind::window:
      case PartKind::window_page: first = std::min(first, Week{part.first_week}); break;
      case PartKind::identity:
      case PartKind::calendar: return std::nullopt;
      case PartKind::year_total: break;
    }
  }
  return first;
}

}  // namespace tidemark::jobs::sync
