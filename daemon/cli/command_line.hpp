#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "daemon/exit_code.hpp"

namespace tidemark::daemon {

enum class Command {
  serve,
  status,
  quota,
  jobs_list,
  jobs_show,
  jobs_requeue,
  jobs_drop,
  members_list,
  members_show,
  members_add,
  members_remove,
  members_connect,
  weeks,
  sync,
  discover,
  graph_status,
  graph_users,
  graph_user,
  graph_followers,
  graph_following,
  graph_repositories,
  graph_neighbours,
  graph_mutual,
  graph_path,
  graph_top,
  graph_export,
  graph_forget,
  graph_deny,
  graph_allow,
  graph_denied,
  graph_seeds,
  graph_unseed,
  check,
  config,
  key_rotate,
};

// What was asked for, as plain values.
struct CommandLine {
  Command command = Command::serve;
  std::optional<std::filesystem::path> config;
  std::vector<std::string> sets;  // "section.key=value", --socket included
  bool json = false;

  std::string id;                 // of a member or a job
  std::string state, kind, key;   // filters of jobs and weeks
  std::string from, until;        // of weeks
  std::uint64_t limit = 0;        // rows to show; 0: all
  std::uint64_t points = 0;       // to forecast
  std::string tokens_file = "-";  // of members add
  std::string key_file;           // of key rotate; empty: store.key_file
  // Of discovery and the graph. `id` is an account: login, number or node id; empty: everybody.
  std::vector<std::string> logins;
  std::string logins_file;           // of discover and deny; "-": standard input
  std::uint64_t depth = 0;           // 0: as the settings say
  std::uint64_t users_most = 0;      // size limit; 0: as it is
  std::string other;                 // of mutual and path
  std::string by = "followers";      // of top
  std::string sort;                  // of users and repositories
  std::string prefix;                // of users
  std::vector<std::string> filters;  // "followers_count__gte=100"
  std::string what;                  // of export; empty: as the format suggests
  std::string format = "ndjson";     // of export
  std::string output = "-";          // file of export
  bool follow = false;
  bool private_work = false, public_work = false;  // of members connect
  bool effective = false, example = false;         // of config
};

struct ParsedCommandLine {
  std::optional<CommandLine> command_line;  // nullopt: help was shown, or the arguments were wrong
  ExitCode exit_code = ExitCode::ok;
};

// Prints help, version and complaints itself.
[[nodiscard]] ParsedCommandLine parse_command_line(int count, const char* const* arguments);

}  // namespace tidemark::daemon
