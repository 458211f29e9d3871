#include "tests/simulators/github/view.hpp"
#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

std::string text_argument(const json::object& arguments, std::string_view name) {
  const json::value* found = arguments.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

class Root final : public graphql::Object {
 public:
  explicit Root(const View& view) : view_(view) {}
  std::string_view type() const override { return "Query"; }

  Resolved field(std::string_view name, const json::object& arguments) const override {
    if (name == "rateLimit") return view_.rate_limit;
    if (name == "viewer") {
      if (view_.viewer == nullptr) throw graphql::FieldError("FORBIDDEN", "An app is no viewer");
      return make_user(view_, *view_.viewer);
    }
    if (name == "user") return user(text_argument(arguments, "login"));
    if (name == "repository") {
      return repository(text_argument(arguments, "owner") + "/" + text_argument(arguments, "name"));
    }
    if (name == "node") return node(text_argument(arguments, "id"));
    Resolved all{std::vector<ObjectPointer>{}};
    for (const json::value& id : arguments.at("ids").as_array()) {
      try {
        all.list.push_back(node(id.is_string() ? std::string(id.as_string()) : std::string()));
      } catch (const graphql::FieldError& error) {
        all.list_errors.emplace_back(all.list.size(), error);
        all.list.push_back(nullptr);
      }
    }
    return all;
  }

 private:
  ObjectPointer user(const std::string& login) const {
    const Account* account = view_.world->find_login(login);
    if (account == nullptr || account->organization) {
      throw graphql::FieldError("NOT_FOUND",
                                "Could not resolve to a User with the login of '" + login + "'.");
    }
    return make_user(view_, *account);
  }

  ObjectPointer repository(const std::string& full_name) const {
    const Repository* found = view_.world->find_repository(full_name);
    if (found == nullptr || !view_.visible(*found)) {
      throw graphql::FieldError(
          "NOT_FOUND", "Could not resolve to a Repository with the name '" + full_name + "'.");
    }
    return make_repository(view_, *found);
  }

  ObjectPointer node(const std::string& id) const {
    for (const Account& each : view_.world->accounts()) {
      if (each.node_id == id && !each.deleted) return make_user(view_, each);
    }
    for (const Repository& each : view_.world->repositories()) {
      if (each.node_id == id && view_.visible(each)) return make_repository(view_, each);
    }
    for (const Item& each : view_.world->items()) {
      if (each.node_id == id && view_.visible(*each.repository)) return make_item(view_, each);
    }
    throw graphql::FieldError("NOT_FOUND",
                              "Could not resolve to a node with the global id of '" + id + "'");
  }

  const View& view_;
};

class User final : public graphql::Object {
 public:
  User(const View& view, const Account& account) : view_(view), account_(account) {}
  std::string_view type() const override { return account_.organization ? "Organization" : "User"; }

  Resolved field(std::string_view name, const json::object& arguments) const override {
    if (name == "id") return text(account_.node_id);
    if (name == "databaseId") return json::value(account_.database_id);
    if (name == "login") return text(account_.login);
    if (name == "name") return text(account_.name);
    if (name == "url") return text(account_url(account_));
    if (name == "avatarUrl") {
      return text("https://avatars.githubusercontent.com/u/" +
                  std::to_string(account_.database_id) + "?v=4");
    }
    if (name == "createdAt") return moment(account_.created_s);
    if (name == "contributionsCollection") return make_contributions(view_, account_, arguments);
    view_.weigh(1);
    if (name == "repositories") return repositories(arguments);
    // The graph of followers comes with discovery; until then nobody follows anybody.
    return make_connection(view_,
                           name == "followers" ? "FollowerConnection" : "FollowingConnection",
                           page_of(arguments, 0, {}), {});
  }

 private:
  ObjectPointer repositories(const json::object& arguments) const {
    std::vector<const Repository*> all;
    for (const Repository* each : view_.world->owned_by(account_)) {
      if (view_.visible(*each)) all.push_back(each);
    }
    Page page = page_of(arguments, all.size(), {});
    std::vector<ObjectPointer> nodes;
    for (std::size_t i = page.begin; i < page.end; ++i) {
      nodes.push_back(make_repository(view_, *all[i]));
    }
    return make_connection(view_, "RepositoryConnection", page, std::move(nodes));
  }

  const View& view_;
  const Account& account_;
};

}  // namespace

std::unique_ptr<graphql::Object> make_root(const View& view) {
  return std::make_unique<Root>(view);
}

ObjectPointer make_user(const View& view, const Account& account) {
  return std::make_shared<User>(view, account);
}

}  // namespace tidemark::simulators
