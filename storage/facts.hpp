#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "storage/engine.hpp"
#include "storage/week.hpp"

namespace tidemark::storage {

// On disk: never change a number.
enum class FactKind : std::uint8_t {
  commit = 1,
  issue = 2,
  pull_request = 3,
  review = 4,
  repository = 5,  // created by the member
  day = 6,         // contributions of one calendar day, in the account's time zone
};

// One thing a member did, in the week it belongs to.
struct Fact {
  Week week;
  FactKind kind = FactKind::commit;
  std::int64_t time_s = 0;       // orders facts within a week and kind
  std::string id;                // commit: "<repository id> <sha>"; day: the date; others: the url
  std::uint32_t generation = 0;  // of the run that saw it last
  std::string json;              // the exact text that goes into the uploaded file
};

void put_fact(Writer& writer, std::string_view member, const Fact& fact);
// The stored fact of the same week, kind, time and id.
[[nodiscard]] std::optional<Fact> find_fact(const Reader& reader, std::string_view member,
                                            const Fact& like);
void erase_fact(Writer& writer, std::string_view member, const Fact& fact);
// In order of week, kind, time, id, for weeks in [from, until), until `visit` returns false.
void scan_facts(const Reader& reader, std::string_view member, Week from, Week until,
                const std::function<bool(const Fact&)>& visit);

}  // namespace tidemark::storage
