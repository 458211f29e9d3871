#pragma once

#include <string>
#include <vector>

#include "storage/graph/row_decoders.hpp"
#include "storage/graph/user.hpp"

// Private to the storage room: what moves with a user's row. put_user and erase_user call it; other
// code must not. nullptr: there is no such row.

namespace tidemark::storage::graph {

[[nodiscard]] std::string user_key(UserId id);
[[nodiscard]] std::string encode_user(const User& user);
// The row and nothing else.
void put_user_row(Writer& writer, const User& user);

[[nodiscard]] std::string login_key(std::string_view login);
[[nodiscard]] std::string node_id_key(std::string_view node_id);
// The row by which a former name is found from its account.
[[nodiscard]] std::string former_key_of(const NameRow& row);
// Takes names from who has them now: that account is without a login until it is read again.
void move_names(Writer& writer, const User* before, const User* after);
// Of an account that is erased: those that lead to it still.
void erase_former_names_of(Writer& writer, UserId id);
// The logins among them, in lower case.
[[nodiscard]] std::vector<std::string> former_logins(const Reader& reader, UserId id);

[[nodiscard]] std::string order_key(UserOrder order, std::int64_t number, UserId id);
// What it is ordered by; of an account that was read.
[[nodiscard]] std::int64_t order_number(UserOrder order, const User& user);
void move_orders(Writer& writer, const User* before, const User* after);

[[nodiscard]] std::string place_key(const Place& place, UserId id);
void move_place(Writer& writer, const User* before, const User* after);

[[nodiscard]] std::string totals_key();
void put_totals(Writer& writer, const Totals& totals);
void add_to(Totals& totals, const User& user);
void move_totals(Writer& writer, const User* before, const User* after);

}  // namespace tidemark::storage::graph
