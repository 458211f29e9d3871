#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/control.hpp"
#include "daemon/cli/graph_export.hpp"
#include "daemon/cli/graph_tables.hpp"
#include "daemon/cli/pages.hpp"
#include "daemon/cli/progress.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/routes/graph/bounds.hpp"
#include "http/url.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

constexpr std::uint64_t shown_most = 50;  // where a list may have millions of rows

std::string user_target(const CommandLine& line, std::string_view what = {}) {
  return fmt::format("/v1/users/{}{}", http::percent_encode(line.id), what);
}

// "&location=Oslo&followers_count__gte=100".
std::string filter_query(const CommandLine& line) {
  std::string query;
  for (const auto& filter : line.filters) {
    const auto equals = filter.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw CommandFailed(ExitCode::usage,
                          fmt::format("--filter {}: write FIELD=VALUE, as in: --filter "
                                      "followers_count__gte=100",
                                      filter));
    }
    query += fmt::format("&{}={}", http::percent_encode(filter.substr(0, equals)),
                         http::percent_encode(filter.substr(equals + 1)));
  }
  return query;
}

// All pages of a list as one answer: the last, with the rows of all.
json::object fetch_whole(const CommandLine& line, Control& control, const std::string& path,
                         const std::string& query, const std::string& name,
                         std::uint64_t page_most) {
  const std::uint64_t limit = line.limit == 0 ? shown_most : line.limit;
  json::array rows;
  json::object answer;
  std::string cursor;
  do {
    const auto left = std::min<std::uint64_t>(limit - rows.size(), page_most);
    answer = control.get(
        fmt::format("{}?limit={}{}{}", path, left, query, query_part("cursor", cursor)));
    for (auto& row : answer.at(name).as_array()) rows.push_back(std::move(row));
    cursor = text_of(answer, "next");
  } while (!cursor.empty() && rows.size() < limit);
  answer[name] = std::move(rows);
  return answer;
}

// On standard error, so that a program that reads the rows is told as well.
void say_what_is_left(const json::object& answer, std::size_t shown) {
  if (text_of(answer, "next").empty()) return;
  fmt::print(stderr, "tidemark: these are the first {}; for more: --limit N\n", shown);
}

ExitCode show_list(const CommandLine& line, Control& control, const std::string& path,
                   const std::string& query, const std::string& name, std::string_view nothing) {
  const auto answer = fetch_whole(line, control, path, query, name, graph::list_rows_most);
  const auto& rows = answer.at(name).as_array();
  if (line.json) {
    print_json(rows);
  } else if (rows.empty()) {
    fmt::print("{}\n", nothing);
  } else {
    fmt::print("{}", name == "repositories" ? repository_table(rows) : user_table(rows));
  }
  say_what_is_left(answer, rows.size());
  return ExitCode::ok;
}

// A list with a word on what it may lack.
ExitCode show_best(const CommandLine& line, Control& control, const std::string& path,
                   const std::string& query, std::string_view nothing) {
  const bool near = line.command == Command::graph_neighbours;
  const auto answer = fetch_whole(line, control, path, query, "users",
                                  near ? graph::near_rows_most : graph::list_rows_most);
  const auto& rows = answer.at("users").as_array();
  say_what_is_left(answer, rows.size());
  if (line.json) {
    print_json(answer);
    return ExitCode::ok;
  }
  fmt::print("{}", rows.empty() ? fmt::format("{}\n", nothing) : user_table(rows));
  const auto cut = text_of(answer, "cut");
  if (!cut.empty()) fmt::print(stderr, "tidemark: {}\n", cut);
  if (text_of(answer, "complete") == "false") {
    fmt::print(stderr, "tidemark: only {} {} were looked at\n", number_of(answer, "looked_at"),
               line.by.starts_with("known_") ? "edges" : "accounts");
  }
  return ExitCode::ok;
}

ExitCode list_users(const CommandLine& line, Control& control) {
  const auto query =
      query_part("sort", line.sort) + query_part("prefix", line.prefix) + filter_query(line);
  return show_list(line, control, "/v1/users", query, "users",
                   "no such users; name whom to begin with: tidemark discover USER");
}

// Those of one account in another order than their numbers' are found among all: by its number.
ExitCode list_repositories(const CommandLine& line, Control& control) {
  std::string path = line.id.empty() ? "/v1/repositories" : user_target(line, "/repositories");
  std::string query = query_part("sort", line.sort) + filter_query(line);
  if (!line.id.empty() && !line.sort.empty()) {
    const auto owner = control.get(user_target(line));
    path = "/v1/repositories";
    query += query_part("owner_github_id", text_of(owner, "id"));
  }
  return show_list(line, control, path, query, "repositories", "no such repositories known");
}

// Of an account.
ExitCode list_near(const CommandLine& line, Control& control, std::string_view list,
                   std::string_view nothing) {
  return show_list(line, control, user_target(line, list), filter_query(line), "users",
                   line.filters.empty() ? nothing : "none of them fits");
}

ExitCode show_object(const CommandLine& line, const json::object& answer, std::string text) {
  if (line.json) {
    print_json(answer);
  } else {
    fmt::print("{}", std::move(text));
  }
  return ExitCode::ok;
}

ExitCode show_user(const CommandLine& line, Control& control) {
  const auto user = control.get(user_target(line));
  return show_object(line, user, user_text(user, wall_now_ms()));
}

ExitCode show_path(const CommandLine& line, Control& control) {
  const auto answer =
      control.get(fmt::format("/v1/graph/path?from={}&to={}", http::percent_encode(line.id),
                              http::percent_encode(line.other)));
  show_object(line, answer, path_text(answer));
  return answer.at("path").is_array() ? ExitCode::ok : ExitCode::refused;
}

ExitCode show_discovery(const CommandLine& line, Control& control) {
  const auto discovery = control.get("/v1/discovery");
  return show_object(line, discovery, discovery_text(discovery, wall_now_ms()));
}

}  // namespace

ExitCode ask_graph(const CommandLine& line, Control& control) {
  switch (line.command) {
    case Command::graph_status: return show_discovery(line, control);
    case Command::graph_users: return list_users(line, control);
    case Command::graph_user: return show_user(line, control);
    case Command::graph_followers:
      return list_near(line, control, "/followers", "no followers known");
    case Command::graph_following:
      return list_near(line, control, "/following", "follows nobody that is known");
    case Command::graph_repositories: return list_repositories(line, control);
    case Command::graph_neighbours:
      return show_best(line, control, user_target(line, "/neighbours"),
                       line.depth == 0 ? "" : fmt::format("&depth={}", line.depth),
                       "no neighbours known");
    case Command::graph_mutual:
      return show_list(line, control, "/v1/graph/mutual",
                       query_part("of", line.id) + query_part("and", line.other), "users",
                       "nobody");
    case Command::graph_path: return show_path(line, control);
    case Command::graph_top:
      return show_best(line, control, "/v1/graph/top", query_part("by", line.by),
                       "nobody was read yet");
    case Command::graph_export: return export_graph(line, control);
    default: return ExitCode::usage;
  }
}

}  // namespace tidemark::daemon
