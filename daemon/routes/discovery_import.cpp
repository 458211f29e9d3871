#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <span>
#include <unordered_set>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/discovery_bounds.hpp"
#include "daemon/routes/routes.hpp"
#include "jobs/discovery/limits.hpp"
#include "jobs/discovery/seeds.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::daemon {

namespace json = boost::json;
namespace discovery = jobs::discovery;

namespace {

constexpr std::size_t seeds_a_write = 1'000;

// ["octocat", "mona"]; who is there twice counts once.
discovery::SeedFile read_list(std::string_view body) {
  discovery::SeedFile file;
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 4;
  const json::value value = json::parse(body, error, {}, options);
  const auto* list = error ? nullptr : value.if_array();
  if (list == nullptr) {
    file.problems.emplace_back(
        "the body must be a JSON list of logins, or text with one login a line (Content-Type: "
        "text/plain)");
    return file;
  }
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < list->size() && file.problems.empty(); ++i) {
    const auto* text = (*list)[i].if_string();
    const std::string login = text == nullptr ? "" : std::string(text->data(), text->size());
    if (!discovery::is_login(login)) {
      file.problems.push_back(fmt::format("entry {}: {}", i + 1, not_a_login(login)));
    } else if (seen.insert(storage::graph::lower_case(login)).second) {
      file.logins.push_back(login);
    }
  }
  return file;
}

discovery::SeedFile read_body(const http::Request& request) {
  const auto type = request.headers.find("Content-Type").value_or("");
  if (type.find("json") != std::string_view::npos) return read_list(request.body);
  return discovery::read_seeds(request.body);
}

struct Imported {
  std::uint64_t named = 0, denied = 0;
  std::optional<storage::Enqueued> crawl;
};

// A thousand a transaction, so that others get to write meanwhile.
async::Task<Imported> name_all(RouteServices& services, std::vector<std::string> logins,
                               discovery::SeedOptions options, std::uint64_t users_most) {
  Imported imported;
  const std::span<const std::string> all(logins);
  for (std::size_t first = 0; first < all.size(); first += seeds_a_write) {
    const auto some = all.subspan(first, std::min(seeds_a_write, all.size() - first));
    auto work = [&](storage::Writer& writer) {
      if (users_most > 0) discovery::put_users_limit(writer, users_most);
      return discovery::name_seeds(writer, some, options, services.now_ms());
    };
    const discovery::NamedSeeds seeds =
        co_await services.store.write(storage::Durability::now, work);
    imported.named += seeds.named.size();
    imported.denied += seeds.denied.size();
    if (!imported.crawl && !seeds.named.empty()) imported.crawl = seeds.crawl;
  }
  co_return imported;
}

async::Task<http::Reply> import_seeds(RouteServices& services, http::Call call) {
  QueryReader query(call, seed_import_query());
  discovery::SeedOptions options;
  options.depth_most = static_cast<std::uint32_t>(query.number("depth"));
  const auto users_most = query.number("limit");
  discovery::SeedFile file = read_body(call.request);
  if (!file.problems.empty()) query.fail(fmt::format("{}", fmt::join(file.problems, "; ")));
  if (file.logins.empty()) query.fail("the body names nobody: give one GitHub login a line");
  if (query.failed()) co_return query.refusal();
  if (!services.discovery_enabled) co_return discovery_is_off();
  const Imported imported =
      co_await name_all(services, std::move(file.logins), options, users_most);
  services.runner.wake();
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  json::object answer;
  answer["named"] = imported.named;
  answer["denied"] = imported.denied;
  answer["job"] = nullptr;
  if (imported.crawl) answer["job"] = job_json(imported.crawl->job, services.now_ms(), clean);
  answer["joined"] = imported.crawl && imported.crawl->joined;
  co_return json_answer(202, answer);
}

}  // namespace

const QueryParameters& seed_import_query() {
  static const QueryParameters all = {whole_number("depth", 1, seed_depth_most),
                                      whole_number("limit", 1, users_limit_most)};
  return all;
}

void add_import_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "POST",
       .pattern = "/v1/discovery/seeds",
       .summary = "Names seeds from a file: one login a line, CSV, or a JSON list; at most 1 MB",
       .writes = true,
       .handle = [&services](http::Call call) { return import_seeds(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
