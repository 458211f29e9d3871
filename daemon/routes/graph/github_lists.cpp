#include "daemon/routes/graph/github_ids.hpp"
#include "daemon/routes/graph/github_page.hpp"
#include "daemon/routes/graph/github_rows.hpp"
#include "daemon/routes/graph/pages.hpp"
#include "daemon/routes/graph/routes.hpp"
#include "daemon/routes/graph/user_rows.hpp"
#include "storage/graph/repository_orders.hpp"

namespace tidemark::daemon::graph {

using storage::graph::Repository;
using storage::graph::UserId;
using storage::graph::UserKind;
using storage::graph::UserPosition;

namespace {

constexpr FilterManners old_manners{.empty_is_absent = true};

// The rows of a page, looked for a slice at a time.
struct Search {
  GithubPage page;
  bool counts = false;  // there is a filter: every row that fits is counted
  JsonText results = JsonText(8 * 1024);
  std::uint64_t examined = 0, slice_end = 0;
  bool more = false;  // the slice was cut

  explicit Search(GithubPage of) : page(std::move(of)) { results.array(); }
  void begin_slice() {
    slice_end = examined + (examined == 0 ? examined_freely : examined_most);
    more = false;
  }
  // Before a row of a slice; false: the slice ends here.
  bool goes_on() {
    const bool over = examined == github_rows_most || (!counts && page.full());
    more = !over && examined == slice_end;
    if (over || more) return false;
    ++examined;
    return true;
  }
  http::Reply answer(std::uint64_t total) {
    results.end_array();
    return page.answer(counts ? page.matched() : total, results.bytes());
  }
};

// A login that is asked for is looked up, not looked for; so are repositories of an owner, who may
// stand in their full name. 0: nobody known.
std::optional<UserId> account_asked(const storage::Reader& reader, const Filter<User>& filter) {
  const auto* login = filter.exact_test("login");
  if (login == nullptr) return std::nullopt;
  const auto holder = storage::graph::find_login(reader, login->text);
  return holder ? holder->id : 0;
}

std::optional<UserId> owner_asked(const storage::Reader& reader,
                                  const Filter<RepositoryRow>& filter) {
  if (const auto* number = filter.exact_test("owner_github_id")) {
    const bool possible =
        number->number >= 0 && number->number <= static_cast<double>(storage::graph::user_id_most);
    return possible ? static_cast<UserId>(number->number) : 0;
  }
  const auto* name = filter.exact_test("full_name");
  if (name == nullptr) return std::nullopt;
  const std::string_view full = name->text;
  const auto holder = storage::graph::find_login(reader, full.substr(0, full.find('/')));
  return holder ? holder->id : 0;
}

// Newest first by when GitHub made the account; only those that were read, and no organizations.
async::Task<http::Reply> list_developers(RouteServices& services, std::shared_ptr<Gate> filters,
                                         http::Call call) {
  auto page = GithubPage::read(call);
  if (!page) co_return github_not_found("Invalid page.");
  const Filter<User> filter(user_fields(), call.query, old_manners);
  if (filter.problem()) co_return github_bad_filter(*filter.problem());
  Search search(std::move(*page));
  search.counts = !filter.empty();
  std::optional<UserPosition> after;
  std::uint64_t total = 0;
  auto slice = [&](const storage::Reader& reader) {
    total = storage::graph::totals(reader).read;
    search.begin_slice();
    auto visit = [&](const User& user, const UserPosition& position) {
      if (!search.goes_on()) return false;
      after = position;
      const bool fits = user.kind != UserKind::organization && filter.accepts(user);
      if (fits && search.page.take()) {
        write_developer(search.results, reader, search.page.origin(), user);
      }
      return true;
    };
    if (const auto id = account_asked(reader, filter)) {
      const auto user = storage::graph::find_user(reader, *id);
      if (user && user->read_ms != 0) visit(*user, {});
      return false;
    }
    storage::graph::scan_users(reader, storage::graph::UserOrder::created, after, {}, visit);
    return search.more;
  };
  if (!co_await read_slices(services, std::move(filters), slice)) co_return busy_walking();
  co_return search.answer(total);
}

async::Task<http::Reply> list_repositories(RouteServices& services, std::shared_ptr<Gate> filters,
                                           http::Call call) {
  auto page = GithubPage::read(call);
  if (!page) co_return github_not_found("Invalid page.");
  const Filter<RepositoryRow> filter(repository_fields(), call.query, old_manners);
  if (filter.problem()) co_return github_bad_filter(*filter.problem());
  Search search(std::move(*page));
  search.counts = !filter.empty();
  std::optional<storage::graph::RepositoryId> before;
  std::uint64_t total = 0;
  auto slice = [&](const storage::Reader& reader) {
    total = storage::graph::totals(reader).repositories;
    search.begin_slice();
    RepositoryRows rows(reader);
    auto visit = [&](const Repository& repository) {
      if (!search.goes_on()) return false;
      before = repository.id;
      const RepositoryRow row = rows.row_of(repository);
      if (filter.accepts(row) && search.page.take()) {
        write_github_repository(search.results, reader, search.page.origin(), row);
      }
      return true;
    };
    if (const auto owner = owner_asked(reader, filter)) {
      storage::graph::scan_newest_repositories_of(reader, *owner, before, visit);
    } else {
      storage::graph::scan_newest_repositories(reader, before, visit);
    }
    return search.more;
  };
  if (!co_await read_slices(services, std::move(filters), slice)) co_return busy_walking();
  co_return search.answer(total);
}

async::Task<http::Reply> show_developer(RouteServices& services, http::Call call) {
  const auto number = number_of(GithubTable::developers, call.path_values.at("id"));
  if (!number) co_return github_not_found();
  const std::string origin = origin_of(call.request);
  auto body = [&](const storage::Reader& reader) -> std::string {
    const auto user = storage::graph::find_user(reader, *number);
    if (!user) return {};
    JsonText json;
    write_developer(json, reader, origin, *user);
    return json.take();
  };
  std::string text = co_await services.store.read(body);
  if (text.empty()) co_return github_not_found();
  co_return http::json_reply(200, std::move(text));
}

async::Task<http::Reply> show_repository(RouteServices& services, http::Call call) {
  const auto number = number_of(GithubTable::repositories, call.path_values.at("id"));
  if (!number) co_return github_not_found();
  const std::string origin = origin_of(call.request);
  auto body = [&](const storage::Reader& reader) -> std::string {
    auto repository = storage::graph::find_repository(reader, *number);
    if (!repository) return {};
    JsonText json;
    RepositoryRows rows(reader);
    write_github_repository(json, reader, origin, rows.row_of(std::move(*repository)));
    return json.take();
  };
  std::string text = co_await services.store.read(body);
  if (text.empty()) co_return github_not_found();
  co_return http::json_reply(200, std::move(text));
}

}  // namespace

void add_github_list_routes(std::vector<http::Route>& routes, RouteServices& services,
                            std::shared_ptr<Gate> filters) {
  auto add = [&](std::string pattern, std::string summary, auto handle) {
    routes.push_back({.method = "GET",
                      .pattern = std::move(pattern),
                      .summary = std::move(summary),
                      .handle = [&services, handle](http::Call call) {
                        return handle(services, std::move(call));
                      }});
  };
  auto developers = [filters](RouteServices& owner, http::Call call) {
    return list_developers(owner, filters, std::move(call));
  };
  auto repositories = [filters](RouteServices& owner, http::Call call) {
    return list_repositories(owner, filters, std::move(call));
  };
  add("/github/developers/", "Accounts, newest first, ten a page", developers);
  add("/github/developers/{id}/", "One account by its UUID", show_developer);
  add("/github/repositories/", "Repositories, newest first, ten a page", repositories);
  add("/github/repositories/{id}/", "One repository by its UUID", show_repository);
}

}  // namespace tidemark::daemon::graph
