#include <algorithm>
#include <charconv>

#include "tests/simulators/github/view.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

constexpr std::string_view cursor_prefix = "cursor:v2:";

// The cursor names the account, not a number in the list: who follows or leaves meanwhile does not
// shift the pages.
std::string cursor_of(const Account& account) {
  return base64(std::string(cursor_prefix) + std::to_string(account.database_id), false);
}

std::optional<std::uint64_t> account_of(std::string_view cursor) {
  std::optional<std::string> plain = decode_base64(cursor);
  if (!plain || !plain->starts_with(cursor_prefix)) return std::nullopt;
  std::uint64_t id = 0;
  const char* end = plain->data() + plain->size();
  auto [stopped, error] = std::from_chars(plain->data() + cursor_prefix.size(), end, id);
  return error == std::errc() && stopped == end ? std::optional(id) : std::nullopt;
}

using Places = std::span<const std::uint32_t>;

class Follows final : public graphql::Object {
 public:
  Follows(const View& view, std::string_view name, Places shown, std::size_t total, bool before,
          bool after)
      : view_(view), name_(name), shown_(shown), total_(total), before_(before), after_(after) {}

  std::string_view type() const override {
    return name_ == "followers" ? "FollowerConnection" : "FollowingConnection";
  }

  Resolved field(std::string_view name, const json::object&) const override {
    if (name == "totalCount") return json::value(view_.total_count(total_));
    if (name == "pageInfo") return page_info();
    if (view_.fault(FaultKind::null_nodes) != nullptr) return json::value(nullptr);
    std::vector<ObjectPointer> all;
    all.reserve(shown_.size());
    for (std::uint32_t each : shown_) {
      all.push_back(name == "nodes" ? node(account(each)) : edge(account(each)));
    }
    return all;
  }

 private:
  const Account& account(std::uint32_t place) const { return view_.world->accounts()[place]; }

  // Organisations and bots are no users, so the type leaves only null for them.
  ObjectPointer node(const Account& account) const {
    return account.visible() && account.person() ? make_user(view_, account) : nullptr;
  }

  ObjectPointer edge(const Account& account) const {
    graphql::Record::Fields fields{{"cursor", text(cursor_of(account))}, {"node", node(account)}};
    return std::make_shared<graphql::Record>("UserEdge", std::move(fields));
  }

  ObjectPointer page_info() const {
    bool any = !shown_.empty();
    graphql::Record::Fields fields{
        {"hasNextPage", json::value(after_ && any)},
        {"hasPreviousPage", json::value(before_)},
        {"startCursor", any ? text(cursor_of(account(shown_.front()))) : Resolved()},
        {"endCursor", any ? text(cursor_of(account(shown_.back()))) : Resolved()}};
    return std::make_shared<graphql::Record>("PageInfo", std::move(fields));
  }

  const View& view_;
  std::string name_;
  Places shown_;
  std::size_t total_;
  bool before_, after_;
};

// Where the page begins: after the account that the cursor names, whether it still follows or not.
std::size_t begin_of(const View& view, Places all, const json::object& arguments) {
  const json::value* after = arguments.if_contains("after");
  if (after == nullptr || !after->is_string()) return 0;
  auto id = account_of(std::string_view(after->as_string()));
  std::optional<std::uint32_t> place = id ? view.world->place_of(*id) : std::nullopt;
  if (!place) {
    throw graphql::FieldError(
        "INVALID_CURSOR_ARGUMENTS",
        "`" + std::string(after->as_string()) + "` does not appear to be a valid cursor.");
  }
  return static_cast<std::size_t>(std::upper_bound(all.begin(), all.end(), *place) - all.begin());
}

}  // namespace

ObjectPointer make_follows(const View& view, const Account& account, std::string_view name,
                           const json::object& arguments) {
  Places all = name == "followers" ? view.world->graph().followers(account.index)
                                   : view.world->graph().following(account.index);
  all = all.first(view.open_list(account, name, arguments, all.size()));
  std::size_t begin = begin_of(view, all, arguments), end = begin;
  if (const json::value* first = arguments.if_contains("first"); first && first->is_int64()) {
    end = std::min(all.size(), begin + static_cast<std::size_t>(first->as_int64()));
  } else if (const json::value* last = arguments.if_contains("last"); last && last->is_int64()) {
    end = all.size();
    begin = end - std::min(end - begin, static_cast<std::size_t>(last->as_int64()));
  }
  return std::make_shared<Follows>(view, name, all.subspan(begin, end - begin), all.size(),
                                   begin > 0, end < all.size());
}

}  // namespace tidemark::simulators
