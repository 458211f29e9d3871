#pragma once

#include <boost/json.hpp>

#include "jobs/discovery/crawl.hpp"

namespace tidemark::jobs::discovery {

// A batch as the cursor keeps it. Reading throws when it is not what was written.
[[nodiscard]] boost::json::object batch_json(const Batch& batch);
[[nodiscard]] Batch read_batch(const boost::json::value& value);

}  // namespace tidemark::jobs::discovery
