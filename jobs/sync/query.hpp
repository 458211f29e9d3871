#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "jobs/sync/cursor.hpp"

namespace tidemark::jobs::sync {

// How much one query may ask for. GitHub prices connections: 149 of them still round to one point.
struct QueryLimits {
  std::uint64_t connections = 149;
  std::size_t parts = 149;
  std::uint64_t weight = 600;            // about the commits in the answer: what makes a query slow
  std::uint64_t window_connections = 5;  // of one window, as priced
};

struct Query {
  std::string text;
  boost::json::object variables;
  std::size_t parts = 0;  // how many of the pending parts it asks, from the first on
  std::uint64_t connections = 0;
  std::uint64_t cost = 1;  // points, by GitHub's rule
  std::uint64_t weight = 0;
};

// GitHub's rule (contract section 10): connections fetched, divided by 100, rounded, at least 1.
[[nodiscard]] std::uint64_t points(std::uint64_t connections);
[[nodiscard]] std::uint64_t connections_of(const Part& part, std::uint64_t window_connections);
[[nodiscard]] std::uint64_t weight_of(const Part& part);
// "identity", "y2020", … : the alias under which the answer to part `index` of a query stands.
[[nodiscard]] std::string alias_of(std::size_t index);

// Packs as many of `pending`, from the first on, as the limits take; at least one. `user` is the
// member's node id, needed from the first history part on.
[[nodiscard]] Query make_query(std::span<const Part> pending, const std::string& user,
                               const QueryLimits& limits);

}  // namespace tidemark::jobs::sync
