#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <map>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/routes.hpp"
#include "storage/weeks.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

constexpr std::uint64_t weeks_most = 10'000;  // 190 years

struct Range {
  std::optional<storage::Week> from, until;
};

std::optional<storage::Week> read_week(QueryReader& query, std::string_view name) {
  const auto text = query.text(name);
  if (!text) return std::nullopt;
  const auto week = storage::Week::parse(*text);
  if (!week) query.fail(fmt::format("{} must be an ISO week like 2026-W18", name));
  return week;
}

json::object week_json(storage::Week week, const storage::WeekRecord* record, const Clean& clean) {
  json::object object;
  object["week"] = week.text();
  object["state"] = record == nullptr ? "unknown" : storage::name_of(record->state);
  object["reason"] = record == nullptr ? nullptr : text_or_null(clean(record->reason));
  object["commits"] = record == nullptr ? 0 : record->commits;
  object["additions"] = record == nullptr ? 0 : record->additions;
  object["deletions"] = record == nullptr ? 0 : record->deletions;
  object["others"] = record == nullptr ? 0 : record->others;
  object["file"] = record == nullptr ? nullptr : text_or_null(record->file);
  return object;
}

struct WeeksReading {
  bool found = false;
  storage::Week from, until;  // until is exclusive
  bool cut = false;           // the range went on beyond `until`
  std::map<storage::Week, storage::WeekRecord> rows;
};

WeeksReading read_weeks(const storage::Reader& reader, const std::string& id, const Range& range,
                        std::int64_t now_ms) {
  WeeksReading reading;
  const auto member = storage::find_member(reader, id);
  if (!member) return reading;
  reading.found = true;
  const auto present = storage::Week::of(now_ms / 1000);
  reading.from = range.from.value_or(member->first_week.value_or(present));
  reading.until = range.until.value_or(present) + 1;
  // A range far out in time must not become a long answer.
  if (reading.until - reading.from > static_cast<std::int32_t>(weeks_most)) {
    reading.until = reading.from + static_cast<std::int32_t>(weeks_most);
    reading.cut = true;
  }
  storage::scan_weeks(reader, id, reading.from, reading.until,
                      [&](storage::Week week, const storage::WeekRecord& record) {
                        reading.rows.emplace(week, record);
                        return true;
                      });
  return reading;
}

// `state`: of those to be shown; empty: all.
json::object weeks_json(const WeeksReading& reading, const std::string& state, std::uint64_t limit,
                        const Clean& clean) {
  json::array rows;
  json::value next = nullptr;
  if (reading.cut) next = write_cursor(reading.until.text());
  for (storage::Week week = reading.from; week < reading.until; ++week) {
    const auto row = reading.rows.find(week);
    const auto* record = row == reading.rows.end() ? nullptr : &row->second;
    const std::string_view name = record == nullptr ? "unknown" : storage::name_of(record->state);
    if (!state.empty() && name != state) continue;
    if (rows.size() == limit) {
      next = write_cursor(week.text());
      break;
    }
    rows.push_back(week_json(week, record, clean));
  }
  json::object answer;
  answer["weeks"] = std::move(rows);
  answer["next"] = std::move(next);
  return answer;
}

async::Task<http::Reply> list_weeks(RouteServices& services, http::Call call) {
  QueryReader query(call, weeks_query());
  Range range;
  range.from = read_week(query, "from");
  range.until = read_week(query, "until");
  const auto state = query.choice("state");
  const auto limit = query.number("limit");
  if (const auto cursor = query.cursor(); !cursor.empty())
    range.from = storage::Week::parse(cursor);
  if (query.failed()) co_return query.refusal();
  const std::string& id = call.path_values.at("id");
  const auto now_ms = services.now_ms();
  auto body = [&](const storage::Reader& reader) { return read_weeks(reader, id, range, now_ms); };
  const WeeksReading reading = co_await services.store.read(body);
  if (!reading.found) co_return no_such_member(id);
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  co_return json_answer(200, weeks_json(reading, state, limit, clean));
}

}  // namespace

const QueryParameters& weeks_query() {
  static const QueryParameters all = {
      free_text("from"), free_text("until"),
      one_of("state", {"unknown", "partial", "complete", "uploaded"}),
      whole_number("limit", 1, weeks_most, 1'000), free_text("cursor")};
  return all;
}

void add_week_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/members/{id}/weeks",
       .summary = "Every week of a member, known or not",
       .handle = [&services](http::Call call) { return list_weeks(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
