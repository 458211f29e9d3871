#include "storage/facts.hpp"

#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

std::string week_prefix(std::string_view member, Week week) {
  return KeyWriter().text(member).i32(week.index).bytes();
}

std::string fact_key(std::string_view member, const Fact& fact) {
  KeyWriter key;
  key.text(member).i32(fact.week.index).u8(static_cast<std::uint8_t>(fact.kind));
  return key.i64(fact.time_s).text(fact.id).bytes();
}

}  // namespace

Fact decode_fact(std::string_view key, std::string_view value) {
  return decoded(Table::facts, key, [&] {
    Fact fact;
    KeyReader place(key);
    place.text();
    fact.week = Week{place.i32()};
    fact.kind = enumerated(place.u8(), FactKind::commit, FactKind::day);
    fact.time_s = place.i64();
    fact.id = place.text();
    place.end();
    ValueReader in(value, version, "fact");
    fact.generation = narrowed<std::uint32_t>(in.u64());
    fact.json = in.text();
    in.end();
    return fact;
  });
}

void put_fact(Writer& writer, std::string_view member, const Fact& fact) {
  require_member_id(member);
  ValueWriter out(version);
  out.u64(fact.generation).text(fact.json);
  writer.put(Table::facts, fact_key(member, fact), out.take());
}

std::optional<Fact> find_fact(const Reader& reader, std::string_view member, const Fact& like) {
  const auto key = fact_key(member, like);
  const auto value = reader.get(Table::facts, key);
  if (!value) return std::nullopt;
  return decode_fact(key, *value);
}

void erase_fact(Writer& writer, std::string_view member, const Fact& fact) {
  writer.erase(Table::facts, fact_key(member, fact));
}

void scan_facts(const Reader& reader, std::string_view member, Week from, Week until,
                const std::function<bool(const Fact&)>& visit) {
  if (until <= from) return;
  const auto each = [&](std::string_view key, std::string_view value) {
    return visit(decode_fact(key, value));
  };
  reader.scan(Table::facts, week_prefix(member, from), week_prefix(member, until), each);
}

}  // namespace tidemark::storage
