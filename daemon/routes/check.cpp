#include <boost/json/array.hpp>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/routes.hpp"
#include "storage/check.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

async::Task<http::Reply> check(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  auto body = [](const storage::Reader& reader) { return storage::check_store(reader); };
  const storage::CheckReport report = co_await services.store.read(body);
  json::object answer;
  answer["rows"] = report.rows;
  json::array problems;
  for (const auto& problem : report.problems) problems.push_back(json::string(problem));
  answer["problems"] = std::move(problems);
  answer["more"] = report.more;
  co_return json_answer(200, answer);
}

}  // namespace

void add_check_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "POST",
       .pattern = "/v1/check",
       .summary = "Reads every row of the store and recounts every index and read model",
       .writes = true,
       .handle = [&services](http::Call call) { return check(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
