#include "storage/repositories.hpp"

#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

std::string repository_key(std::string_view member, std::string_view id) {
  return KeyWriter().text(member).text(id).bytes();
}

}  // namespace

Repository decode_repository(std::string_view key, std::string_view value) {
  return decoded(Table::repositories, key, [&] {
    Repository repository;
    KeyReader place(key);
    place.text();
    repository.id = place.text();
    place.end();
    ValueReader in(value, version, "repository");
    repository.name = in.text();
    repository.url = in.text();
    repository.is_fork = in.boolean();
    repository.is_private = in.boolean();
    repository.created_s = in.i64();
    repository.commits = in.u64();
    repository.trouble = in.text();
    in.end();
    return repository;
  });
}

std::optional<Repository> find_repository(const Reader& reader, std::string_view member,
                                          std::string_view id) {
  const auto key = repository_key(member, id);
  const auto value = reader.get(Table::repositories, key);
  if (!value) return std::nullopt;
  return decode_repository(key, *value);
}

void put_repository(Writer& writer, std::string_view member, const Repository& repository) {
  require_member_id(member);
  ValueWriter out(version);
  out.text(repository.name).text(repository.url);
  out.boolean(repository.is_fork).boolean(repository.is_private);
  out.i64(repository.created_s).u64(repository.commits).text(repository.trouble);
  writer.put(Table::repositories, repository_key(member, repository.id), out.take());
}

std::vector<Repository> list_repositories(const Reader& reader, std::string_view member) {
  std::vector<Repository> repositories;
  const auto prefix = KeyWriter().text(member).bytes();
  const auto each = [&](std::string_view key, std::string_view value) {
    repositories.push_back(decode_repository(key, value));
    return true;
  };
  reader.scan(Table::repositories, prefix, after_prefix(prefix), each);
  return repositories;
}

}  // namespace tidemark::storage
