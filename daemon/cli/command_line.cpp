#include "daemon/cli/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace tidemark::daemon {

namespace {

constexpr const char* footer =
    "Exit codes: 0 done; 1 failed; 2 wrong arguments or configuration; 3 no daemon answers;\n"
    "4 refused or not found; 5 the store or its keys cannot be used; 75 busy, try again.\n"
    "Members' tokens are never arguments: they would show in the process list.";

CLI::App* add_command(CLI::App& parent, CommandLine& line, Command command, const char* name,
                      const char* help) {
  CLI::App* app = parent.add_subcommand(name, help);
  app->fallthrough();
  // "jobs" alone means its list; with a verb after it, the verb has said what is meant.
  app->callback([&line, app, command] {
    if (app->get_subcommands().empty()) line.command = command;
  });
  return app;
}

void add_global_options(CLI::App& app, CommandLine& line) {
  app.add_option("--config", line.config,
                 "Configuration file (default: /etc/tidemark/tidemark.toml, if it is there)");
  app.add_option("--set", line.sets,
                 "A setting, stronger than file and environment: section.key=value")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option_function<std::string>(
      "--socket",
      [&line](const std::string& path) { line.sets.push_back("control.socket=" + path); },
      "The daemon's control socket: short for --set control.socket=PATH");
  app.add_flag("--json", line.json, "Answers as JSON, for programs");
}

void add_job_commands(CLI::App& app, CommandLine& line) {
  CLI::App* jobs = add_command(app, line, Command::jobs_list, "jobs", "Jobs, newest first");
  jobs->require_subcommand(0, 1);
  CLI::App* list = add_command(*jobs, line, Command::jobs_list, "list", "The same as jobs alone");
  for (CLI::App* each : {jobs, list}) {
    each->add_option("--state", line.state, "Only ready, running, waiting, done or dead ones");
    each->add_option("--kind", line.kind, "Only of this kind");
    each->add_option("--key", line.key, "Only of this key, for a sync the member's id");
    each->add_option("--limit", line.limit, "At most so many");
  }
  for (const auto& [command, name, help] :
       {std::tuple{Command::jobs_show, "show", "One job"},
        std::tuple{Command::jobs_requeue, "requeue", "Makes a waiting or dead job ready now"},
        std::tuple{Command::jobs_drop, "drop", "Forgets a job that is not running"}}) {
    add_command(*jobs, line, command, name, help)->add_option("id", line.id, "Job")->required();
  }
}

void add_member_commands(CLI::App& app, CommandLine& line) {
  CLI::App* members = add_command(app, line, Command::members_list, "members", "Members");
  members->require_subcommand(0, 1);
  CLI::App* list =
      add_command(*members, line, Command::members_list, "list", "The same as members alone");
  for (CLI::App* each : {members, list}) each->add_option("--limit", line.limit, "At most so many");
  add_command(*members, line, Command::members_show, "show", "One member")
      ->add_option("id", line.id, "Open Humans project member id")
      ->required();
  CLI::App* add = add_command(*members, line, Command::members_add, "add",
                              "Adds a member, or gives a known one new tokens");
  add->add_option("id", line.id, "Open Humans project member id")->required();
  add->add_option("--tokens", line.tokens_file,
                  "File with a JSON object: github_token, openhumans_access_token, "
                  "openhumans_refresh_token, openhumans_expires_in_s; \"-\", the default: from "
                  "standard input, or asked for on a terminal");
  CLI::App* connect =
      add_command(*members, line, Command::members_connect, "connect",
                  "Connects a member's GitHub account with a code to type, on whatever machine has "
                  "a browser");
  connect->add_option("id", line.id, "Open Humans project member id")->required();
  connect->add_flag("--private", line.private_work, "Private work too");
  add_command(*members, line, Command::members_remove, "remove",
              "Removes a member with everything kept of them")
      ->add_option("id", line.id, "Open Humans project member id")
      ->required();
}

void add_work_commands(CLI::App& app, CommandLine& line) {
  CLI::App* weeks = add_command(app, line, Command::weeks, "weeks", "A member's weeks");
  weeks->add_option("id", line.id, "Member")->required();
  weeks->add_option("--from", line.from, "First week, for example 2026-W01");
  weeks->add_option("--until", line.until, "Last week");
  weeks->add_option("--state", line.state, "Only unknown, partial, complete or uploaded ones");
  weeks->add_option("--limit", line.limit, "At most so many");
  CLI::App* sync = add_command(app, line, Command::sync, "sync", "Syncs a member now");
  sync->add_option("id", line.id, "Member")->required();
  sync->add_flag("--follow", line.follow, "Show the progress until it is done");
}

void add_other_commands(CLI::App& app, CommandLine& line) {
  add_command(app, line, Command::serve, "serve", "Runs the daemon");
  add_command(app, line, Command::status, "status", "What the daemon is doing");
  add_command(app, line, Command::quota, "quota", "Quota windows: what is left, until when")
      ->add_option("--points", line.points, "Say when so many more could be spent");
  add_command(app, line, Command::check, "check",
              "Checks the whole store, through the daemon or, when none runs, directly");
  CLI::App* config = add_command(app, line, Command::config, "config", "Reference of all settings");
  auto* effective =
      config->add_flag("--effective", line.effective, "The values, and whence they are");
  config->add_flag("--example", line.example, "A configuration file to begin with")
      ->excludes(effective);
  CLI::App* key = app.add_subcommand("key", "The key that seals the members' tokens");
  key->require_subcommand(1);
  key->fallthrough();
  add_command(*key, line, Command::key_rotate, "rotate", "Adds a fresh key and seals with it")
      ->add_option("--file", line.key_file, "Key file (default: store.key_file)");
}

}  // namespace

ParsedCommandLine parse_command_line(int count, const char* const* arguments) {
  CommandLine line;
  CLI::App app(
      "tidemark gathers people's work on GitHub within their quota, and never loses its place.",
      "tidemark");
  app.footer(footer);
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("tidemark ") + TIDEMARK_VERSION);
  add_global_options(app, line);
  add_other_commands(app, line);
  add_job_commands(app, line);
  add_member_commands(app, line);
  add_work_commands(app, line);
  ParsedCommandLine parsed;
  try {
    app.parse(count, arguments);
    parsed.command_line = std::move(line);
  } catch (const CLI::ParseError& error) {
    // Help and version come this way too, with code 0.
    parsed.exit_code = app.exit(error) == 0 ? ExitCode::ok : ExitCode::usage;
  }
  return parsed;
}

}  // namespace tidemark::daemon
