#include <algorithm>
#include <iterator>

#include "daemon/settings_rows.hpp"

namespace tidemark::daemon {

// The one list of settings: the file, the variables, the flags, the reference and the example file
// are all made from it.
std::span<const SettingRow> setting_rows() {
  static const std::vector<SettingRow> rows = [] {
    std::vector<SettingRow> all = door_settings();
    std::ranges::move(work_settings(), std::back_inserter(all));
    return all;
  }();
  return rows;
}

}  // namespace tidemark::daemon
