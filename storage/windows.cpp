#include "storage/windows.hpp"

#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

}  // namespace

WindowRow decode_window(std::string_view key, std::string_view value) {
  return decoded(Table::windows, key, [&] {
    WindowRow row;
    KeyReader place(key);
    place.text();
    row.window = place.i32();
    place.end();
    ValueReader in(value, version, "window");
    row.digest = in.u64();
    in.end();
    return row;
  });
}

void put_window(Writer& writer, std::string_view member, std::int32_t window,
                std::uint64_t digest) {
  require_member_id(member);
  writer.put(Table::windows, KeyWriter().text(member).i32(window),
             ValueWriter(version).u64(digest).take());
}

std::map<std::int32_t, std::uint64_t> list_windows(const Reader& reader, std::string_view member) {
  std::map<std::int32_t, std::uint64_t> windows;
  const auto prefix = KeyWriter().text(member).bytes();
  const auto each = [&](std::string_view key, std::string_view value) {
    const auto row = decode_window(key, value);
    windows[row.window] = row.digest;
    return true;
  };
  reader.scan(Table::windows, prefix, after_prefix(prefix), each);
  return windows;
}

}  // namespace tidemark::storage
