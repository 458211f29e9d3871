#include <algorithm>
#include <limits>

#include "tests/simulators/github/view.hpp"
#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

class CommitObject final : public graphql::Object {
 public:
  CommitObject(const View& view, const Repository& repository, std::size_t position)
      : view_(view), repository_(repository), commit_(repository.commits[position]) {}
  std::string_view type() const override { return "Commit"; }

  Resolved field(std::string_view name, const json::object& arguments) const override {
    if (name == "oid") return text(commit_.sha);
    if (name == "id") return text("C_" + base64(commit_.sha, true));
    if (name == "abbreviatedOid") return text(commit_.sha.substr(0, 7));
    if (name == "message" || name == "messageHeadline") return text(commit_.headline);
    if (name == "committedDate") return moment(commit_.committed_s);
    if (name == "authoredDate") return moment(commit_.authored_s);
    if (name == "additions") return json::value(view_.number(commit_.additions));
    if (name == "deletions") return json::value(view_.number(commit_.deletions));
    if (name == "url") return text(repository_url(repository_) + "/commit/" + commit_.sha);
    if (name == "author") return author();
    return make_history(view_, repository_, arguments);
  }

 private:
  ObjectPointer author() const {
    graphql::Record::Fields fields{{"name", text(commit_.author->name)},
                                   {"email", text(commit_.author->login + "@example.invalid")},
                                   {"date", moment(commit_.authored_s)},
                                   {"user", make_user(view_, *commit_.author)}};
    return std::make_shared<graphql::Record>("GitActor", std::move(fields));
  }

  const View& view_;
  const Repository& repository_;
  const Commit& commit_;
};

std::int64_t bound(const json::object& arguments, std::string_view name, std::int64_t otherwise) {
  const json::value* given = arguments.if_contains(name);
  if (given == nullptr || !given->is_string()) return otherwise;
  auto parsed = parse_moment(given->as_string());
  if (!parsed) {
    throw graphql::FieldError("", "Argument '" + std::string(name) +
                                      "' has an invalid value. Expected type 'GitTimestamp'.");
  }
  return *parsed;
}

// The repository's positions by that author, or all when none is asked for.
std::vector<std::size_t> positions_by(const View& view, const Repository& repository,
                                      const json::object& arguments) {
  const json::value* author = arguments.if_contains("author");
  const json::value* id =
      author != nullptr && author->is_object() ? author->as_object().if_contains("id") : nullptr;
  if (id == nullptr || !id->is_string()) {
    std::vector<std::size_t> all(repository.commits.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    return all;
  }
  for (const Account& each : view.world->accounts()) {
    if (each.node_id != id->as_string()) continue;
    for (const AuthoredIn& in : view.world->authored_by(each)) {
      if (in.repository == &repository) return in.positions;
    }
  }
  return {};
}

}  // namespace

ObjectPointer make_commit(const View& view, const Repository& repository, std::size_t position) {
  return std::make_shared<CommitObject>(view, repository, position);
}

// Newest first by the repository's own order, filtered by the committer's time, both ends included.
ObjectPointer make_history(const View& view, const Repository& repository,
                           const json::object& arguments) {
  std::int64_t since_s = bound(arguments, "since", std::numeric_limits<std::int64_t>::min());
  std::int64_t until_s = bound(arguments, "until", std::numeric_limits<std::int64_t>::max());
  // A cursor names the commit that was newest when paging began, so that what is pushed meanwhile
  // does not shift the pages.
  std::string head = repository.commits.empty() ? std::string() : repository.commits.back().sha;
  std::size_t newest = repository.commits.size();
  if (const json::value* after = arguments.if_contains("after"); after && after->is_string()) {
    std::string_view cursor = after->as_string();
    std::string_view named = cursor.substr(0, cursor.find(' '));
    for (std::size_t i = 0; i < repository.commits.size(); ++i) {
      if (repository.commits[i].sha != named) continue;
      head = repository.commits[i].sha;
      newest = i + 1;
    }
  }
  std::vector<std::size_t> kept;
  for (std::size_t position : positions_by(view, repository, arguments)) {
    std::int64_t at_s = repository.commits[position].committed_s;
    if (position < newest && at_s >= since_s && at_s <= until_s) kept.push_back(position);
  }
  std::reverse(kept.begin(), kept.end());
  if (const Fault* fault = view.fault(FaultKind::truncate_history, &repository)) {
    kept.resize(
        std::min(kept.size(), static_cast<std::size_t>(std::max<std::int64_t>(fault->amount, 0))));
  }
  Page page = page_of(arguments, kept.size(), head + " ");
  view.weigh(1 + (page.end - page.begin));
  std::vector<ObjectPointer> nodes;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    nodes.push_back(make_commit(view, repository, kept[i]));
  }
  return make_connection(view, "CommitHistoryConnection", page, std::move(nodes));
}

}  // namespace tidemark::simulators
