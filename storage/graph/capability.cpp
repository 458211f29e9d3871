#include "storage/graph/capability.hpp"

#include "storage/graph/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 2;
constexpr std::uint64_t accounts_most = 1'000;

std::string capability_key(List list) {
  return KeyWriter().u8(static_cast<std::uint8_t>(list)).bytes();
}

}  // namespace

std::string_view name_of(Ability ability) {
  switch (ability) {
    case Ability::ok: return "ok";
    case Ability::degraded: return "degraded";
    case Ability::gone: return "gone";
  }
  return "?";
}

Capability decode_capability(std::string_view key, std::string_view value) {
  const auto read_key = [](Capability& capability, KeyReader& place) {
    capability.list = enumerated(place.u8(), List::followers, List::stars);
  };
  const auto read_value = [](Capability& capability, ValueReader& in) {
    capability.ability = enumerated(in.u64(), Ability::ok, Ability::gone);
    capability.evidence = in.text();
    capability.since_ms = in.i64();
    capability.looked_ms = in.i64();
    capability.good = in.u64();
    capability.bad = in.u64();
    capability.bad_in_a_row = in.u64();
    const std::uint64_t accounts = in.version() < 2 ? 0 : in.u64();
    if (accounts > accounts_most) throw CorruptRecord("too many accounts in it");
    for (std::uint64_t each = 0; each < accounts; ++each) {
      capability.bad_accounts.push_back(narrowed<std::uint16_t>(in.u64()));
    }
  };
  return decoded_row<Capability>(Table::graph_capabilities, key, value, {version, "capability"},
                                 read_key, read_value);
}

Capability find_capability(const Reader& reader, List list) {
  const auto key = capability_key(list);
  const auto value = reader.get(Table::graph_capabilities, key);
  if (value) return decode_capability(key, *value);
  Capability untried;
  untried.list = list;
  return untried;
}

void put_capability(Writer& writer, const Capability& capability) {
  ValueWriter out(version);
  out.u64(static_cast<std::uint64_t>(capability.ability)).text(capability.evidence);
  out.i64(capability.since_ms).i64(capability.looked_ms);
  out.u64(capability.good).u64(capability.bad).u64(capability.bad_in_a_row);
  out.u64(capability.bad_accounts.size());
  for (const std::uint16_t account : capability.bad_accounts) out.u64(account);
  writer.put(Table::graph_capabilities, capability_key(capability.list), out.take());
}

}  // namespace tidemark::storage::graph
