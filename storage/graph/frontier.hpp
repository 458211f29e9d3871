#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::storage::graph {

// Accounts to read next, in order of rank, depth, due time and id. Rows are written by put_user,
// from User::place.
//
// Ranks. On disk: never change a number.
inline constexpr std::uint8_t rank_asked = 1;  // a person waits
inline constexpr std::uint8_t rank_new = 2;    // never read: by depth, then by when it was seen
inline constexpr std::uint8_t rank_stale = 3;  // to be read again: by turn (as depth), due time

struct FrontierEntry {
  Place place;
  UserId id = 0;
};
// Those that are due at `now_ms`, at most `most`, none deeper than `depth_most`.
[[nodiscard]] std::vector<FrontierEntry> next_in_frontier(const Reader& reader, std::int64_t now_ms,
                                                          std::uint32_t depth_most,
                                                          std::size_t most);
// When the next one that is not due yet will be; nothing: there is none.
[[nodiscard]] std::optional<std::int64_t> next_due_ms(const Reader& reader, std::int64_t now_ms);

// A list of which pages are missing: where to go on.
struct ListReading {
  UserId user = 0;
  List list = List::followers;
  std::string next;            // GraphQL's cursor, or REST's address of the next page
  bool rest = false;           // `next` is an address
  std::uint64_t total = 0;     // as GitHub counted it at the first page
  std::uint64_t taken = 0;     // entries so far
  bool compares = false;       // what was seen is noted, so that at the end the others are ended
  std::uint32_t failures = 0;  // of this page in a row
  std::int64_t started_ms = 0;
  std::uint32_t page_size = 100;
};
void put_list_reading(Writer& writer, const ListReading& reading);
void erase_list_reading(Writer& writer, UserId user, List list);
[[nodiscard]] std::optional<ListReading> find_list_reading(const Reader& reader, UserId user,
                                                           List list);
// In order of user and list, after that place.
[[nodiscard]] std::vector<ListReading> list_readings(
    const Reader& reader, const std::optional<std::pair<UserId, List>>& after, std::size_t most);

// What a reading with `compares` has seen so far; erased when it ends.
void note_seen(Writer& writer, UserId user, List list, const std::vector<std::uint64_t>& ids);
[[nodiscard]] bool was_seen(const Reader& reader, UserId user, List list, std::uint64_t id);
// Another number for one that was seen; nothing, if it was not.
void replace_seen(Writer& writer, UserId user, List list, std::uint64_t id, std::uint64_t by);
void erase_seen(Writer& writer, UserId user, List list);

// Who was named as a seed, by login.
struct Seed {
  std::string login;  // as it was given
  std::int64_t asked_ms = 0;
  UserId id = 0;                 // 0: not looked up yet
  std::string problem;           // why it cannot be crawled ("GitHub knows no such account")
  std::uint32_t depth_most = 0;  // 0: as the settings say
};
void put_seed(Writer& writer, const Seed& seed);
void erase_seed(Writer& writer, std::string_view login);
[[nodiscard]] std::optional<Seed> find_seed(const Reader& reader, std::string_view login);
[[nodiscard]] std::vector<Seed> list_seeds(const Reader& reader, std::string_view after_login,
                                           std::size_t most);
// Seeds that nobody has looked up yet.
[[nodiscard]] std::vector<Seed> unresolved_seeds(const Reader& reader, std::size_t most);

}  // namespace tidemark::storage::graph
