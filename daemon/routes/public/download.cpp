#include <boost/json/serialize.hpp>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/public/answers.hpp"
#include "daemon/routes/public/export_head.hpp"
#include "storage/facts.hpp"
#include "storage/weeks.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

using Send = std::function<async::Task<void>(std::string_view)>;
using storage::Week;

constexpr std::size_t weeks_at_once = 26;  // what stands in memory at a time

std::string_view list_of(storage::FactKind kind) {
  switch (kind) {
    case storage::FactKind::commit: return "commits";
    case storage::FactKind::issue: return "issues";
    case storage::FactKind::pull_request: return "pull_requests";
    case storage::FactKind::review: return "reviews";
    case storage::FactKind::repository: return "created_repositories";
    case storage::FactKind::day: return "days";
  }
  return "others";
}

// One week as JSON text: its facts are JSON already.
std::string week_text(const storage::Reader& reader, const std::string& id, Week week,
                      const storage::WeekRecord& record, const Clean& clean) {
  std::string text = "{\"week\":\"" + week.text() + "\",\"state\":" +
                     json::serialize(json::value(storage::name_of(record.state))) +
                     ",\"reason\":" + json::serialize(text_or_null(clean(record.reason))) +
                     ",\"lines_added\":" + std::to_string(record.additions) +
                     ",\"lines_deleted\":" + std::to_string(record.deletions) +
                     ",\"file\":" + json::serialize(text_or_null(record.file));
  std::string_view open;
  auto each = [&](const storage::Fact& fact) {
    const auto list = list_of(fact.kind);
    if (list != open) {
      if (!open.empty()) text += "]";
      text.append(",\"").append(list).append("\":[");
      open = list;
    } else {
      text += ",";
    }
    text += fact.json;
    return true;
  };
  storage::scan_facts(reader, id, week, week + 1, each);
  if (!open.empty()) text += "]";
  return text + "}";
}

struct Part {
  std::string text;
  std::optional<Week> next;  // empty: that was the last
};

Part weeks_from(const storage::Reader& reader, const std::string& id, Week from,
                const Clean& clean) {
  constexpr Week end{3'000'000};
  Part part;
  std::size_t count = 0;
  auto each = [&](Week week, const storage::WeekRecord& record) {
    if (count++ == weeks_at_once) {
      part.next = week;
      return false;
    }
    part.text += (part.text.empty() ? "" : ",\n") + week_text(reader, id, week, record, clean);
    return true;
  };
  storage::scan_weeks(reader, id, from, end, each);
  return part;
}

async::Task<void> send_all(PublicServices& services, std::string id, Send send) {
  const Clean clean = [&services](std::string_view text) { return services.log.clean(text); };
  auto head = [&](const storage::Reader& reader) {
    return json::serialize(export_head(reader, services.sealer, id, clean));
  };
  std::string text = co_await services.store.read(std::move(head));
  text.back() = ',';  // the object goes on
  co_await send(text + "\n\"weeks\":[\n");
  std::optional<Week> from = Week{-3'000'000};
  bool first = true;
  while (from) {
    auto read = [&](const storage::Reader& reader) { return weeks_from(reader, id, *from, clean); };
    Part part = co_await services.store.read(std::move(read));
    if (!part.text.empty() && !first) part.text.insert(0, ",\n");
    first = first && part.text.empty();
    from = part.next;
    if (!part.text.empty()) co_await send(part.text);
  }
  co_await send("\n]}\n");
}

async::Task<http::Reply> download(PublicServices& services, http::Call call) {
  const Visitor visitor = co_await visitor_of(services, call);
  if (!visitor.signed_in()) co_return go_to(services, "/", "session_ended");
  http::Reply reply;
  auto& headers = reply.response.headers;
  headers.set("Content-Type", "application/json");
  headers.set("Cache-Control", "no-store");
  headers.set("Content-Disposition",
              "attachment; filename=\"tidemark-" + visitor.member->id + ".json\"");
  reply.stream = [&services, id = visitor.member->id](Send send) {
    return send_all(services, id, std::move(send));
  };
  co_return reply;
}

}  // namespace

void add_download_routes(std::vector<http::Route>& routes, PublicServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/member/download",
       .summary = "Everything kept of a member, as JSON",
       .handle = [&services](http::Call call) { return download(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
