#include "daemon/cli/graph_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "daemon/cli/discovery_line.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/time_text.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

constexpr std::size_t text_columns = 40;  // of what people write about themselves

struct Column {
  std::string_view heading, field;
};

std::string cell(const json::object& row, std::string_view field) {
  return clipped(text_of(row, field), text_columns);
}

// The columns that some row has something for.
std::string table_of(const json::array& rows, const std::vector<Column>& columns) {
  std::vector<Column> shown;
  std::vector<std::string> headings;
  for (const Column& column : columns) {
    const bool told = std::ranges::any_of(rows, [&](const json::value& row) {
      return !text_of(row.as_object(), column.field).empty();
    });
    if (!told) continue;
    shown.push_back(column);
    headings.emplace_back(column.heading);
  }
  Table table(std::move(headings));
  for (const auto& row : rows) {
    std::vector<std::string> cells;
    for (const Column& column : shown) cells.push_back(cell(row.as_object(), column.field));
    table.add(std::move(cells));
  }
  return table.text();
}

std::string time_cell(const json::object& object, std::string_view name, std::int64_t now_ms) {
  const auto at_ms = number_of(object, fmt::format("{}_ms", name));
  return at_ms == 0 ? "-" : clock_text(at_ms, now_ms);
}

std::string capability_cell(const json::object& capability) {
  if (number_of(capability, "looked_ms") == 0) return "not asked yet";
  const auto evidence = text_of(capability, "evidence"), ability = text_of(capability, "ability");
  return evidence.empty() ? ability : fmt::format("{}: {}", ability, evidence);
}

std::string list_cell(const json::object& list, std::int64_t now_ms) {
  auto text = text_of(list, "state");
  if (const auto reported = text_of(list, "reported"); !reported.empty()) {
    text += fmt::format(", GitHub counts {}", reported);
  }
  if (number_of(list, "read_ms") > 0) {
    text += fmt::format(", read {}", time_cell(list, "read", now_ms));
  }
  return text;
}

}  // namespace

std::string user_table(const json::array& users) {
  return table_of(users, {{"LOGIN", "login"},
                          {"ID", "id"},
                          {"KIND", "kind"},
                          {"STEPS", "steps"},
                          {"NAME", "name"},
                          {"FOLLOWERS", "followers_count"},
                          {"FOLLOWING", "following_count"},
                          {"REPOSITORIES", "public_repos"},
                          {"LOCATION", "location"},
                          {"COUNT", "count"}});
}

std::string repository_table(const json::array& repositories) {
  return table_of(repositories, {{"REPOSITORY", "full_name"},
                                 {"ID", "id"},
                                 {"LANGUAGE", "language"},
                                 {"STARS", "stargazers_count"},
                                 {"FORKS", "forks_count"},
                                 {"PUSHED", "pushed_at"},
                                 {"DESCRIPTION", "description"}});
}

std::string user_text(const json::object& user, std::int64_t now_ms) {
  Table table({"FIELD", "VALUE"});
  for (const char* field :
       {"login", "id", "node_id", "kind", "presence", "name", "location", "bio", "company", "email",
        "created_at", "updated_at", "followers_count", "following_count", "public_repos",
        "public_gists", "depth", "former_login"}) {
    const auto text = text_of(user, field);
    // The space keeps a number on the left, below the words.
    if (!text.empty()) table.add({field, text + " "});
  }
  for (const char* field : {"first_seen", "last_seen", "read", "gone", "due"}) {
    const auto text = time_cell(user, field, now_ms);
    if (text != "-") table.add({field, text});
  }
  if (const auto* lists = user.if_contains("lists"); lists != nullptr && lists->is_array()) {
    for (const auto& value : lists->get_array()) {
      const auto& list = value.as_object();
      table.add({text_of(list, "list"), list_cell(list, now_ms)});
    }
  }
  return table.text();
}

std::string path_text(const json::object& answer) {
  const auto* path = answer.if_contains("path");
  if (path == nullptr || !path->is_array()) {
    const auto gave_up = text_of(answer, "gave_up");
    return gave_up.empty() ? "there is no way from one to the other\n"
                           : fmt::format("no way found: {}\n", gave_up);
  }
  std::vector<std::string> logins;
  for (const auto& step : path->get_array()) logins.push_back(text_of(step.as_object(), "login"));
  return fmt::format("{}\n", fmt::join(logins, " → "));
}

std::string discovery_text(const json::object& discovery, std::int64_t now_ms) {
  const auto totals = object_of(discovery, "totals"), speed = object_of(discovery, "speed");
  Table table({"FIELD", "VALUE"});
  table.add({"users", fmt::format("{} known, {} read, {} gone; at most {}",
                                  number_of(totals, "users"), number_of(totals, "read"),
                                  number_of(totals, "gone"), number_of(discovery, "users_most"))});
  table.add({"beside them",
             fmt::format("{} organizations, {} repositories", number_of(totals, "organizations"),
                         number_of(totals, "repositories"))});
  if (const auto limits = limits_text(discovery); !limits.empty()) table.add({"limits", limits});
  const auto unread = number_of(discovery, "unread"), waiting = number_of(totals, "waiting");
  table.add({"to go", fmt::format("{}, up to {} steps from a seed; {} to be looked at again",
                                  unread, number_of(discovery, "depth_most"),
                                  std::max<std::int64_t>(0, waiting - unread))});
  if (const auto seeds = number_of(discovery, "seeds_with_problem"); seeds > 0) {
    table.add(
        {"seeds",
         fmt::format("{} had a problem at the daily look ({}); tidemark graph seeds tells which",
                     seeds, time_cell(discovery, "seeds_looked", now_ms))});
  }
  table.add({"doing", discovery_doing(discovery, now_ms)});
  table.add({"speed",
             fmt::format("{} found and {} read a minute, {} found and {} read a point",
                         rate_text(speed, "found_per_minute"), rate_text(speed, "read_per_minute"),
                         rate_text(speed, "found_per_point"), rate_text(speed, "read_per_point"))});
  table.add(
      {"spent", fmt::format("{} points, {} REST requests since it began",
                            number_of(discovery, "points"), number_of(discovery, "requests"))});
  table.add({"done about", time_cell(discovery, "forecast", now_ms) + " "});
  const auto account = text_of(discovery, "account");
  table.add({"asks as", account.empty() ? text_of(discovery, "credential") : account});
  const auto reason = text_of(discovery, "parents_reason");
  table.add({"users a query", fmt::format("{}{}", number_of(discovery, "parents_most"),
                                          reason.empty() ? " " : ": " + reason)});
  if (const auto* list = discovery.if_contains("capabilities"); list && list->is_array()) {
    for (const auto& value : list->get_array()) {
      const auto& each = value.as_object();
      table.add({text_of(each, "list"), capability_cell(each)});
    }
  }
  return table.text();
}

}  // namespace tidemark::daemon
