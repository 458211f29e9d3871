#include <boost/json/array.hpp>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/routes.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

struct MemberReading {
  storage::Member member;
  storage::WeekCounts weeks;
  std::optional<storage::Job> job;
};

MemberReading read_member(const storage::Reader& reader, storage::Member member) {
  MemberReading reading;
  reading.weeks = storage::week_counts(reader, member.id);
  reading.job = storage::find_job(reader, "sync", member.id);
  reading.member = std::move(member);
  return reading;
}

json::object show(const RouteServices& services, const MemberReading& reading) {
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  std::optional<storage::Job> job = reading.job;
  if (job) job = services.runner.as_it_is(std::move(*job));
  return member_json(reading.member, reading.weeks, job, services.now_ms(), clean);
}

async::Task<http::Reply> list_all(RouteServices& services, http::Call call) {
  QueryReader query(call, {"limit", "cursor"});
  const auto limit = query.number("limit", 50, 1, 500);
  const auto after = query.cursor();
  if (query.failed()) co_return query.refusal();
  auto body = [&](const storage::Reader& reader) {
    std::vector<MemberReading> readings;
    for (auto& member : storage::list_members(reader, after, limit + 1)) {
      readings.push_back(read_member(reader, std::move(member)));
    }
    return readings;
  };
  const std::vector<MemberReading> readings = co_await services.store.read(body);
  json::object answer;
  json::array rows;
  for (std::size_t i = 0; i < readings.size() && i < limit; ++i) {
    rows.push_back(show(services, readings[i]));
  }
  answer["members"] = std::move(rows);
  answer["next"] = nullptr;
  if (readings.size() > limit) answer["next"] = write_cursor(readings[limit - 1].member.id);
  co_return json_answer(200, answer);
}

async::Task<http::Reply> show_one(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  const std::string& id = call.path_values.at("id");
  auto body = [&id](const storage::Reader& reader) {
    std::optional<MemberReading> reading;
    if (auto member = storage::find_member(reader, id)) {
      reading = read_member(reader, std::move(*member));
    }
    return reading;
  };
  const std::optional<MemberReading> reading = co_await services.store.read(body);
  if (!reading) co_return no_such_member(id);
  co_return json_answer(200, show(services, *reading));
}

}  // namespace

void add_member_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/members",
       .summary = "Members in order of id",
       .handle = [&services](http::Call call) { return list_all(services, std::move(call)); }});
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/members/{id}",
       .summary = "One member: state, progress, what it waits for",
       .handle = [&services](http::Call call) { return show_one(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
