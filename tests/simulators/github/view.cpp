#include "tests/simulators/github/view.hpp"

#include <algorithm>
#include <charconv>

#include "tests/simulators/moment.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

bool View::visible(const Repository& repository) const {
  if (repository.access != Access::open) return false;
  if (!repository.owner->visible()) return false;
  if (fault(FaultKind::hide_repository, &repository) != nullptr) return false;
  return !repository.is_private || (sees_private && viewer != nullptr);
}

const Fault* View::fault(FaultKind kind, const Repository* repository) const {
  for (const Fault& each : faults) {
    bool concerns = each.repository.empty() ||
                    (repository != nullptr && each.repository == repository->full_name());
    if (each.kind == kind && concerns) return &each;
  }
  return nullptr;
}

void View::weigh(std::uint64_t amount) const {
  weight += amount;
  const Fault* limit = fault(FaultKind::resource_limits);
  if (limit != nullptr && weight > limit->weight) {
    throw graphql::FieldError("RESOURCE_LIMITS_EXCEEDED",
                              "Resource limits for this query exceeded.");
  }
}

std::int64_t View::total_count(std::size_t true_count) const {
  const Fault* lie = fault(FaultKind::total_count_lies);
  return static_cast<std::int64_t>(true_count) + (lie != nullptr ? lie->amount : 0);
}

std::int64_t View::number(std::int64_t true_number) const {
  return fault(FaultKind::negative_numbers) != nullptr ? -1 - true_number : true_number;
}

Resolved text(std::string_view value) { return json::value(json::string(value)); }
Resolved text_or_null(std::string_view value) { return value.empty() ? Resolved() : text(value); }
Resolved moment(std::int64_t unix_s) { return text(format_moment(unix_s)); }

std::string account_url(const Account& account) { return "https://github.com/" + account.login; }
std::string repository_url(const Repository& repository) {
  return "https://github.com/" + repository.full_name();
}

std::string Page::cursor(std::size_t index) const {
  std::string plain = cursor_prefix + std::to_string(index + 1);
  return cursor_prefix.empty() ? base64("cursor:v2:" + plain, false) : plain;
}

namespace {

// The number in a cursor of this list, from 1; 0: it is another list's, or there is no such
// element.
std::size_t number_of_cursor(const Page& page, std::string_view cursor, std::size_t total) {
  constexpr std::string_view version = "cursor:v2:";
  std::string plain(cursor);
  std::size_t digits = page.cursor_prefix.size();
  if (page.cursor_prefix.empty()) {
    plain = decode_base64(cursor).value_or("");
    digits = version.size();
  }
  if (plain.size() <= digits) return 0;
  std::size_t number = 0;
  const char* end = plain.data() + plain.size();
  auto [stopped, error] = std::from_chars(plain.data() + digits, end, number);
  bool right = error == std::errc() && stopped == end && number >= 1 && number <= total;
  return right && page.cursor(number - 1) == cursor ? number : 0;
}

}  // namespace

Page page_of(const json::object& arguments, std::size_t total, std::string cursor_prefix) {
  Page page;
  page.total = total;
  page.cursor_prefix = std::move(cursor_prefix);
  const json::value* after = arguments.if_contains("after");
  if (after != nullptr && after->is_string()) {
    page.begin = number_of_cursor(page, after->as_string(), total);
    bool found = page.begin > 0;
    if (!found && total > 0) {
      throw graphql::FieldError(
          "INVALID_CURSOR_ARGUMENTS",
          "`" + std::string(after->as_string()) + "` does not appear to be a valid cursor.");
    }
  }
  page.end = page.begin;
  if (const json::value* first = arguments.if_contains("first"); first && first->is_int64()) {
    page.end = std::min(total, page.begin + static_cast<std::size_t>(first->as_int64()));
  } else if (const json::value* last = arguments.if_contains("last"); last && last->is_int64()) {
    std::size_t wanted = std::min(total - page.begin, static_cast<std::size_t>(last->as_int64()));
    page.begin = total - wanted;
    page.end = total;
  }
  return page;
}

namespace {

class Connection final : public graphql::Object {
 public:
  Connection(const View& view, std::string_view type, Page page, std::vector<ObjectPointer> nodes)
      : view_(view), type_(type), page_(std::move(page)), nodes_(std::move(nodes)) {}

  std::string_view type() const override { return type_; }

  Resolved field(std::string_view name, const json::object&) const override {
    if (name == "totalCount") return json::value(view_.total_count(page_.total));
    if (name == "pageInfo") return page_info();
    if (view_.fault(FaultKind::null_nodes) != nullptr) return json::value(nullptr);
    if (name == "nodes") return nodes_;
    std::vector<ObjectPointer> edges;
    std::string edge =
        type_.substr(0, type_.size() - std::string_view("Connection").size()) + "Edge";
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      graphql::Record::Fields fields{{"cursor", text(page_.cursor(page_.begin + i))},
                                     {"node", nodes_[i]}};
      edges.push_back(std::make_shared<graphql::Record>(edge, std::move(fields)));
    }
    return edges;
  }

 private:
  ObjectPointer page_info() const {
    bool any = page_.end > page_.begin;
    graphql::Record::Fields fields{
        {"hasNextPage", json::value(page_.end < page_.total && any)},
        {"hasPreviousPage", json::value(page_.begin > 0)},
        {"startCursor", any ? text(page_.cursor(page_.begin)) : Resolved()},
        {"endCursor", any ? text(page_.cursor(page_.end - 1)) : Resolved()}};
    return std::make_shared<graphql::Record>("PageInfo", std::move(fields));
  }

  const View& view_;
  std::string type_;
  Page page_;
  std::vector<ObjectPointer> nodes_;
};

}  // namespace

ObjectPointer make_connection(const View& view, std::string_view type, Page page,
                              std::vector<ObjectPointer> nodes) {
  return std::make_shared<Connection>(view, type, std::move(page), std::move(nodes));
}

}  // namespace tidemark::simulators
