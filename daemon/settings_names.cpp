#include <algorithm>
#include <numeric>

#include "daemon/settings.hpp"

namespace tidemark::daemon {

namespace {

std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> previous(right.size() + 1), current(right.size() + 1);
  std::iota(previous.begin(), previous.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    current[0] = i + 1;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t replaced = previous[j] + (left[i] == right[j] ? 0 : 1);
      current[j + 1] = std::min({replaced, previous[j + 1] + 1, current[j] + 1});
    }
    std::swap(previous, current);
  }
  return previous[right.size()];
}

}  // namespace

const SettingRow* find_setting(std::string_view name) {
  const auto row = std::ranges::find(setting_rows(), name, &SettingRow::name);
  return row == setting_rows().end() ? nullptr : &*row;
}

std::string_view nearest_setting(std::string_view name) {
  if (name.size() > 100) return {};
  std::string_view best;
  std::size_t least = 4;  // further off, it is another word
  for (const SettingRow& row : setting_rows()) {
    const std::size_t distance = edit_distance(name, row.name);
    if (distance < least) {
      least = distance;
      best = row.name;
    }
    // The right key without its section, or in another one.
    const auto key = row.name.substr(row.name.find('.') + 1);
    if (best.empty() && name.substr(name.rfind('.') + 1) == key) best = row.name;
  }
  return best;
}

}  // namespace tidemark::daemon
