#pragma once

#include <boost/json/object.hpp>

#include "daemon/routes/query_parameters.hpp"

namespace tidemark::daemon {

// As it stands in an operation's `parameters`.
[[nodiscard]] boost::json::object describe_parameter(const QueryParameter& parameter);

}  // namespace tidemark::daemon
