#include "daemon/pages/heat_map.hpp"

#include <fmt/format.h>

#include <iterator>

#include "daemon/pages/words.hpp"
#include "storage/week.hpp"

namespace tidemark::daemon::pages {

namespace {

// 0 to 4: none, 1 to 4, 5 to 14, 15 to 39, 40 or more; the legend says the same.
int strength(std::uint64_t commits) {
  if (commits == 0) return 0;
  if (commits < 5) return 1;
  if (commits < 15) return 2;
  return commits < 40 ? 3 : 4;
}

std::string class_of(const Cell& cell) {
  switch (cell.state) {
    case CellState::unknown: return "unknown";
    case CellState::waiting: return "waiting";
    case CellState::partial: return "partial";
    case CellState::known: return "known";
    case CellState::quiet: return "up0";
    case CellState::current: return cell.commits + cell.others == 0 ? "up0" : "known";
    case CellState::uploaded: return fmt::format("up{}", strength(cell.commits));
    case CellState::before:
    case CellState::future: return "future";
  }
  return "unknown";
}

// "12 commits and 3 more", "no activity".
std::string activity(const Cell& cell) {
  if (cell.commits == 0 && cell.others == 0) return "no activity";
  std::string text = counted(cell.commits, "commit");
  if (cell.others > 0) text += fmt::format(", {} other", grouped(cell.others));
  return text;
}

std::string words_of(const Cell& cell) {
  switch (cell.state) {
    case CellState::unknown: return "not looked at yet";
    case CellState::waiting: return "waiting its turn";
    case CellState::partial: return "incomplete, " + activity(cell);
    case CellState::known: return "read, not uploaded yet, " + activity(cell);
    case CellState::quiet: return "no activity";
    case CellState::current: return "not over yet, " + activity(cell) + " so far";
    case CellState::uploaded: return "uploaded, " + activity(cell);
    case CellState::before: return "before your account at GitHub";
    case CellState::future: return "still to come";
  }
  return "";
}

// Week 1 may begin in the year before its own.
int monday_year(storage::Week week) {
  return week.number() == 1 && !day_text(week.begin_s() / 86'400).ends_with("Jan") ? week.year() - 1
                                                                                   : week.year();
}

void append_year(std::string& html, const Year& year, storage::Week now) {
  auto out = std::back_inserter(html);
  fmt::format_to(out, "<tr><th scope=\"row\">{}</th>", year.year);
  storage::Week week = storage::Week::first_of(year.year);
  int number = 0;
  for (const Cell& cell : year.weeks) {
    fmt::format_to(out, "<td class=\"{}{}\"><span>Week {}: {} (from {} {})</span></td>",
                   class_of(cell), week == now ? " now" : "", ++number, words_of(cell),
                   day_text(week.begin_s() / 86'400), monday_year(week));
    ++week;
  }
  html += "</tr>\n";
}

}  // namespace

Html heat_map_rows(const MemberView& view) {
  Html rows;
  const storage::Week now = storage::Week::of(view.now_ms / 1000);
  for (const Year& year : view.years) append_year(rows.text, year, now);
  return rows;
}

std::vector<Values> incomplete_weeks(const MemberView& view, std::size_t most) {
  std::vector<Values> list;
  for (const Year& year : view.years) {
    for (std::size_t at = year.weeks.size(); at-- > 0;) {
      const Cell& cell = year.weeks[at];
      if (cell.state != CellState::partial) continue;
      if (list.size() == most) return list;
      const storage::Week week = storage::Week::first_of(year.year) + static_cast<std::int32_t>(at);
      const std::int64_t monday = week.begin_s() / 86'400;
      list.push_back(
          Values()
              .text("week", fmt::format("{}, week {}", year.year, at + 1))
              .text("days", fmt::format("{} – {}", day_text(monday), day_text(monday + 6)))
              .text("reason", sentence(cell.reason.empty() ? "GitHub did not give it in full"
                                                           : cell.reason)));
    }
  }
  return list;
}

}  // namespace tidemark::daemon::pages
