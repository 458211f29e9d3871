#include "storage/purge.hpp"

#include <algorithm>

#include "storage/codec.hpp"
#include "storage/purge_row.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

std::uint64_t owed(const Reader& reader) {
  const auto value = reader.get(Table::meta, purge_row);
  return value ? decode_purge(*value) : 0;
}

void put_owed(Writer& writer, std::uint64_t erasures) {
  if (erasures == 0) return writer.erase(Table::meta, purge_row);
  writer.put(Table::meta, purge_row, ValueWriter(version).u64(erasures).take());
}

}  // namespace

std::uint64_t decode_purge(std::string_view value) {
  ValueReader in(value, version, "purge");
  const std::uint64_t erasures = in.u64();
  in.end();
  return erasures;
}

void owe_purge(Writer& writer, std::string_view member) {
  put_owed(writer, owed(writer) + 1);
  if (member.empty()) return writer.note_erased(Table::quota, {}, {});
  const auto prefix = KeyWriter().text(member).bytes();
  writer.note_erased(Table::facts, prefix, after_prefix(prefix));
}

bool is_purge_owed(const Reader& reader) { return owed(reader) > 0; }

boost::asio::awaitable<bool> purge(Store& store, std::function<bool()> goes_on) {
  auto find = [](const Reader& reader) { return owed(reader); };
  const std::uint64_t erasures = co_await store.read(std::move(find));
  if (erasures == 0) co_return true;
  auto begin = [erasures](Engine& engine) { return engine.begin_purge(erasures); };
  const std::unique_ptr<Purge> purge = co_await store.beside(std::move(begin));
  Purge::Step step = Purge::Step::more;
  while (step == Purge::Step::more) {
    if (!goes_on()) co_return false;
    auto piece = [&purge](Engine&) { return purge->step(); };
    step = co_await store.beside(std::move(piece));
  }
  if (step == Purge::Step::later) co_return false;
  // Those that came meanwhile stay owed.
  auto settle = [erasures](Writer& writer) {
    const std::uint64_t still = owed(writer);
    put_owed(writer, still - std::min(still, erasures));
  };
  co_await store.write(Durability::soon, std::move(settle));
  co_return true;
}

}  // namespace tidemark::storage
