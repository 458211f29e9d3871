#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "storage/codec.hpp"
#include "storage/engine.hpp"

// Private to this room: what every repository needs to read its rows and to name them in errors.

namespace tidemark::storage {

// "?" from the first number on that is no table.
[[nodiscard]] std::string_view name_of(Table table);

// A key as people read it: weeks["0123", 2026-W18]. Bytes that are no such key come out in hex.
[[nodiscard]] std::string readable(Table table, std::string_view key);

// Closes every sentence about bytes that make no sense.
inline constexpr const char* damage_remedy = "; run `tidemark check`, then restore a backup";

// Throws CorruptRecord that begins with table and key; `why` ends with the remedy.
[[noreturn]] void throw_corrupt(Table table, std::string_view key, std::string_view why);

// The value of `decode()`; a CorruptRecord that it throws is thrown again with table and key.
template <class Decode>
auto decoded(Table table, std::string_view key, const Decode& decode) {
  try {
    return decode();
  } catch (const CorruptRecord& error) {
    throw_corrupt(table, key, error.what());
  }
}

// How a value is written: the newest version that we know, and what errors call it.
struct ValueForm {
  std::uint8_t newest = 1;
  std::string_view what;
};

// A row out of its key and its value, each read to its last byte.
template <class Row, class ReadKey, class ReadValue>
Row decoded_row(Table table, std::string_view key, std::string_view value, ValueForm form,
                const ReadKey& read_key, const ReadValue& read_value) {
  return decoded(table, key, [&] {
    Row row;
    KeyReader place(key);
    read_key(row, place);
    place.end();
    ValueReader in(value, form.newest, form.what);
    read_value(row, in);
    in.end();
    return row;
  });
}

// A number on disk that must name a value of the enumeration, whose values have no gaps.
template <class Enumeration>
Enumeration enumerated(std::uint64_t number, Enumeration first, Enumeration last) {
  if (number < static_cast<std::uint64_t>(first) || number > static_cast<std::uint64_t>(last))
    throw CorruptRecord("no meaning is known for the number " + std::to_string(number) +
                        damage_remedy);
  return static_cast<Enumeration>(number);
}

template <class Number>
Number narrowed(std::uint64_t number) {
  if (number > std::numeric_limits<Number>::max())
    throw CorruptRecord("the number " + std::to_string(number) + " is too large for its field" +
                        damage_remedy);
  return static_cast<Number>(number);
}

// The first text of a key: the member in all tables of members.
[[nodiscard]] std::string owner_of(std::string_view key);

// Throws std::invalid_argument for a member id that cannot own rows: the empty one, and those that
// begin like secret_owners.hpp says; their keys are those of rows that belong to nobody.
void require_member_id(std::string_view member);

}  // namespace tidemark::storage
