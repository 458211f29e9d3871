#include "daemon/cli/commands.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "daemon/cli/control.hpp"
#include "http/excerpt.hpp"
#include "storage/engine.hpp"

namespace tidemark::daemon {

namespace {

ExitCode run_with_daemon(const CommandLine& line, const LoadedSettings& loaded) {
  Control control(loaded.settings.control_socket);
  switch (line.command) {
    case Command::status: return show_status(line, control);
    case Command::quota: return show_quota(line, control);
    case Command::jobs_list: return list_jobs(line, control);
    case Command::jobs_show: return show_job(line, control);
    case Command::jobs_requeue: return requeue_job(line, control);
    case Command::jobs_drop: return drop_job(line, control);
    case Command::members_list: return list_members(line, control);
    case Command::members_show: return show_member(line, control);
    case Command::members_add: return add_member(line, control);
    case Command::members_remove: return remove_member(line, control);
    case Command::members_connect: return connect_member(line, control);
    case Command::weeks: return list_weeks(line, control);
    case Command::sync: return sync_member(line, control);
    case Command::discover: return discover(line, control);
    case Command::graph_status:
    case Command::graph_users:
    case Command::graph_user:
    case Command::graph_followers:
    case Command::graph_following:
    case Command::graph_repositories:
    case Command::graph_neighbours:
    case Command::graph_mutual:
    case Command::graph_path:
    case Command::graph_top:
    case Command::graph_export: return ask_graph(line, control);
    case Command::graph_forget:
    case Command::graph_deny:
    case Command::graph_allow:
    case Command::graph_denied:
    case Command::graph_seeds:
    case Command::graph_unseed: return order_graph(line, control);
    case Command::check: return check_store(line, loaded.settings, control);
    case Command::serve:
    case Command::config:
    case Command::key_rotate: break;
  }
  return ExitCode::usage;
}

ExitCode run_loaded(const CommandLine& line) {
  if (line.command == Command::config && !line.effective) return show_config(line, {});
  const LoadedSettings loaded = load_settings({line.config, process_environment(), line.sets});
  if (line.command == Command::config) return show_config(line, loaded);
  if (line.command == Command::serve) return serve(line, loaded);
  if (line.command == Command::key_rotate) return rotate_key(line, loaded.settings);
  return run_with_daemon(line, loaded);
}

ExitCode complain(std::string_view what, ExitCode code) {
  // The words may be those of an upstream.
  fmt::print(stderr, "tidemark: {}\n", http::printable(what));
  return code;
}

}  // namespace

ExitCode run_command(const CommandLine& line) {
  try {
    return run_loaded(line);
  } catch (const SettingsError& error) {
    for (const auto& problem : error.problems()) complain(problem, ExitCode::usage);
    return ExitCode::usage;
  } catch (const CommandFailed& failed) {
    return complain(failed.what(), failed.code());
  } catch (const storage::StoreError& error) {
    return complain(error.what(), ExitCode::store);
  } catch (const std::exception& error) {
    return complain(error.what(), ExitCode::failure);
  }
}

}  // namespace tidemark::daemon
