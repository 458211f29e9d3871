#include "jobs/sync/layout.hpp"

#include <fmt/format.h>

#include <charconv>

namespace tidemark::jobs::sync {
namespace {

using storage::Week;

PlannedFile year_file(int year) {
  return {fmt::format("github-{:04}.json", year), Week::first_of(year), Week::last_of(year)};
}

PlannedFile quarter_file(int year, int quarter) {
  const Week first = Week::first_of(year) + 13 * (quarter - 1);
  const Week last = quarter == 4 ? Week::last_of(year) : first + 12;
  return {fmt::format("github-{:04}-Q{}.json", year, quarter), first, last};
}

PlannedFile week_file(Week week) {
  return {fmt::format("github-{}.json", week.text()), week, week};
}

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<PlannedFile> plan_files(const std::set<Week>& filled, Week known_until, Week now) {
  std::vector<PlannedFile> years, quarters, weeks;
  const int running_year = known_until.year();
  const auto add = [](std::vector<PlannedFile>& files, PlannedFile file) {
    if (files.empty() || files.back() != file) files.push_back(std::move(file));
  };
  for (const Week week : filled) {
    const bool future = week >= now;
    if (week >= known_until && !(future && week.year() > now.year())) continue;
    if (week.year() != running_year) {
      add(years, year_file(week.year()));
    } else if (week.quarter() != known_until.quarter()) {
      add(quarters, quarter_file(week.year(), week.quarter()));
    } else {
      add(weeks, week_file(week));
    }
  }
  years.insert(years.end(), quarters.begin(), quarters.end());
  years.insert(years.end(), weeks.begin(), weeks.end());
  return years;
}

std::optional<PlannedFile> parse_file_name(std::string_view name) {
  constexpr std::string_view before = "github-", after = ".json";
  if (!name.starts_with(before) || !name.ends_with(after)) return std::nullopt;
  const std::string_view middle =
      name.substr(before.size(), name.size() - before.size() - after.size());
  if (middle.size() < 4) return std::nullopt;
  const auto year = number(middle.substr(0, 4));
  if (!year) return std::nullopt;
  std::optional<PlannedFile> file;
  if (middle.size() == 4) {
    file = year_file(*year);
  } else if (middle.size() == 7 && middle[5] == 'Q' && middle[6] >= '1' && middle[6] <= '4') {
    file = quarter_file(*year, middle[6] - '0');
  } else if (const auto week = Week::parse(middle)) {
    file = week_file(*week);
  }
  // A name that we would not write ourselves is not ours.
  if (file && file->name != name) return std::nullopt;
  return file;
}

}  // namespace tidemark::jobs::sync
