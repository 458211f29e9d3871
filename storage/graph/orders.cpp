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

void scan_by_id(const Reader& reader, const std::optional<UserPosition>& after,
                const VisitUser& visit) {
  const auto each = [&](std::string_view key, std::string_view value) {
    const User user = decode_user(key, value);
    UserPosition position;
    position.id = user.id;
    return visit(user, position);
  };
  const auto from = after ? user_key(after->id) + '\0' : std::string();
  reader.scan(Table::graph_users, from, "", each);
}

void scan_by_login(const Reader& reader, const std::optional<UserPosition>& after,
                   std::string_view prefix, const VisitUser& visit) {
  const std::string form(1, static_cast<char>(NameForm::login));
  const std::string begin = form + lower_case(prefix);
  // A login from a cursor may hold anything: no KeyWriter, which refuses some.
  auto from = after ? form + after->login + '\0' + '\0' : begin;
  from = std::max(from, begin);
  const auto each = [&](std::string_view key, std::string_view value) {
    const NameRow row = decode_name(key, value);
    if (row.holder.former) return true;
    const auto user = find_user(reader, row.holder.id);
    return !user || visit(*user, {row.name, 0, user->id});
  };
  reader.scan(Table::graph_names, from, after_prefix(begin), each);
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
  return decoded(Table::graph_orders, key, [&] {
    OrderRow row;
    KeyReader place(key);
    row.order = enumerated(place.u8(), UserOrder::created, UserOrder::followers);
    const std::int64_t opposite = place.i64();
    if (opposite < -number_most)
      throw CorruptRecord("a number has no opposite" + std::string(damage_remedy));
    row.number = -opposite;
    row.id = place.u64();
    place.end();
    ValueReader(value, version, "order").end();
    return row;
  });
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
  if (order == UserOrder::id) return scan_by_id(reader, after, visit);
  if (order == UserOrder::login) return scan_by_login(reader, after, prefix, visit);
  const std::string form(1, static_cast<char>(order));
  const auto from = after ? order_key(order, after->number, after->id) + '\0' : form;
  const auto each = [&](std::string_view key, std::string_view value) {
    const OrderRow row = decode_order(key, value);
    const auto user = find_user(reader, row.id);
    return !user || visit(*user, {"", row.number, row.id});
  };
  reader.scan(Table::graph_orders, from, after_prefix(form), each);
}

}  // namespace tidemark::storage::graph
