#include "daemon/routes/graph/accounts.hpp"

#include <fmt/format.h>

#include <charconv>

#include "daemon/routes/answers.hpp"

#include "daemon/routes/graph/pages.hpp"

namespace tidemark::daemon::graph {

using storage::graph::UserId;

namespace {

constexpr std::size_t name_bytes_most = 200;

std::optional<UserId> number_of(std::string_view text) {
  UserId id = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return id;
}

std::optional<Account> found(const storage::Reader& reader, UserId id, std::string_view former) {
  auto user = storage::graph::find_user(reader, id);
  if (!user) return std::nullopt;
  return Account{std::move(*user), std::string(former)};
}

}  // namespace

std::optional<Account> find_account(const storage::Reader& reader, std::string_view name) {
  if (name.empty() || name.size() > name_bytes_most) return std::nullopt;
  const bool login_only = name.front() == '@';
  if (login_only) name.remove_prefix(1);
  if (const auto id = number_of(name); id && !login_only) {
    if (auto account = found(reader, *id, {})) return account;
  }
  if (const auto holder = storage::graph::find_login(reader, name)) {
    return found(reader, holder->id, holder->former ? name : "");
  }
  if (login_only) return std::nullopt;
  const auto id = storage::graph::find_node_id(reader, name);
  return id ? found(reader, *id, {}) : std::nullopt;
}

http::Reply no_such_account(std::string_view name) {
  return not_found(
      fmt::format("the graph knows no account {}; `tidemark graph users` lists those it knows, and "
                  "`tidemark discover {}` asks GitHub",
                  name.substr(0, 100), name.substr(0, 100)));
}

std::optional<storage::graph::UserId> read_account_cursor(char letter, std::string_view text) {
  const auto number = read_number_cursor(letter, text);
  return number && *number <= storage::graph::user_id_most ? number : std::nullopt;
}

}  // namespace tidemark::daemon::graph
