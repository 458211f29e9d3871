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
  bool follow = false;
  bool private_work = false;                // of members connect
  bool effective = false, example = false;  // of config
};

struct ParsedCommandLine {
  std::optional<CommandLine> command_line;  // nullopt: help was shown, or the arguments were wrong
  ExitCode exit_code = ExitCode::ok;
};

// Prints help, version and complaints itself.
[[nodiscard]] ParsedCommandLine parse_command_line(int count, const char* const* arguments);

}  // namespace tidemark::daemon
