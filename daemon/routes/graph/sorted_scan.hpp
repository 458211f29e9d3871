#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/routes/graph/gate.hpp"
#include "daemon/routes/graph/pages.hpp"
#include "daemon/routes/graph/sort_keys.hpp"

namespace tidemark::daemon::graph {

// Orders that have no index: every row is looked at, and the first few are kept. An index would
// cost the crawl a row more for each account; a look at all costs only whoever asks.
inline constexpr std::uint64_t sorted_rows_most = 5'000'000;

// `slice(reader, keys)` looks at examined_most rows at most, so that other readers get their turn,
// and says whether there are more.
template <class Slice>
async::Task<std::vector<SortKey>> look_at_all(RouteServices& services, FirstKeys keys,
                                              Slice slice) {
  auto body = [&](const storage::Reader& reader) { return slice(reader, keys); };
  bool more = true;
  while (more) more = co_await services.store.read(body);
  co_return keys.take();
}

// A page out of what was found, by `write(reader, keys)`: the keys are one more than it has room
// for, if there are others.
template <class Slice, class Write>
async::Task<http::Reply> sorted_page(RouteServices& services, FirstKeys keys, Slice slice,
                                     Write write) {
  const std::vector<SortKey> first =
      co_await look_at_all(services, std::move(keys), std::move(slice));
  auto body = [&](const storage::Reader& reader) { return write(reader, first); };
  std::string page = co_await services.store.read(body);
  co_return http::json_reply(200, std::move(page));
}

// A part of an order is no order: then there is no answer.
[[nodiscard]] inline http::Reply too_many_to_sort(std::string_view sort, std::string_view rows,
                                                  std::string_view indexed) {
  return bad_request(
      fmt::format("sort={} has no index and is given for up to {} {}; the graph holds more. At any "
                  "size: {}; or export them and sort there",
                  sort, sorted_rows_most, rows, indexed));
}

}  // namespace tidemark::daemon::graph
