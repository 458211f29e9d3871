#include "daemon/routes/graph/user_rows.hpp"

#include <array>
#include <string>

namespace tidemark::daemon::graph {

using storage::graph::ListState;
using storage::graph::Presence;
using storage::graph::UserKind;

namespace {

FieldValue text_of(std::string_view text) { return FieldValue::of_text(text); }

template <class Number>
FieldValue number_of(const User& user, Number number) {
  if (user.read_ms == 0) return {};
  return FieldValue::of_number(static_cast<double>(number));
}

FieldValue time_of(std::int64_t unix_s) {
  if (unix_s == 0) return {};
  return FieldValue::of_number(static_cast<double>(unix_s));
}

FieldValue gists_of(const User& user) {
  const auto& gists = user.profile.public_gists;
  return gists ? FieldValue::of_number(static_cast<double>(*gists)) : FieldValue{};
}

constexpr std::uint8_t profile_text = ordered | is_null;

std::vector<Field<User>> make_fields() {
  using Type = FieldType;
  static const std::array kinds = {name_of(UserKind::user), name_of(UserKind::organization),
                                   name_of(UserKind::bot)};
  static const std::array presences = {name_of(Presence::here), name_of(Presence::gone)};
  return {
      {{"login", Type::name, ordered}, [](const User& user) { return text_of(user.login); }},
      {{"name", Type::text, profile_text | contains},
       [](const User& user) { return text_of(user.profile.name); }},
      {{"bio", Type::text, profile_text | contains},
       [](const User& user) { return text_of(user.profile.bio); }},
      {{"location", Type::text, profile_text},
       [](const User& user) { return text_of(user.profile.location); }},
      {{"company", Type::text, profile_text},
       [](const User& user) { return text_of(user.profile.company); }},
      {{"email", Type::text, profile_text},
       [](const User& user) { return text_of(user.profile.email); }},
      {{"followers_count", Type::number, ordered},
       [](const User& user) { return number_of(user, user.profile.followers); }},
      {{"following_count", Type::number, ordered},
       [](const User& user) { return number_of(user, user.profile.following); }},
      {{"public_gists", Type::number, ordered}, gists_of},
      {{"public_repos", Type::number, ordered},
       [](const User& user) { return number_of(user, user.profile.public_repos); }},
      {{"created_at", Type::instant, ordered},
       [](const User& user) { return time_of(user.profile.created_s); }},
      {{"updated_at", Type::instant, ordered},
       [](const User& user) { return time_of(user.profile.updated_s); }},
      {{"kind", Type::text, exact, kinds},
       [](const User& user) { return text_of(name_of(user.kind)); }},
      {{"presence", Type::text, exact, presences},
       [](const User& user) { return text_of(name_of(user.presence)); }},
  };
}

void write_account(JsonText& json, const User& user) {
  json.number("id", user.id)
      .text_or_null("node_id", user.node_id)
      .text("login", user.login)
      .text("kind", name_of(user.kind))
      .text("presence", name_of(user.presence));
  write_profile(json, user);
  const bool reached = user.depth != storage::graph::depth_unknown;
  json.number("depth", reached ? std::optional<std::uint64_t>(user.depth) : std::nullopt);
}

}  // namespace

const std::vector<Field<User>>& user_fields() {
  static const std::vector<Field<User>> fields = make_fields();
  return fields;
}

std::string_view name_of(UserKind kind) {
  switch (kind) {
    case UserKind::user: return "user";
    case UserKind::organization: return "organization";
    case UserKind::bot: return "bot";
  }
  return "user";
}

std::string_view name_of(Presence presence) { return presence == Presence::gone ? "gone" : "here"; }

std::string_view name_of(ListState state) {
  switch (state) {
    case ListState::unread: return "unread";
    case ListState::reading: return "reading";
    case ListState::unconfirmed: return "unconfirmed";
    case ListState::complete: return "complete";
    case ListState::cut: return "cut";
  }
  return "unread";
}

void write_profile(JsonText& json, const User& user) {
  const auto& profile = user.profile;
  const bool read = user.read_ms != 0;
  auto count = [read](std::uint64_t value) {
    return read ? std::optional<std::uint64_t>(value) : std::nullopt;
  };
  json.text_or_null("name", profile.name)
      .text_or_null("location", profile.location)
      .text_or_null("bio", profile.bio)
      .text_or_null("company", profile.company)
      .text_or_null("email", profile.email)
      .seconds("created_at", profile.created_s)
      .seconds("updated_at", profile.updated_s)
      .number("followers_count", count(profile.followers))
      .number("following_count", count(profile.following))
      .number("public_gists", profile.public_gists)
      .number("public_repos", count(profile.public_repos));
}

void write_user_fields(JsonText& json, const User& user) {
  write_account(json, user);
  json.seconds("read_at", user.read_ms / 1'000);
}

void write_user_row(JsonText& json, const User& user) {
  json.object();
  write_user_fields(json, user);
  json.end_object();
}

void write_user(JsonText& json, const User& user, std::string_view former_login) {
  json.object();
  write_account(json, user);
  json.text_or_null("former_login", former_login)
      .instant("first_seen", user.first_seen_ms)
      .instant("last_seen", user.last_seen_ms)
      .instant("read", user.read_ms)
      .instant("gone", user.gone_ms)
      .instant("due", user.place ? user.place->due_ms : 0)
      .array("lists");
  for (const auto list : storage::graph::all_lists) {
    const auto& record = user.list(list);
    const bool told = record.state != ListState::unread || record.reported != 0;
    json.object()
        .text("list", storage::graph::name_of(list))
        .text("state", name_of(record.state))
        .number("reported", told ? std::optional(record.reported) : std::nullopt)
        .instant("read", record.read_ms)
        .end_object();
  }
  json.end_array().end_object();
}

void write_user_name(JsonText& json, const User& user) {
  json.object()
      .number("id", user.id)
      .text("login", user.login)
      .text("kind", name_of(user.kind))
      .end_object();
}

}  // namespace tidemark::daemon::graph
