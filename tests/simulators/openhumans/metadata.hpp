#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "http/message.hpp"

namespace tidemark::simulators {

struct CheckedMetadata {
  boost::json::object metadata;
  std::optional<http::Response> refusal;  // 400, or the server's own 500
};

// The rules of contracts/openhumans.md, 6.1, on the field "metadata" of an upload.
[[nodiscard]] CheckedMetadata check_metadata(const boost::json::object& fields);

}  // namespace tidemark::simulators
