#include "storage/graph/frontier.hpp"
#include "storage/graph/reading_rows.hpp"
#include "storage/graph/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 1;

std::string reading_key(UserId user, List list) {
  return KeyWriter().u64(user).u8(static_cast<std::uint8_t>(list)).bytes();
}

}  // namespace

std::string seen_key(UserId user, List list, std::uint64_t id) {
  return KeyWriter().u64(user).u8(static_cast<std::uint8_t>(list)).u64(id).bytes();
}

std::string seen_prefix(UserId user) { return KeyWriter().u64(user).bytes(); }

ListReading decode_list_reading(std::string_view key, std::string_view value) {
  const auto read_key = [](ListReading& reading, KeyReader& place) {
    reading.user = place.u64();
    reading.list = enumerated(place.u8(), List::followers, List::stars);
  };
  const auto read_value = [](ListReading& reading, ValueReader& in) {
    reading.next = in.text();
    reading.rest = in.boolean();
    reading.total = in.u64();
    reading.taken = in.u64();
    reading.compares = in.boolean();
    reading.failures = narrowed<std::uint32_t>(in.u64());
    reading.started_ms = in.i64();
    reading.page_size = narrowed<std::uint32_t>(in.u64());
  };
  return decoded_row<ListReading>(Table::graph_readings, key, value, {version, "reading of a list"},
                                  read_key, read_value);
}

void put_list_reading(Writer& writer, const ListReading& reading) {
  ValueWriter out(version);
  out.text(reading.next).boolean(reading.rest).u64(reading.total).u64(reading.taken);
  out.boolean(reading.compares).u64(reading.failures).i64(reading.started_ms);
  out.u64(reading.page_size);
  writer.put(Table::graph_readings, reading_key(reading.user, reading.list), out.take());
}

void erase_list_reading(Writer& writer, UserId user, List list) {
  writer.erase(Table::graph_readings, reading_key(user, list));
}

std::optional<ListReading> find_list_reading(const Reader& reader, UserId user, List list) {
  const auto key = reading_key(user, list);
  const auto value = reader.get(Table::graph_readings, key);
  if (!value) return std::nullopt;
  return decode_list_reading(key, *value);
}

std::vector<ListReading> list_readings(const Reader& reader,
                                       const std::optional<std::pair<UserId, List>>& after,
                                       std::size_t most) {
  std::vector<ListReading> readings;
  if (most == 0) return readings;
  const auto from = after ? reading_key(after->first, after->second) + '\0' : std::string();
  const auto each = [&](std::string_view key, std::string_view value) {
    readings.push_back(decode_list_reading(key, value));
    return readings.size() < most;
  };
  reader.scan(Table::graph_readings, from, "", each);
  return readings;
}

SeenRow decode_seen(std::string_view key, std::string_view value) {
  const auto read_key = [](SeenRow& row, KeyReader& place) {
    row.user = place.u64();
    row.list = enumerated(place.u8(), List::followers, List::stars);
    row.id = place.u64();
  };
  const auto empty = [](SeenRow&, ValueReader&) {};
  return decoded_row<SeenRow>(Table::graph_seen, key, value, {version, "entry that was seen"},
                              read_key, empty);
}

// Visible at once: the page that ends a list is compared in the transaction that notes it.
void note_seen(Writer& writer, UserId user, List list, const std::vector<std::uint64_t>& ids) {
  const auto nothing = ValueWriter(version).take();
  for (const auto id : ids) writer.put(Table::graph_seen, seen_key(user, list, id), nothing);
}

bool was_seen(const Reader& reader, UserId user, List list, std::uint64_t id) {
  return reader.get(Table::graph_seen, seen_key(user, list, id)).has_value();
}

void replace_seen(Writer& writer, UserId user, List list, std::uint64_t id, std::uint64_t by) {
  if (!was_seen(writer, user, list, id)) return;
  writer.erase(Table::graph_seen, seen_key(user, list, id));
  note_seen(writer, user, list, {by});
}

void erase_seen(Writer& writer, UserId user, List list) {
  const auto prefix = reading_key(user, list);
  writer.erase_range(Table::graph_seen, prefix, after_prefix(prefix));
}

}  // namespace tidemark::storage::graph
