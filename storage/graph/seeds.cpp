#include <stdexcept>

#include "storage/graph/frontier.hpp"
#include "storage/graph/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 1;

std::string seed_key(SeedForm form, std::string_view login) {
  return KeyWriter().u8(static_cast<std::uint8_t>(form)).text(lower_case(login)).bytes();
}

std::string form_key(SeedForm form) {
  return KeyWriter().u8(static_cast<std::uint8_t>(form)).bytes();
}

}  // namespace

bool is_unresolved(const Seed& seed) { return seed.id == 0 && seed.problem.empty(); }

SeedRow decode_seed(std::string_view key, std::string_view value) {
  const auto read_key = [](SeedRow& row, KeyReader& place) {
    row.form = enumerated(place.u8(), SeedForm::seed, SeedForm::unresolved);
    row.login = place.text();
  };
  const auto read_value = [](SeedRow& row, ValueReader& in) {
    if (row.form == SeedForm::seed) {
      row.seed.login = in.text();
      row.seed.asked_ms = in.i64();
      row.seed.id = in.u64();
      row.seed.problem = in.text();
      row.seed.depth_most = narrowed<std::uint32_t>(in.u64());
      if (lower_case(row.seed.login) != row.login)
        throw CorruptRecord("the value is that of \"" + row.seed.login + "\"" + damage_remedy);
    }
  };
  return decoded_row<SeedRow>(Table::graph_seeds, key, value, {version, "seed"}, read_key,
                              read_value);
}

void put_seed(Writer& writer, const Seed& seed) {
  if (seed.login.empty()) throw std::invalid_argument("a seed needs a login");
  ValueWriter out(version);
  out.text(seed.login).i64(seed.asked_ms).u64(seed.id).text(seed.problem).u64(seed.depth_most);
  writer.put(Table::graph_seeds, seed_key(SeedForm::seed, seed.login), out.take());
  const auto waiting = seed_key(SeedForm::unresolved, seed.login);
  if (is_unresolved(seed)) {
    writer.put(Table::graph_seeds, waiting, ValueWriter(version).take());
  } else {
    writer.erase(Table::graph_seeds, waiting);
  }
}

void erase_seed(Writer& writer, std::string_view login) {
  writer.erase(Table::graph_seeds, seed_key(SeedForm::seed, login));
  writer.erase(Table::graph_seeds, seed_key(SeedForm::unresolved, login));
}

std::optional<Seed> find_seed(const Reader& reader, std::string_view login) {
  if (login.find('\0') != login.npos) return std::nullopt;
  const auto key = seed_key(SeedForm::seed, login);
  const auto value = reader.get(Table::graph_seeds, key);
  if (!value) return std::nullopt;
  return decode_seed(key, *value).seed;
}

std::vector<Seed> list_seeds(const Reader& reader, std::string_view after_login, std::size_t most) {
  std::vector<Seed> seeds;
  if (most == 0) return seeds;
  const auto form = form_key(SeedForm::seed);
  const auto from = form + lower_case(after_login) + '\0' + '\0';
  const auto each = [&](std::string_view key, std::string_view value) {
    seeds.push_back(decode_seed(key, value).seed);
    return seeds.size() < most;
  };
  reader.scan(Table::graph_seeds, from, after_prefix(form), each);
  return seeds;
}

std::vector<Seed> unresolved_seeds(const Reader& reader, std::size_t most) {
  std::vector<Seed> seeds;
  if (most == 0) return seeds;
  const auto form = form_key(SeedForm::unresolved);
  const auto each = [&](std::string_view key, std::string_view value) {
    if (auto seed = find_seed(reader, decode_seed(key, value).login))
      seeds.push_back(std::move(*seed));
    return seeds.size() < most;
  };
  reader.scan(Table::graph_seeds, form, after_prefix(form), each);
  return seeds;
}

}  // namespace tidemark::storage::graph
