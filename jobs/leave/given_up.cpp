#include "jobs/leave/given_up.hpp"

#include <boost/json.hpp>

#include "storage/cursors.hpp"

namespace tidemark::jobs::leave {

namespace json = boost::json;

namespace {

// No member's id begins like that.
constexpr std::string_view owner = "!given-up", cursor_name = "list";
constexpr std::size_t kept_most = 20, bytes_most = 500;

std::vector<GivenUp> read_list(const std::string& text) {
  std::vector<GivenUp> list;
  const json::value rows = json::parse(text);
  for (const json::value& row : rows.as_array()) {
    list.push_back(
        {row.at("at_ms").to_number<std::int64_t>(), std::string(row.at("what").as_string())});
  }
  return list;
}

}  // namespace

std::vector<GivenUp> list_given_up(const storage::Reader& reader) {
  const auto text = storage::find_cursor(reader, owner, cursor_name);
  if (!text) return {};
  try {
    return read_list(*text);
  } catch (const std::exception&) {
    return {};
  }
}

void note_given_up(storage::Writer& writer, std::string_view what, std::int64_t now_ms) {
  std::vector<GivenUp> list = list_given_up(writer);
  list.push_back({now_ms, std::string(what.substr(0, bytes_most))});
  if (list.size() > kept_most) list.erase(list.begin());
  json::array rows;
  for (const GivenUp& each : list) {
    rows.push_back(json::object{{"at_ms", each.at_ms}, {"what", each.what}});
  }
  storage::put_cursor(writer, owner, cursor_name, json::serialize(rows));
}

}  // namespace tidemark::jobs::leave
