#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/discovery_bounds.hpp"
#include "daemon/routes/routes.hpp"
#include "jobs/discovery/limits.hpp"
#include "jobs/discovery/seeds.hpp"
#include "storage/graph/frontier.hpp"

namespace tidemark::daemon {

namespace json = boost::json;
namespace discovery = jobs::discovery;
using storage::graph::Seed;

namespace {

json::array texts(const std::vector<std::string>& list) {
  return json::array(list.begin(), list.end());
}

json::object seed_json(const Seed& seed, const Clean& clean) {
  json::object object;
  object["login"] = seed.login;
  object["user"] = nullptr;
  if (seed.id != 0) object["user"] = seed.id;
  object["depth"] = nullptr;
  if (seed.depth_most != 0) object["depth"] = seed.depth_most;
  object["problem"] = text_or_null(clean(seed.problem));
  add_time(object, "asked", seed.asked_ms);
  return object;
}

async::Task<http::Reply> name_seeds(RouteServices& services, http::Call call) {
  BodyReader body(call.request.body, {"seeds", "depth", "limit"});
  const auto logins = body.tokens("seeds", logins_most_a_request);
  discovery::SeedOptions options;
  options.depth_most = static_cast<std::uint32_t>(body.number("depth", 1, seed_depth_most));
  const auto users_most = body.number("limit", 1, users_limit_most);
  for (const auto& login : logins) {
    if (!discovery::is_login(login)) body.fail(not_a_login(login));
  }
  if (body.failed()) co_return body.refusal();
  if (!services.discovery_enabled) co_return discovery_is_off();
  const auto now_ms = services.now_ms();
  auto work = [&](storage::Writer& writer) {
    if (users_most > 0) discovery::put_users_limit(writer, users_most);
    return discovery::name_seeds(writer, logins, options, now_ms);
  };
  const auto seeds = co_await services.store.write(storage::Durability::now, work);
  services.runner.wake();
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  json::object answer;
  answer["named"] = texts(seeds.named);
  answer["denied"] = texts(seeds.denied);
  answer["job"] = nullptr;
  if (!seeds.named.empty()) answer["job"] = job_json(seeds.crawl.job, now_ms, clean);
  answer["joined"] = seeds.crawl.joined;
  co_return json_answer(202, answer);
}

async::Task<http::Reply> start(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  if (!services.discovery_enabled) co_return discovery_is_off();
  const auto now_ms = services.now_ms();
  auto work = [now_ms](storage::Writer& writer) { return discovery::start_crawl(writer, now_ms); };
  const auto crawl = co_await services.store.write(storage::Durability::soon, work);
  services.runner.wake();
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  json::object answer;
  answer["job"] = job_json(crawl.job, now_ms, clean);
  answer["joined"] = crawl.joined;
  co_return json_answer(202, answer);
}

// With `login`, that one alone.
async::Task<http::Reply> list_seeds(RouteServices& services, http::Call call) {
  QueryReader query(call, seeds_query());
  const auto login = query.text("login");
  const auto limit = query.number("limit");
  const auto after = query.cursor();
  if (query.failed()) co_return query.refusal();
  auto body = [&](const storage::Reader& reader) {
    if (!login) return storage::graph::list_seeds(reader, after, limit + 1);
    std::vector<Seed> one;
    if (auto seed = storage::graph::find_seed(reader, *login)) one.push_back(std::move(*seed));
    return one;
  };
  const std::vector<Seed> seeds = co_await services.store.read(body);
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  json::object answer;
  json::array rows;
  for (std::size_t i = 0; i < seeds.size() && i < limit; ++i) {
    rows.push_back(seed_json(seeds[i], clean));
  }
  answer["seeds"] = std::move(rows);
  answer["next"] = nullptr;
  if (seeds.size() > limit) answer["next"] = write_cursor(seeds[limit - 1].login);
  co_return json_answer(200, answer);
}

async::Task<http::Reply> remove_seed(RouteServices& services, http::Call call) {
  const QueryReader query(call, {});
  if (query.failed()) co_return query.refusal();
  const std::string& login = call.path_values.at("login");
  auto work = [&login](storage::Writer& writer) {
    const bool found = storage::graph::find_seed(writer, login).has_value();
    if (found) storage::graph::erase_seed(writer, login);
    return found;
  };
  const bool found = co_await services.store.write(storage::Durability::now, work);
  if (!found) {
    co_return not_found(fmt::format("there is no seed {}; `tidemark graph seeds` lists them",
                                    login.substr(0, 100)));
  }
  http::Reply reply;
  reply.response.status = 204;
  co_return reply;
}

}  // namespace

const QueryParameters& seeds_query() {
  static const QueryParameters all = {free_text("login"), whole_number("limit", 1, 500, 50),
                                      free_text("cursor")};
  return all;
}

void add_seed_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "POST",
       .pattern = "/v1/discovery",
       .summary = "Names accounts that the graph grows from, and starts the crawl",
       .writes = true,
       .handle = [&services](http::Call call) { return name_seeds(services, std::move(call)); }});
  routes.push_back(
      {.method = "POST",
       .pattern = "/v1/discovery/run",
       .summary = "Starts the crawl now; joins the one under way",
       .writes = true,
       .handle = [&services](http::Call call) { return start(services, std::move(call)); }});
  routes.push_back(
      {.method = "GET",
       .pattern = "/v1/discovery/seeds",
       .summary = "Accounts that the crawl begins with, in order of login",
       .handle = [&services](http::Call call) { return list_seeds(services, std::move(call)); }});
  routes.push_back(
      {.method = "DELETE",
       .pattern = "/v1/discovery/seeds/{login}",
       .summary = "Begins with this account no more; what is known stays",
       .writes = true,
       .handle = [&services](http::Call call) { return remove_seed(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
