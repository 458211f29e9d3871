#include <algorithm>

#include "tests/simulators/github/view.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

std::string_view text_of(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string_view(found->as_string())
                                                : std::string_view();
}

// GitHub's default is owner and collaborator, unlike REST's.
bool affiliated(const json::object& arguments, std::string_view wanted) {
  const json::value* given = arguments.if_contains("ownerAffiliations");
  if (given == nullptr || given->is_null()) return true;
  if (given->is_string()) return given->as_string() == wanted;
  if (!given->is_array()) return false;
  const json::array& all = given->as_array();
  return std::any_of(all.begin(), all.end(), [&](const json::value& each) {
    return each.is_string() && each.as_string() == wanted;
  });
}

bool asked(const json::object& arguments, const Repository& repository) {
  const json::value* fork = arguments.if_contains("isFork");
  if (fork != nullptr && fork->is_bool() && fork->as_bool() != repository.fork) return false;
  const json::value* archived = arguments.if_contains("isArchived");
  if (archived != nullptr && archived->is_bool() && archived->as_bool() != repository.archived) {
    return false;
  }
  std::string_view privacy = text_of(arguments, "privacy");
  return privacy.empty() || (privacy == "PRIVATE") == repository.is_private;
}

void put_in_order(std::vector<RepositoryPointer>& all, const json::object& arguments) {
  const json::value* order = arguments.if_contains("orderBy");
  if (order == nullptr || !order->is_object()) return;  // oldest first as they come
  std::string_view field = text_of(order->as_object(), "field");
  auto key = [field](const Repository& one) -> std::int64_t {
    if (field == "STARGAZERS") return static_cast<std::int64_t>(one.stars);
    if (field == "PUSHED_AT") return one.pushed_s;
    if (field == "UPDATED_AT") return updated_of(one);
    return field == "NAME" ? 0 : one.created_s;
  };
  auto less = [&](const Repository& left, const Repository& right) {
    if (field == "NAME" && left.name != right.name) return left.name < right.name;
    if (key(left) != key(right)) return key(left) < key(right);
    return left.database_id < right.database_id;
  };
  bool descending = text_of(order->as_object(), "direction") == "DESC";
  std::sort(all.begin(), all.end(), [&](const auto& left, const auto& right) {
    return descending ? less(*right, *left) : less(*left, *right);
  });
}

}  // namespace

ObjectPointer make_owned(const View& view, const Account& account, const json::object& arguments) {
  std::vector<RepositoryPointer> all;
  if (affiliated(arguments, "OWNER")) all = view.world->repositories_of(account);
  RepositoryPointer other =
      affiliated(arguments, "COLLABORATOR") ? view.world->collaboration_of(account) : nullptr;
  if (other != nullptr) all.push_back(std::move(other));
  std::erase_if(all, [&](const RepositoryPointer& each) {
    return !view.visible(*each) || !asked(arguments, *each);
  });
  put_in_order(all, arguments);
  std::size_t count = view.open_list(account, "repositories", arguments, all.size());
  Page page = page_of(arguments, count, {});
  std::vector<ObjectPointer> nodes;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    nodes.push_back(make_repository(view, all[i]));
  }
  return make_connection(view, "RepositoryConnection", page, std::move(nodes));
}

ObjectPointer make_starred(const View& view, const Account& account,
                           const json::object& arguments) {
  std::vector<std::uint64_t> ids = view.world->starred_by(account);
  std::size_t count = view.open_list(account, "starredRepositories", arguments, ids.size());
  Page page = page_of(arguments, count, {});
  std::vector<ObjectPointer> nodes;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    nodes.push_back(make_repository(view, view.world->generated_repository(ids[i])));
  }
  return make_connection(view, "StarredRepositoryConnection", page, std::move(nodes));
}

ObjectPointer make_gists(const View& view, const Account& account, const json::object& arguments) {
  bool secret = text_of(arguments, "privacy") == "SECRET";
  std::size_t there = secret ? 0 : view.world->profile(account).gists;
  std::size_t count = view.open_list(account, "gists", arguments, there);
  Page page = page_of(arguments, count, {});
  std::vector<ObjectPointer> nodes;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    std::string name = hex_digest("MD5", account.node_id + std::to_string(i));
    graphql::Record::Fields fields{{"id", text("G_" + name)},
                                   {"name", text(name)},
                                   {"isPublic", json::value(true)},
                                   {"createdAt", moment(account.created_s)}};
    nodes.push_back(std::make_shared<graphql::Record>("Gist", std::move(fields)));
  }
  return make_connection(view, "GistConnection", page, std::move(nodes));
}

ObjectPointer make_counted(const View& view, std::string_view type, std::uint64_t count) {
  Page page;
  page.total = count;
  return make_connection(view, type, page, {});
}

}  // namespace tidemark::simulators
