#include <algorithm>

#include "tests/simulators/github/view.hpp"
#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

class Ref final : public graphql::Object {
 public:
  Ref(const View& view, const Repository& repository) : view_(view), repository_(repository) {}
  std::string_view type() const override { return "Ref"; }

  Resolved field(std::string_view name, const json::object&) const override {
    if (name == "id") return text("REF_" + repository_.node_id);
    if (name == "name") return text("main");
    if (name == "prefix") return text("refs/heads/");
    return make_commit(view_, repository_, repository_.commits.size() - 1);
  }

 private:
  const View& view_;
  const Repository& repository_;
};

class RepositoryObject final : public graphql::Object {
 public:
  RepositoryObject(const View& view, RepositoryPointer repository)
      : view_(view), kept_(std::move(repository)), repository_(*kept_) {}
  std::string_view type() const override { return "Repository"; }

  Resolved field(std::string_view name, const json::object& arguments) const override {
    if (name == "id") return text(repository_.node_id);
    if (name == "databaseId") return json::value(repository_.database_id);
    if (name == "name") return text(repository_.name);
    if (name == "nameWithOwner") return text(repository_.full_name());
    if (name == "url") return text(repository_url(repository_));
    if (name == "isFork") return json::value(repository_.fork);
    if (name == "isPrivate") return json::value(repository_.is_private);
    if (name == "isArchived") return json::value(repository_.archived);
    if (name == "isEmpty") return json::value(repository_.commits.empty());
    if (name == "isDisabled") return json::value(repository_.disabled);
    if (name == "hasIssuesEnabled") return json::value(repository_.has_issues);
    if (name == "hasProjectsEnabled") return json::value(repository_.has_projects);
    if (name == "hasWikiEnabled") return json::value(repository_.has_wiki);
    if (name == "description") return text_or_null(repository_.description);
    if (name == "homepageUrl") return text_or_null(repository_.homepage);
    if (name == "primaryLanguage") return language();
    if (name == "stargazerCount") return json::value(repository_.stars);
    if (name == "forkCount") return json::value(repository_.forks);
    if (name == "createdAt") return moment(repository_.created_s);
    if (name == "updatedAt") return moment(updated_of(repository_));
    if (name == "pushedAt") {
      return repository_.pushed_s == 0 ? Resolved() : moment(repository_.pushed_s);
    }
    if (name == "owner") return make_user(view_, *repository_.owner);
    if (name == "watchers") {
      view_.weigh(1);
      return make_counted(view_, "UserConnection", repository_.watchers);
    }
    if (name == "issues") return items(ItemKind::issue, "IssueConnection", arguments);
    if (name == "pullRequests") {
      return items(ItemKind::pull_request, "PullRequestConnection", arguments);
    }
    if (name == "defaultBranchRef" && !repository_.commits.empty()) {
      return ObjectPointer(std::make_shared<Ref>(view_, repository_));
    }
    return Resolved();  // the branch of an empty repository
  }

 private:
  ObjectPointer language() const {
    if (repository_.language.empty()) return nullptr;
    graphql::Record::Fields fields{{"id", text("LA_" + base64(repository_.language, true))},
                                   {"name", text(repository_.language)}};
    return std::make_shared<graphql::Record>("Language", std::move(fields));
  }

  // Generated repositories know only how many issues are open.
  bool asks_open(const json::object& arguments) const {
    const json::value* states = arguments.if_contains("states");
    if (states == nullptr || !states->is_array()) return true;
    for (const json::value& each : states->as_array()) {
      if (each.is_string() && each.as_string() == "OPEN") return true;
    }
    return false;
  }

  ObjectPointer items(ItemKind kind, std::string_view type, const json::object& arguments) const {
    view_.weigh(1);
    std::vector<const Item*> all;
    for (const Item& each : view_.world->items()) {
      bool asked = each.state != "OPEN" || asks_open(arguments);
      if (each.kind == kind && each.repository == &repository_ && asked) all.push_back(&each);
    }
    if (kind == ItemKind::issue && all.empty() && repository_.open_issues > 0) {
      return make_counted(view_, type, asks_open(arguments) ? repository_.open_issues : 0);
    }
    Page page = page_of(arguments, all.size(), {});
    std::vector<ObjectPointer> nodes;
    for (std::size_t i = page.begin; i < page.end; ++i) nodes.push_back(make_item(view_, *all[i]));
    return make_connection(view_, type, page, std::move(nodes));
  }

  const View& view_;
  RepositoryPointer kept_;
  const Repository& repository_;
};

class ItemObject final : public graphql::Object {
 public:
  ItemObject(const View& view, const Item& item, ItemKind kind)
      : view_(view), item_(item), kind_(kind) {}

  std::string_view type() const override {
    if (kind_ == ItemKind::issue) return "Issue";
    return kind_ == ItemKind::review ? "PullRequestReview" : "PullRequest";
  }

  Resolved field(std::string_view name, const json::object& arguments) const override {
    // A review's pull request is not kept by itself: it takes its number and title.
    bool reviewed = kind_ == ItemKind::pull_request && item_.kind == ItemKind::review;
    if (name == "id") return text(reviewed ? "PR_of_" + item_.node_id : item_.node_id);
    if (name == "number") return json::value(item_.number);
    if (name == "title") return text(item_.title);
    if (name == "url") return text(url());
    if (name == "createdAt" || name == "submittedAt") return moment(item_.created_s);
    if (name == "state") return text(reviewed ? "OPEN" : item_.state);
    if (name == "merged") return json::value(item_.merged_s.has_value());
    if (name == "mergedAt") return item_.merged_s ? moment(*item_.merged_s) : Resolved();
    if (name == "repository") return make_repository(view_, *item_.repository);
    if (name == "author") return make_user(view_, *item_.author);
    if (name == "bodyHTML") return text("<p>" + item_.title + "</p>");
    if (name == "pullRequest") {
      return ObjectPointer(std::make_shared<ItemObject>(view_, item_, ItemKind::pull_request));
    }
    if (name == "labels" || name == "comments") {
      view_.weigh(1);
      return make_connection(view_, name == "labels" ? "LabelConnection" : "IssueCommentConnection",
                             page_of(arguments, 0, {}), {});
    }
    return Resolved();  // closedAt
  }

 private:
  std::string url() const {
    std::string path = kind_ == ItemKind::issue ? "/issues/" : "/pull/";
    std::string whole = repository_url(*item_.repository) + path + std::to_string(item_.number);
    if (kind_ == ItemKind::review) whole += "#pullrequestreview-" + std::to_string(item_.number);
    return whole;
  }

  const View& view_;
  const Item& item_;
  ItemKind kind_;
};

}  // namespace

ObjectPointer make_repository(const View& view, const Repository& repository) {
  return make_repository(view, RepositoryPointer(RepositoryPointer(), &repository));
}

ObjectPointer make_repository(const View& view, RepositoryPointer repository) {
  return std::make_shared<RepositoryObject>(view, std::move(repository));
}

std::int64_t updated_of(const Repository& repository) {
  return std::max({repository.updated_s, repository.pushed_s, repository.created_s});
}

ObjectPointer make_item(const View& view, const Item& item) {
  return std::make_shared<ItemObject>(view, item, item.kind);
}

}  // namespace tidemark::simulators
