#include "storage/graph/names.hpp"

#include <functional>

#include "storage/graph/row_decoders.hpp"
#include "storage/graph/user_rows.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage::graph {
namespace {

constexpr std::uint8_t version = 1;

std::uint8_t number(NameForm form) { return static_cast<std::uint8_t>(form); }

std::string name_key(NameForm form, std::string_view name) {
  return KeyWriter().u8(number(form)).text(name).bytes();
}

std::string former_prefix(UserId id) {
  return KeyWriter().u8(number(NameForm::former)).u64(id).bytes();
}

std::string former_key(UserId id, NameForm was, std::string_view name) {
  return KeyWriter().u8(number(NameForm::former)).u64(id).u8(number(was)).text(name).bytes();
}

// As it stands in a key; empty: none.
std::string name_in(const User* user, NameForm form) {
  if (user == nullptr) return {};
  return form == NameForm::login ? lower_case(user->login) : user->node_id;
}

std::optional<NameHolder> find_name(const Reader& reader, NameForm form, std::string_view name) {
  if (name.empty() || name.find('\0') != name.npos) return std::nullopt;
  const auto key = name_key(form, name);
  const auto value = reader.get(Table::graph_names, key);
  if (!value) return std::nullopt;
  return decode_name(key, *value).holder;
}

void put_name(Writer& writer, NameForm form, std::string_view name, const NameHolder& holder) {
  const auto value = ValueWriter(version).u64(holder.id).boolean(holder.former).take();
  writer.put(Table::graph_names, name_key(form, name), value);
}

// Its own name is another account's now: what it is called today is not known.
void take_from(Writer& writer, UserId id, NameForm form) {
  auto user = find_user(writer, id);
  if (!user) return;
  (form == NameForm::login ? user->login : user->node_id).clear();
  put_user_row(writer, *user);
}

void claim(Writer& writer, NameForm form, std::string_view name, UserId id) {
  const auto holder = find_name(writer, form, name);
  if (holder && holder->former)
    writer.erase(Table::graph_names, former_key(holder->id, form, name));
  if (holder && !holder->former && holder->id != id) take_from(writer, holder->id, form);
  put_name(writer, form, name, {id, false});
}

void leave(Writer& writer, NameForm form, std::string_view name, const User& after) {
  put_name(writer, form, name, {after.id, true});
  writer.put(Table::graph_names, former_key(after.id, form, name),
             ValueWriter(version).i64(after.last_seen_ms).take());
}

void read_former(KeyReader& place, std::string_view value, NameRow& row) {
  row.holder = {place.u64(), true};
  row.was = enumerated(place.u8(), NameForm::login, NameForm::node_id);
  row.name = place.text();
  place.end();
  ValueReader in(value, version, "former name");
  row.former_ms = in.i64();
  in.end();
}

// In order of account, after the row with that key.
void scan_former(const Reader& reader, std::string_view after, std::string_view prefix,
                 const std::function<bool(std::string_view key, const NameRow& row)>& visit) {
  const auto from = after.empty() ? std::string(prefix) : std::string(after) + '\0';
  const auto each = [&](std::string_view key, std::string_view value) {
    return visit(key, decode_name(key, value));
  };
  reader.scan(Table::graph_names, from, after_prefix(prefix), each);
}

void erase_former(Writer& writer, std::string_view key, const NameRow& row) {
  writer.erase(Table::graph_names, name_key(row.was, row.name));
  writer.erase(Table::graph_names, key);
}

}  // namespace

NameRow decode_name(std::string_view key, std::string_view value) {
  return decoded(Table::graph_names, key, [&] {
    NameRow row;
    KeyReader place(key);
    row.form = enumerated(place.u8(), NameForm::login, NameForm::former);
    if (row.form == NameForm::former) {
      read_former(place, value, row);
      return row;
    }
    row.name = place.text();
    place.end();
    ValueReader in(value, version, "name");
    row.holder.id = in.u64();
    row.holder.former = in.boolean();
    in.end();
    return row;
  });
}

std::string login_key(std::string_view login) { return name_key(NameForm::login, login); }
std::string node_id_key(std::string_view node_id) { return name_key(NameForm::node_id, node_id); }

std::string former_key_of(const NameRow& row) {
  return former_key(row.holder.id, row.form, row.name);
}

std::optional<NameHolder> find_login(const Reader& reader, std::string_view login) {
  return find_name(reader, NameForm::login, lower_case(login));
}

std::optional<UserId> find_node_id(const Reader& reader, std::string_view node_id) {
  const auto holder = find_name(reader, NameForm::node_id, node_id);
  if (!holder) return std::nullopt;
  return holder->id;
}

void move_names(Writer& writer, const User* before, const User* after) {
  for (const NameForm form : {NameForm::login, NameForm::node_id}) {
    const auto old_name = name_in(before, form), new_name = name_in(after, form);
    if (old_name == new_name) continue;
    if (!new_name.empty()) claim(writer, form, new_name, after->id);
    if (old_name.empty()) continue;
    if (after == nullptr) {
      writer.erase(Table::graph_names, name_key(form, old_name));
    } else {
      leave(writer, form, old_name, *after);
    }
  }
}

void erase_former_names_of(Writer& writer, UserId id) {
  const auto each = [&](std::string_view key, const NameRow& row) {
    erase_former(writer, key, row);
    return true;
  };
  scan_former(writer, "", former_prefix(id), each);
}

std::vector<std::string> former_logins(const Reader& reader, UserId id) {
  std::vector<std::string> logins;
  const auto each = [&](std::string_view, const NameRow& row) {
    if (row.was == NameForm::login) logins.push_back(row.name);
    return true;
  };
  scan_former(reader, "", former_prefix(id), each);
  return logins;
}

std::optional<std::string> erase_former_names(Writer& writer, std::int64_t before_ms,
                                              std::string_view after, std::size_t most) {
  if (most == 0) return std::string(after);
  std::size_t looked_at = 0;
  std::string last;
  const auto each = [&](std::string_view key, const NameRow& row) {
    last = key;
    if (row.former_ms < before_ms) erase_former(writer, key, row);
    return ++looked_at < most;
  };
  scan_former(writer, after, KeyWriter().u8(number(NameForm::former)), each);
  if (looked_at < most) return std::nullopt;
  return last;
}

}  // namespace tidemark::storage::graph
