#pragma once

#include <vector>

#include "daemon/settings.hpp"

namespace tidemark::daemon {

// The two halves of the table.
[[nodiscard]] std::vector<SettingRow> door_settings();  // store, control, public
[[nodiscard]] std::vector<SettingRow> work_settings();  // providers, quota, jobs, log

}  // namespace tidemark::daemon
