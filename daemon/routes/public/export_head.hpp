#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "storage/engine.hpp"
#include "storage/seal.hpp"

namespace tidemark::daemon {

// Takes secrets out of foreign words.
using Clean = std::function<std::string(std::string_view)>;

// What is kept of a member beside the weeks; no token and no session's secret.
[[nodiscard]] boost::json::object export_head(const storage::Reader& reader,
                                              const storage::Sealer& sealer, const std::string& id,
                                              const Clean& clean);

}  // namespace tidemark::daemon
