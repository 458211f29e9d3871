#include "storage/graph/frontier.hpp"
#include "storage/graph/row_decoders.hpp"
#include "storage/graph/user_rows.hpp"
#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

// 2: `unread`.
constexpr std::uint8_t version = 2;

// Wraps around when `sign` is taken for -1; the sum is right again once all are counted.
void count(Totals& totals, const User& user, std::uint64_t sign) {
  if (user.kind == UserKind::organization) {
    totals.organizations += sign;
  } else {
    totals.users += sign;
    if (user.read_ms != 0) totals.read += sign;
  }
  if (user.presence == Presence::gone) totals.gone += sign;
  if (!user.place) return;
  totals.waiting += sign;
  if (user.place->rank != rank_stale) totals.unread += sign;
}

}  // namespace

std::string totals_key() {
  return KeyWriter().text("").u8(static_cast<std::uint8_t>(CountsKind::graph)).bytes();
}

Totals decode_totals(std::string_view key, std::string_view value) {
  return decoded(Table::counts, key, [&] {
    ValueReader in(value, version, "totals of the graph");
    Totals totals;
    totals.users = in.u64();
    totals.read = in.u64();
    totals.gone = in.u64();
    totals.organizations = in.u64();
    totals.repositories = in.u64();
    totals.waiting = in.u64();
    // As it was reckoned before.
    const bool more = totals.waiting > totals.read;
    totals.unread = in.version() > 1 ? in.u64() : more ? totals.waiting - totals.read : 0;
    in.end();
    return totals;
  });
}

Totals totals(const Reader& reader) {
  const auto key = totals_key();
  const auto value = reader.get(Table::counts, key);
  return value ? decode_totals(key, *value) : Totals();
}

void put_totals(Writer& writer, const Totals& totals) {
  if (totals == Totals()) return writer.erase(Table::counts, totals_key());
  ValueWriter out(version);
  out.u64(totals.users).u64(totals.read).u64(totals.gone);
  out.u64(totals.organizations).u64(totals.repositories).u64(totals.waiting);
  out.u64(totals.unread);
  writer.put(Table::counts, totals_key(), out.take());
}

void add_to(Totals& totals, const User& user) { count(totals, user, 1); }

void move_totals(Writer& writer, const User* before, const User* after) {
  Totals change;
  if (before != nullptr) count(change, *before, ~std::uint64_t{0});
  if (after != nullptr) count(change, *after, 1);
  if (change == Totals()) return;
  Totals sum = totals(writer);
  sum.users += change.users;
  sum.read += change.read;
  sum.gone += change.gone;
  sum.organizations += change.organizations;
  sum.waiting += change.waiting;
  sum.unread += change.unread;
  put_totals(writer, sum);
}

}  // namespace tidemark::storage::graph
