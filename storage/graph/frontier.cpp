#include "storage/graph/frontier.hpp"

#include <functional>
#include <limits>

#include "storage/graph/row_decoders.hpp"
#include "storage/graph/user_rows.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::int64_t ms_most = std::numeric_limits<std::int64_t>::max();

std::string rank_key(std::uint8_t rank) { return KeyWriter().u8(rank).bytes(); }

// Of a rank and a depth, from a due time on.
std::string group_key(const Place& place, std::int64_t due_ms) {
  return KeyWriter().u8(place.rank).u32(place.depth).i64(due_ms).bytes();
}

std::string after_group(const Place& place) {
  return after_prefix(KeyWriter().u8(place.rank).u32(place.depth));
}

// Walks from `from` on; `visit` tells where to go on, or nothing: with the next row.
void walk(const Reader& reader, std::string from,
          const std::function<std::optional<std::string>(const FrontierEntry&)>& visit) {
  for (bool more = true; more;) {
    more = false;
    const auto each = [&](std::string_view key, std::string_view value) {
      auto next = visit(decode_place(key, value));
      if (!next) return true;
      from = std::move(*next);
      more = !from.empty();
      return false;
    };
    reader.scan(Table::graph_frontier, from, "", each);
  }
}

}  // namespace

std::string place_key(const Place& place, UserId id) {
  return KeyWriter().u8(place.rank).u32(place.depth).i64(place.due_ms).u64(id).bytes();
}

FrontierEntry decode_place(std::string_view key, std::string_view value) {
  const auto read_key = [](FrontierEntry& entry, KeyReader& place) {
    entry.place.rank = enumerated(place.u8(), rank_asked, rank_stale);
    entry.place.depth = place.u32();
    entry.place.due_ms = place.i64();
    entry.id = place.u64();
  };
  const auto empty = [](FrontierEntry&, ValueReader&) {};
  return decoded_row<FrontierEntry>(Table::graph_frontier, key, value,
                                    {version, "place in the frontier"}, read_key, empty);
}

void move_place(Writer& writer, const User* before, const User* after) {
  const auto old_place = before != nullptr ? before->place : std::nullopt;
  const auto new_place = after != nullptr ? after->place : std::nullopt;
  if (old_place == new_place) return;
  if (old_place) writer.erase(Table::graph_frontier, place_key(*old_place, before->id));
  if (new_place)
    writer.put(Table::graph_frontier, place_key(*new_place, after->id),
               ValueWriter(version).take());
}

std::vector<FrontierEntry> next_in_frontier(const Reader& reader, std::int64_t now_ms,
                                            std::uint32_t depth_most, std::size_t most) {
  std::vector<FrontierEntry> entries;
  if (most == 0) return entries;
  const auto each = [&](const FrontierEntry& entry) -> std::optional<std::string> {
    if (entry.place.depth > depth_most) return after_prefix(rank_key(entry.place.rank));
    if (entry.place.due_ms > now_ms) return after_group(entry.place);
    entries.push_back(entry);
    if (entries.size() == most) return "";
    return std::nullopt;
  };
  walk(reader, rank_key(rank_asked), each);
  return entries;
}

std::optional<std::int64_t> next_due_ms(const Reader& reader, std::int64_t now_ms) {
  std::optional<std::int64_t> next;
  if (now_ms == ms_most) return next;
  const auto each = [&](const FrontierEntry& entry) {
    if (entry.place.due_ms <= now_ms) return std::optional(group_key(entry.place, now_ms + 1));
    if (!next || entry.place.due_ms < *next) next = entry.place.due_ms;
    return std::optional(after_group(entry.place));
  };
  walk(reader, rank_key(rank_asked), each);
  return next;
}

}  // namespace tidemark::storage::graph
