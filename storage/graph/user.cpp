#include "storage/graph/user.hpp"

#include <stdexcept>

#include "storage/graph/user_rows.hpp"

namespace tidemark::storage::graph {
namespace {

void require_storable(const User& user) {
  if (user.id == 0 || user.id > user_id_most)
    throw std::invalid_argument("an account's number must be between 1 and 2^40 - 1, not " +
                                std::to_string(user.id));
}

void move_user(Writer& writer, const User* before, const User* after) {
  move_names(writer, before, after);
  move_orders(writer, before, after);
  move_place(writer, before, after);
  move_totals(writer, before, after);
}

}  // namespace

std::string_view name_of(List list) {
  switch (list) {
    case List::followers: return "followers";
    case List::following: return "following";
    case List::repositories: return "repositories";
    case List::stars: return "stars";
  }
  return "?";
}

std::string lower_case(std::string_view login) {
  std::string lower(login);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return lower;
}

void put_user(Writer& writer, const User& user) {
  require_storable(user);
  const auto before = find_user(writer, user.id);
  if (before == user) return;
  move_user(writer, before ? &*before : nullptr, &user);
  put_user_row(writer, user);
}

void erase_user(Writer& writer, const User& user) {
  // As it is stored, whatever the caller holds.
  const auto before = find_user(writer, user.id);
  if (!before) return;
  move_user(writer, &*before, nullptr);
  erase_former_names_of(writer, user.id);
  writer.erase(Table::graph_users, user_key(user.id));
}

}  // namespace tidemark::storage::graph
