#include "jobs/leave/doomed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "http/digest.hpp"
#include "jobs/leave/leave_job.hpp"
#include "storage/cursors.hpp"
#include "storage/jobs.hpp"

namespace tidemark::jobs::leave {

namespace json = boost::json;

namespace {

constexpr std::string_view cursor_name = "doomed";
constexpr std::uint32_t priority = 50;

bool same(const DoomedToken& one, const DoomedToken& other) {
  return one.owner == other.owner && one.provider == other.provider;
}

void put_list(storage::Writer& writer, std::string_view member,
              const std::vector<DoomedToken>& list) {
  if (list.empty()) return storage::erase_cursor(writer, member, cursor_name);
  json::array rows;
  for (const DoomedToken& each : list) {
    rows.push_back(json::object{{"owner", each.owner},
                                {"provider", each.provider},
                                {"whole_grant", each.whole_grant},
                                {"since_ms", each.since_ms}});
  }
  storage::put_cursor(writer, member, cursor_name, json::serialize(rows));
}

// Throws what the JSON library throws.
std::vector<DoomedToken> read_list(const std::string& text) {
  std::vector<DoomedToken> list;
  const json::value rows = json::parse(text);
  for (const json::value& row : rows.as_array()) {
    DoomedToken each;
    each.owner = std::string(row.at("owner").as_string());
    each.provider = std::string(row.at("provider").as_string());
    each.whole_grant = row.at("whole_grant").as_bool();
    const json::value* since = row.as_object().if_contains("since_ms");
    if (since != nullptr) each.since_ms = since->to_number<std::int64_t>();
    list.push_back(std::move(each));
  }
  return list;
}

}  // namespace

std::string doomed_owner(const storage::Token& token) {
  return "!" + http::sha256_hex(token.access);
}

void doom_here(storage::Writer& writer, const storage::Sealer& sealer, std::string_view member,
               std::string_view provider, const storage::Token& token, bool whole_grant,
               std::int64_t now_ms) {
  DoomedToken doomed;
  doomed.owner = storage::put_doomed_token(writer, sealer, provider, token);
  doomed.provider = provider;
  doomed.whole_grant = whole_grant;
  doomed.since_ms = now_ms;
  std::vector<DoomedToken> list = list_doomed_of(writer, member);
  for (DoomedToken& each : list) {
    if (!same(each, doomed)) continue;
    each.whole_grant = each.whole_grant || whole_grant;
    return put_list(writer, member, list);
  }
  list.push_back(std::move(doomed));
  put_list(writer, member, list);
}

void doom(storage::Writer& writer, const storage::Sealer& sealer, std::string_view member,
          std::string_view provider, const storage::Token& token, bool whole_grant,
          std::int64_t now_ms) {
  doom_here(writer, sealer, member, provider, token, whole_grant, now_ms);
  storage::Job job;
  job.kind = disconnect_kind;
  job.key = member;
  job.priority = priority;
  storage::enqueue_job(writer, std::move(job), now_ms);
}

std::vector<DoomedToken> list_doomed_of(const storage::Reader& reader, std::string_view member) {
  const auto text = storage::find_cursor(reader, member, cursor_name);
  if (!text) return {};
  try {
    return read_list(*text);
  } catch (const std::exception&) {
    return {};
  }
}

void strike_off(storage::Writer& writer, std::string_view member, const DoomedToken& token) {
  std::vector<DoomedToken> list = list_doomed_of(writer, member);
  std::erase_if(list, [&](const DoomedToken& each) { return same(each, token); });
  storage::erase_token(writer, token.owner, token.provider);
  put_list(writer, member, list);
}

void erase_doomed_of(storage::Writer& writer, std::string_view member) {
  for (const DoomedToken& each : list_doomed_of(writer, member)) strike_off(writer, member, each);
}

}  // namespace tidemark::jobs::leave
