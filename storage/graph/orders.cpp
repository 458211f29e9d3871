#include <algorithm>
#include <array>
#include <limits>

#include "storage/graph/row_decoders.hpp"
#include "storage/graph/user_rows.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::int64_t number_most = std::numeric_limits<std::int64_t>::max();
constexpr std::array indexed = {UserOrder::created, UserOrder::followers};

std::string key_of(UserOrder order, const User* user) {
  if (user == nullptr || user->read_ms == 0) return {};
  return order_key(order, order_number(order, *user), user->id);
}

// Rows of an index in either direction. `place`: the key where the page before ended, or empty.
struct Range {
  Table table;
  std::string begin, place;
  bool backwards;

  void scan(const Reader& reader, const Reader::Visit& visit) const {
    const std::string end = begin.empty() ? begin : after_prefix(begin);
    if (!backwards) return reader.scan(table, place.empty() ? begin : place + '\0', end, visit);
    reader.scan_backwards(table, begin, place.empty() ? end : place, visit);
  }
};

void scan_by_id(const Reader& reader, const std::optional<UserPosition>& place, bool backwards,
                const VisitUser& visit) {
  const auto each = [&](std::string_view key, std::string_view value) {
    const User user = decode_user(key, value);
    UserPosition position;
    position.id = user.id;
    return visit(user, position);
  };
  const Range range{Table::graph_users, {}, place ? user_key(place->id) : "", backwards};
  range.scan(reader, each);
}

// The key of a login that may hold anything, for it comes from a cursor: no KeyWriter, which
// refuses some. Never outside the range.
std::string login_place(const std::string& begin, std::string_view login) {
  const std::string key = begin.substr(0, 1).append(login) + '\0';
  const std::string last = begin + '\xff';
  return std::clamp(key, begin, last);
}

void scan_by_login(const Reader& reader, const std::optional<UserPosition>& place, bool backwards,
                   std::string_view prefix, const VisitUser& visit) {
  const std::string begin = std::string(1, static_cast<char>(NameForm::login)) + lower_case(prefix);
  const auto each = [&](std::string_view key, std::string_view value) {
    const NameRow row = decode_name(key, value);
    if (row.holder.former) return true;
    const auto user = find_user(reader, row.holder.id);
    return !user || visit(*user, {row.name, 0, user->id});
  };
  const std::string from = place ? login_place(begin, place->login) : "";
  const Range range{Table::graph_names, begin, from, backwards};
  range.scan(reader, each);
}

void scan_index(const Reader& reader, UserOrder order, const std::optional<UserPosition>& place,
                bool backwards, const VisitUser& visit) {
  const auto each = [&](std::string_view key, std::string_view value) {
    const OrderRow row = decode_order(key, value);
    const auto user = find_user(reader, row.id);
    return !user || visit(*user, {"", row.number, row.id});
  };
  const std::string from = place ? order_key(order, place->number, place->id) : "";
  const std::string form(1, static_cast<char>(order));
  const Range range{Table::graph_orders, form, from, backwards};
  range.scan(reader, each);
}

void scan_order(const Reader& reader, UserOrder order, const std::optional<UserPosition>& place,
                bool backwards, std::string_view prefix, const VisitUser& visit) {
  if (order == UserOrder::id) return scan_by_id(reader, place, backwards, visit);
  if (order == UserOrder::login) return scan_by_login(reader, place, backwards, prefix, visit);
  scan_index(reader, order, place, backwards, visit);
}

}  // namespace

std::int64_t order_number(UserOrder order, const User& user) {
  // Above the least number there is, whose opposite is none.
  if (order == UserOrder::created) return std::max(user.profile.created_s, -number_most);
  return static_cast<std::int64_t>(
      std::min(user.profile.followers, static_cast<std::uint64_t>(number_most)));
}

std::string order_key(UserOrder order, std::int64_t number, UserId id) {
  const auto opposite = -std::max(number, -number_most);
  return KeyWriter().u8(static_cast<std::uint8_t>(order)).i64(opposite).u64(id).bytes();
}

OrderRow decode_order(std::string_view key, std::string_view value) {
  const auto read_key = [](OrderRow& row, KeyReader& place) {
    row.order = enumerated(place.u8(), UserOrder::created, UserOrder::followers);
    const std::int64_t opposite = place.i64();
    if (opposite < -number_most)
      throw CorruptRecord("a number has no opposite" + std::string(damage_remedy));
    row.number = -opposite;
    row.id = place.u64();
  };
  const auto empty = [](OrderRow&, ValueReader&) {};
  return decoded_row<OrderRow>(Table::graph_orders, key, value, {version, "order"}, read_key,
                               empty);
}

void move_orders(Writer& writer, const User* before, const User* after) {
  for (const UserOrder order : indexed) {
    const auto old_key = key_of(order, before), new_key = key_of(order, after);
    if (old_key == new_key) continue;
    if (!old_key.empty()) writer.erase(Table::graph_orders, old_key);
    if (!new_key.empty()) writer.put(Table::graph_orders, new_key, ValueWriter(version).take());
  }
}

void scan_users(const Reader& reader, UserOrder order, const std::optional<UserPosition>& after,
                std::string_view prefix, const VisitUser& visit) {
  scan_order(reader, order, after, false, prefix, visit);
}

void scan_users_backwards(const Reader& reader, UserOrder order,
                          const std::optional<UserPosition>& before, std::string_view prefix,
                          const VisitUser& visit) {
  scan_order(reader, order, before, true, prefix, visit);
}

}  // namespace tidemark::storage::graph
