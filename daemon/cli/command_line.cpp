#include "daemon/cli/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "daemon/routes/discovery_bounds.hpp"
#include "daemon/routes/graph/bounds.hpp"
#include "daemon/routes/graph/repository_sorts.hpp"
#include "daemon/routes/graph/user_sorts.hpp"

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

constexpr std::uint64_t rows_most = 1'000'000'000;

// Of a list: how many of its rows are shown by themselves stands in the help.
void add_limit(CLI::App& list, CommandLine& line, const std::string& by_itself,
               std::uint64_t most = rows_most) {
  list.add_option("--limit", line.limit, "At most so many (default: " + by_itself + ")")
      ->check(CLI::Range(std::uint64_t{1}, most));
}

void add_job_commands(CLI::App& app, CommandLine& line) {
  CLI::App* jobs = add_command(app, line, Command::jobs_list, "jobs", "Jobs, newest first");
  jobs->require_subcommand(0, 1);
  CLI::App* list = add_command(*jobs, line, Command::jobs_list, "list", "The same as jobs alone");
  for (CLI::App* each : {jobs, list}) {
    each->add_option("--state", line.state, "Only ready, running, waiting, done or dead ones");
    each->add_option("--kind", line.kind, "Only of this kind");
    each->add_option("--key", line.key, "Only of this key, for a sync the member's id");
    add_limit(*each, line, "50");
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
  for (CLI::App* each : {members, list}) add_limit(*each, line, "all");
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
  auto* private_too = connect->add_flag("--private", line.private_work, "Private work too");
  connect
      ->add_flag("--public", line.public_work,
                 "Public work only: what was read of private work is forgotten, its files at Open "
                 "Humans are removed, and all is read again. Without either, the member's choice "
                 "stays")
      ->excludes(private_too);
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
  add_limit(*weeks, line, "all");
  CLI::App* sync = add_command(app, line, Command::sync, "sync", "Syncs a member now");
  sync->add_option("id", line.id, "Member")->required();
  sync->add_flag("--follow", line.follow, "Show the progress until it is done");
}

void add_account(CLI::App& command, CommandLine& line) {
  command.add_option("user", line.id, "Login, number or node id")->required();
}

void add_discover_command(CLI::App& app, CommandLine& line) {
  CLI::App* discover = add_command(app, line, Command::discover, "discover",
                                   "Lets the graph of users grow from these accounts");
  discover->add_option("users", line.logins, "GitHub logins");
  discover->add_option("--file", line.logins_file,
                       "More of them: one a line, or CSV with a column login or name; \"-\": from "
                       "standard input");
  discover->add_option("--depth", line.depth, "Read accounts up to so many steps from them")
      ->check(CLI::Range(std::uint64_t{1}, seed_depth_most));
  discover
      ->add_option("--limit", line.users_most, "Let the graph hold no more than so many accounts")
      ->check(CLI::Range(std::uint64_t{1}, users_limit_most));
  discover->add_flag("--follow", line.follow, "Show how it goes until nothing is left to read");
}

template <class Sort>
void add_sort(CLI::App& list, CommandLine& line, const std::vector<Sort>& sorts) {
  std::string help = "Field to sort by, with - before it the other way round";
  for (const Sort& sort : sorts) {
    help.append(&sort == &sorts.front() ? ": " : ", ").append(sort.name);
  }
  list.add_option("--sort", line.sort, help);
}

void add_filters(CLI::App& list, CommandLine& line, const std::string& examples) {
  list.add_option("--filter", line.filters,
                  "Only where this holds; more than one: where all do. " + examples)
      ->take_all()
      ->allow_extra_args(false);
}

constexpr const char* user_filters =
    "location=Oslo, followers_count__gte=100, bio__contains=C++, email__isnull=true";
constexpr const char* repository_filters =
    "language=C, stargazers_count__gte=100, description__contains=graph, archived=false";

void add_user_queries(CLI::App& graph, CommandLine& line) {
  CLI::App* users = add_command(graph, line, Command::graph_users, "users", "The users known");
  users->add_option("--prefix", line.prefix, "Only logins that begin so");
  add_sort(*users, line, graph::user_sorts());
  add_filters(*users, line, user_filters);
  add_limit(*users, line, "50");
  add_account(*add_command(graph, line, Command::graph_user, "user", "One user"), line);
  for (const auto& [command, name, help] :
       {std::tuple{Command::graph_followers, "followers", "Who follows a user"},
        std::tuple{Command::graph_following, "following", "Whom a user follows"}}) {
    CLI::App* list = add_command(graph, line, command, name, help);
    add_account(*list, line);
    add_filters(*list, line, user_filters);
    add_limit(*list, line, "50");
  }
  CLI::App* repositories = add_command(graph, line, Command::graph_repositories, "repositories",
                                       "A user's repositories, or all that are known");
  repositories->add_option("user", line.id, "Login, number or node id; without: everybody's");
  add_sort(*repositories, line, graph::repository_sorts());
  add_filters(*repositories, line, repository_filters);
  add_limit(*repositories, line, "50");
}

void add_path_queries(CLI::App& graph, CommandLine& line) {
  CLI::App* near = add_command(graph, line, Command::graph_neighbours, "neighbours",
                               "Accounts within some steps of a user");
  add_account(*near, line);
  near->add_option("--depth", line.depth, "Steps (default: 1)")
      ->check(CLI::Range(std::uint64_t{1}, graph::near_steps_most));
  add_limit(*near, line, "50");
  CLI::App* mutual = add_command(graph, line, Command::graph_mutual, "mutual",
                                 "Whom a user follows and is followed by; with another user, whom "
                                 "both of them follow");
  add_account(*mutual, line);
  mutual->add_option("other", line.other, "Another one");
  add_limit(*mutual, line, "50");
  CLI::App* path = add_command(graph, line, Command::graph_path, "path",
                               "The shortest way from one user to another");
  add_account(*path, line);
  path->add_option("other", line.other, "The other one")->required();
  CLI::App* top = add_command(graph, line, Command::graph_top, "top", "Who has the most of them");
  top->add_option("--by", line.by,
                  "followers (the default), following or public_repos, as GitHub counts them; "
                  "known_followers or known_following, as they are stored here");
  add_limit(*top, line, "50", graph::list_rows_most);
  CLI::App* dump =
      add_command(graph, line, Command::graph_export, "export", "The whole graph as a file");
  dump->add_option("--format", line.format, "ndjson, csv or graphml");
  dump->add_option("--what", line.what,
                   "users, repositories, follows, stars or all (default: all, of csv and graphml "
                   "follows)");
  dump->add_option("--output", line.output, "File; \"-\", the default: standard output");
}

void add_graph_orders(CLI::App& graph, CommandLine& line) {
  add_account(*add_command(graph, line, Command::graph_forget, "forget",
                           "Erases a user with all that is known of them, and never learns them "
                           "again"),
              line);
  CLI::App* deny = add_command(graph, line, Command::graph_deny, "deny",
                               "Accounts that must not be learnt; who is known is forgotten");
  deny->add_option("users", line.logins, "GitHub logins");
  deny->add_option("--file", line.logins_file, "More of them, as in discover");
  add_command(graph, line, Command::graph_allow, "allow", "Takes accounts off the deny-list")
      ->add_option("users", line.logins, "GitHub logins")
      ->required();
  add_command(graph, line, Command::graph_denied, "denied", "How many accounts are denied");
  CLI::App* seeds = add_command(graph, line, Command::graph_seeds, "seeds",
                                "Accounts that the crawl begins with");
  seeds->require_subcommand(0, 1);
  add_limit(*seeds, line, "all");
  add_command(*seeds, line, Command::graph_unseed, "remove",
              "Begins with this one no more; what is known stays")
      ->add_option("login", line.id, "GitHub login")
      ->required();
}

void add_graph_commands(CLI::App& app, CommandLine& line) {
  add_discover_command(app, line);
  CLI::App* graph =
      add_command(app, line, Command::graph_status, "graph", "The graph of users and how it grows");
  graph->require_subcommand(0, 1);
  add_command(*graph, line, Command::graph_status, "status", "The same as graph alone");
  add_user_queries(*graph, line);
  add_path_queries(*graph, line);
  add_graph_orders(*graph, line);
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
  add_graph_commands(app, line);
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
