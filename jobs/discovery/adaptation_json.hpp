#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "jobs/discovery/adaptation.hpp"

namespace tidemark::jobs::discovery {

// As it stands in the cursor; see crawl.hpp. What cursors of before lack is as in a fresh one.
[[nodiscard]] boost::json::object adaptation_json(const Adaptation& adaptation);
[[nodiscard]] Adaptation read_adaptation(const boost::json::value& value);

}  // namespace tidemark::jobs::discovery
