#include <array>

#include "storage/graph/differences.hpp"
#include "storage/graph/repository_rows.hpp"
#include "storage/graph/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 1;

// Answers that fit into a bit each; the numbers that are not always asked, and the mark of one that
// is gone, follow only when their bit is set. On disk: never change a number.
struct Bit {
  std::uint64_t mask;
  bool Repository::* field;
};
constexpr std::array bits = {Bit{1, &Repository::is_private},  Bit{2, &Repository::is_fork},
                             Bit{4, &Repository::archived},    Bit{8, &Repository::disabled},
                             Bit{16, &Repository::has_issues}, Bit{32, &Repository::has_projects},
                             Bit{64, &Repository::has_wiki}};
constexpr std::uint64_t bit_asked_downloads = 128, bit_downloads = 256, bit_asked_pages = 512,
                        bit_pages = 1024, bit_subscribers = 2048, bit_open_issues = 4096,
                        bit_gone = 8192, bit_end = 16384;

std::uint64_t bits_of(const Repository& repository) {
  std::uint64_t set = 0;
  for (const auto& [mask, field] : bits) {
    if (repository.*field) set |= mask;
  }
  if (repository.has_downloads) set |= bit_asked_downloads;
  if (repository.has_downloads.value_or(false)) set |= bit_downloads;
  if (repository.has_pages) set |= bit_asked_pages;
  if (repository.has_pages.value_or(false)) set |= bit_pages;
  if (repository.subscribers) set |= bit_subscribers;
  if (repository.open_issues) set |= bit_open_issues;
  if (repository.gone_ms != 0) set |= bit_gone;
  return set;
}

void read_bits(std::uint64_t set, Repository& repository) {
  for (const auto& [mask, field] : bits) repository.*field = (set & mask) != 0;
  if ((set & bit_asked_downloads) != 0) repository.has_downloads = (set & bit_downloads) != 0;
  if ((set & bit_asked_pages) != 0) repository.has_pages = (set & bit_pages) != 0;
}

void read_repository(ValueReader& in, Repository& repository) {
  const std::uint64_t set = in.u64();
  if (set >= bit_end)
    throw CorruptRecord("a part is named that never was" + std::string(damage_remedy));
  read_bits(set, repository);
  repository.node_id = in.text();
  repository.name = in.text();
  repository.description = in.text();
  repository.homepage = in.text();
  repository.language = in.text();
  repository.created_s = in.i64();
  repository.updated_s = in.i64();
  repository.pushed_s = in.i64();
  repository.stargazers = in.u64();
  repository.forks = in.u64();
  repository.first_seen_ms = in.i64();
  repository.last_seen_ms = later_by(repository.first_seen_ms, in.i64());
  if ((set & bit_subscribers) != 0) repository.subscribers = in.u64();
  if ((set & bit_open_issues) != 0) repository.open_issues = in.u64();
  if ((set & bit_gone) != 0) repository.gone_ms = later_by(repository.first_seen_ms, in.i64());
}

}  // namespace

std::string encode_repository(const Repository& repository) {
  ValueWriter out(version);
  out.u64(bits_of(repository)).text(repository.node_id).text(repository.name);
  out.text(repository.description).text(repository.homepage).text(repository.language);
  out.i64(repository.created_s).i64(repository.updated_s).i64(repository.pushed_s);
  out.u64(repository.stargazers).u64(repository.forks);
  out.i64(repository.first_seen_ms)
      .i64(difference(repository.first_seen_ms, repository.last_seen_ms));
  if (repository.subscribers) out.u64(*repository.subscribers);
  if (repository.open_issues) out.u64(*repository.open_issues);
  if (repository.gone_ms != 0) out.i64(difference(repository.first_seen_ms, repository.gone_ms));
  return out.take();
}

Repository decode_repository(std::string_view key, std::string_view value) {
  const auto read_key = [](Repository& repository, KeyReader& place) {
    repository.owner = place.u64();
    repository.id = place.u64();
  };
  const auto read_value = [](Repository& repository, ValueReader& in) {
    read_repository(in, repository);
  };
  return decoded_row<Repository>(Table::graph_repositories, key, value,
                                 {version, "repository of the graph"}, read_key, read_value);
}

}  // namespace tidemark::storage::graph
