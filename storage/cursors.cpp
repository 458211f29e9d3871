#include "storage/cursors.hpp"

#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

std::string cursor_key(std::string_view owner, std::string_view name) {
  return KeyWriter().text(owner).text(name).bytes();
}

}  // namespace

std::string decode_cursor(std::string_view key, std::string_view value) {
  return decoded(Table::cursors, key, [&] {
    KeyReader place(key);
    place.text();
    place.text();
    place.end();
    ValueReader in(value, version, "cursor");
    auto json = in.text();
    in.end();
    return json;
  });
}

std::optional<std::string> find_cursor(const Reader& reader, std::string_view owner,
                                       std::string_view name) {
  const auto key = cursor_key(owner, name);
  const auto value = reader.get(Table::cursors, key);
  if (!value) return std::nullopt;
  return decode_cursor(key, *value);
}

void put_cursor(Writer& writer, std::string_view owner, std::string_view name,
                std::string_view json) {
  writer.put(Table::cursors, cursor_key(owner, name), ValueWriter(version).text(json).take());
}

void erase_cursor(Writer& writer, std::string_view owner, std::string_view name) {
  writer.erase(Table::cursors, cursor_key(owner, name));
}

}  // namespace tidemark::storage
