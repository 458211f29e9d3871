#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "tests/simulators/github.hpp"
#include "tests/simulators/github/rest_json.hpp"
#include "tests/simulators/github/view.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

// What a list that was taken away answers; nothing: it is open.
std::optional<http::Response> taken_away(ListState state) {
  switch (state) {
    case ListState::open: return std::nullopt;
    case ListState::empty: return json_response(200, json::array{});
    case ListState::forbidden: return message_response(403, "Resource not accessible");
    case ListState::missing: return message_response(404, "Not Found");
    case ListState::gone: break;
  }
  return message_response(410, "This feature has been removed");
}

// GitHub orders by full name unless told otherwise.
void put_in_order(std::vector<RepositoryPointer>& all, const http::Form& query) {
  std::string sort(http::form_value(query, "sort").value_or("full_name"));
  std::string direction(
      http::form_value(query, "direction").value_or(sort == "full_name" ? "asc" : "desc"));
  auto key = [&](const Repository& one) -> std::int64_t {
    if (sort == "created") return one.created_s;
    if (sort == "pushed") return one.pushed_s;
    return sort == "updated" ? updated_of(one) : 0;
  };
  auto less = [&](const Repository& left, const Repository& right) {
    if (sort == "full_name" && left.name != right.name) return left.name < right.name;
    if (key(left) != key(right)) return key(left) < key(right);
    return left.database_id < right.database_id;
  };
  std::sort(all.begin(), all.end(), [&](const auto& left, const auto& right) {
    return direction == "desc" ? less(*right, *left) : less(*left, *right);
  });
}

}  // namespace

http::Response GithubSimulator::rest_account(Step& step, const Account* account,
                                             std::string_view rest_of_path) {
  if (account == nullptr) return message_response(404, "Not Found");
  if (rest_of_path.empty()) {
    bool signed_in = step.caller.kind == Caller::Kind::user;
    return json_response(200, whole_account_json(world_, *account, settings_.api_url, signed_in));
  }
  return rest_list(step, *account, rest_of_path.substr(1));
}

http::Response GithubSimulator::rest_list(Step& step, const Account& account,
                                          std::string_view list) {
  bool known = list == "followers" || list == "following" || list == "repos" || list == "starred" ||
               list == "subscriptions";
  if (!known) return message_response(404, "Not Found");
  if (query_number(step, "page", 1) > settings_.deepest_page) {
    return message_response(422,
                            "In order to keep the API fast for everyone, pagination is limited for "
                            "this resource.");
  }
  if (auto closed = taken_away(settings_.lists.state(list == "repos" ? "repositories" : list))) {
    return std::move(*closed);
  }
  step.asked.pages.push_back(list_page(account.database_id, list, http::encode_form(step.query)));
  std::string path = fmt::format("/user/{}/{}", account.database_id, list);
  if (list == "followers" || list == "following") {
    auto all = list == "followers" ? world_.graph().followers(account.index)
                                   : world_.graph().following(account.index);
    return paged(step, path, all.size(), [&](std::size_t index) -> std::optional<json::value> {
      const Account& each = world_.accounts()[all[index]];
      if (!each.visible()) return std::nullopt;
      return account_json(each, settings_.api_url);
    });
  }
  std::vector<RepositoryPointer> all;
  if (list == "repos") {
    all = world_.repositories_of(account);
    std::erase_if(all, [](const RepositoryPointer& each) { return each->is_private; });
    put_in_order(all, step.query);
  } else if (list == "starred") {
    for (std::uint64_t id : world_.starred_by(account)) {
      all.push_back(world_.generated_repository(id));
    }
  }
  return paged(step, path, all.size(), [&](std::size_t index) -> std::optional<json::value> {
    return repository_json(*all[index], settings_.api_url);
  });
}

// Paged by number, not by page; the way to the beginning is a URI template.
http::Response GithubSimulator::rest_all_accounts(Step& step) {
  std::uint64_t per_page = per_page_of(step);
  std::vector<const Account*> all =
      world_.accounts_after(query_number(step, "since", 0), per_page + 1);
  bool more = all.size() > per_page;
  if (more) all.pop_back();
  json::array shown;
  for (const Account* each : all) shown.push_back(account_json(*each, settings_.api_url));
  http::Response response = json_response(200, shown);
  std::string link;
  if (more) {
    http::Form form;
    for (const auto& field : step.query) {
      if (field.first != "since") form.push_back(field);
    }
    form.emplace_back("since", std::to_string(all.back()->database_id));
    link = "<" + settings_.api_url + "/users?" + http::encode_form(form) + ">; rel=\"next\", ";
  }
  response.headers.set("Link", link + "<" + settings_.api_url + "/users{?since}>; rel=\"first\"");
  return response;
}

// Since 2026-06-30 only the owner sees these.
http::Response GithubSimulator::rest_watching(Step& step, const Repository& repository,
                                              std::string_view list) {
  if (query_number(step, "page", 1) > settings_.deepest_page) {
    return message_response(422,
                            "In order to keep the API fast for everyone, pagination is limited for "
                            "this resource.");
  }
  bool own = step.caller.account() == repository.owner;
  if (!own) {
    if (auto closed = taken_away(settings_.lists.state(list))) return std::move(*closed);
  }
  std::vector<const Account*> all;
  if (list == "subscribers") {
    all.push_back(repository.owner);
  } else {
    for (const Account& each : world_.accounts()) {
      if (each.visible() && world_.has_starred(each, repository.database_id)) all.push_back(&each);
    }
  }
  return paged(step, fmt::format("/repositories/{}/{}", repository.database_id, list), all.size(),
               [&](std::size_t index) -> std::optional<json::value> {
                 return account_json(*all[index], settings_.api_url);
               });
}

}  // namespace tidemark::simulators
