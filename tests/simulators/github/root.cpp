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
    if (name == "repositoryOwner") return owner(text_argument(arguments, "login"));
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
    if (account == nullptr || !account->person()) {
      throw graphql::FieldError("NOT_FOUND",
                                "Could not resolve to a User with the login of '" + login + "'.");
    }
    return make_user(view_, *account);
  }

  // Nobody by that name is null without an error.
  ObjectPointer owner(const std::string& login) const {
    const Account* account = view_.world->find_login(login);
    return account == nullptr || account->bot ? nullptr : make_user(view_, *account);
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
    if (const Account* account = view_.world->find_node(id)) return make_user(view_, *account);
    RepositoryPointer repository = view_.world->find_repository_node(id);
    if (repository != nullptr && view_.visible(*repository)) {
      return make_repository(view_, std::move(repository));
    }
    for (const Item& each : view_.world->items()) {
      if (each.node_id == id && view_.visible(*each.repository)) return make_item(view_, each);
    }
    throw graphql::FieldError("NOT_FOUND",
                              "Could not resolve to a node with the global id of '" + id + "'");
  }

  const View& view_;
};

}  // namespace

std::unique_ptr<graphql::Object> make_root(const View& view) {
  return std::make_unique<Root>(view);
}

}  // namespace tidemark::simulators
