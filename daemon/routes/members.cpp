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

struct MemberPage {
  std::vector<MemberReading> readings;
  std::vector<std::string> damaged;  // what cannot be read, and what to do about it
  std::string last;
  bool more = false;
};

// One damaged record hides its member, and nobody else.
MemberPage read_page(const storage::Reader& reader, const std::string& after, std::size_t most) {
  MemberPage page;
  const auto note = [&](const std::string&, const std::string& what) {
    page.damaged.push_back(what);
  };
  auto members = storage::list_members(reader, after, most + 1, note);
  page.more = members.size() > most;
  if (page.more) members.pop_back();
  if (!members.empty()) page.last = members.back().id;
  for (storage::Member& member : members) {
    try {
      page.readings.push_back(read_member(reader, std::move(member)));
    } catch (const storage::CorruptRecord& error) {
      page.damaged.emplace_back(error.what());
    }
  }
  return page;
}

json::object show(const RouteServices& services, const MemberReading& reading) {
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  std::optional<storage::Job> job = reading.job;
  if (job) job = services.runner.as_it_is(std::move(*job));
  return member_json(reading.member, reading.weeks, job, services.now_ms(), clean);
}

async::Task<http::Reply> list_all(RouteServices& services, http::Call call) {
  QueryReader query(call, members_query());
  const auto limit = query.number("limit");
  const auto after = query.cursor();
  if (query.failed()) co_return query.refusal();
  auto body = [&](const storage::Reader& reader) { return read_page(reader, after, limit); };
  const MemberPage page = co_await services.store.read(body);
  json::object answer;
  json::array rows, damaged;
  for (const MemberReading& reading : page.readings) rows.push_back(show(services, reading));
  for (const auto& what : page.damaged) damaged.emplace_back(services.log.clean(what));
  answer["members"] = std::move(rows);
  answer["damaged"] = std::move(damaged);
  answer["next"] = nullptr;
  if (page.more) answer["next"] = write_cursor(page.last);
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

const QueryParameters& members_query() {
  static const QueryParameters all = {whole_number("limit", 1, 500, 50), free_text("cursor")};
  return all;
}

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
