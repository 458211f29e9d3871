#pragma once

#include <string_view>
#include <vector>

#include "daemon/json_text.hpp"
#include "daemon/routes/graph/field_filter.hpp"
#include "storage/graph/user.hpp"

namespace tidemark::daemon::graph {

using storage::graph::User;

// What accounts can be filtered by: the fields of the replaced system, and kind and presence.
[[nodiscard]] const std::vector<Field<User>>& user_fields();

[[nodiscard]] std::string_view name_of(storage::graph::UserKind kind);
[[nodiscard]] std::string_view name_of(storage::graph::Presence presence);
[[nodiscard]] std::string_view name_of(storage::graph::ListState state);

// As it stands in lists. What is not known yet, and what GitHub does not tell, is null.
void write_user_row(JsonText& json, const User& user);
// The same into an object that is open already.
void write_user_fields(JsonText& json, const User& user);
// What GitHub tells of somebody, from the name to public_repos, likewise into an open object.
void write_profile(JsonText& json, const User& user);
// On a page of its own: with times, and with how far each list has been read.
void write_user(JsonText& json, const User& user, std::string_view former_login);
// Where only a name is wanted: id, login, kind.
void write_user_name(JsonText& json, const User& user);

}  // namespace tidemark::daemon::graph
