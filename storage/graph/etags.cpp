#include "storage/graph/etags.hpp"

#include "storage/graph/etag_rows.hpp"
#include "storage/graph/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 1;

std::string etag_key(std::string_view address) {
  return KeyWriter().text(subject_of(address)).text(address).bytes();
}

// What stands between `before` and the next slash, question mark or end.
std::string_view segment_after(std::string_view address, std::string_view before) {
  const std::size_t at = address.find(before);
  if (at == address.npos) return {};
  address.remove_prefix(at + before.size());
  return address.substr(0, address.find_first_of("/?#"));
}

}  // namespace

std::string subject_of(std::string_view address) {
  // In what is asked for, not in how ("?since=/user/5").
  const auto path = address.substr(0, address.find('?'));
  if (const auto number = segment_after(path, "/user/"); !number.empty())
    return '#' + std::string(number);
  if (const auto login = segment_after(path, "/users/"); !login.empty())
    return subject_of_login(login);
  return {};
}

std::string subject_of(UserId id) { return '#' + std::to_string(id); }
std::string subject_of_login(std::string_view login) { return '@' + lower_case(login); }

EtagRow decode_etag(std::string_view key, std::string_view value) {
  const auto read_key = [](EtagRow& row, KeyReader& place) {
    row.subject = place.text();
    row.address = place.text();
  };
  const auto read_value = [](EtagRow& row, ValueReader& in) {
    row.etag = in.text();
    if (row.subject != subject_of(row.address))
      throw CorruptRecord("the address is not about that account" + std::string(damage_remedy));
  };
  return decoded_row<EtagRow>(Table::graph_etags, key, value, {version, "etag"}, read_key,
                              read_value);
}

std::optional<std::string> find_etag(const Reader& reader, std::string_view address) {
  const auto key = etag_key(address);
  const auto value = reader.get(Table::graph_etags, key);
  if (!value) return std::nullopt;
  return decode_etag(key, *value).etag;
}

void put_etag(Writer& writer, std::string_view address, std::string_view etag) {
  writer.put(Table::graph_etags, etag_key(address), ValueWriter(version).text(etag).take());
}

void erase_etag(Writer& writer, std::string_view address) {
  writer.erase(Table::graph_etags, etag_key(address));
}

void erase_etags_of(Writer& writer, std::string_view subject) {
  const auto prefix = KeyWriter().text(subject).bytes();
  writer.erase_range(Table::graph_etags, prefix, after_prefix(prefix));
}

}  // namespace tidemark::storage::graph
