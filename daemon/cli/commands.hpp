#pragma once

#include "daemon/cli/command_line.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/settings.hpp"

namespace tidemark::daemon {

// Loads the settings and does what was asked; prints its own errors.
[[nodiscard]] ExitCode run_command(const CommandLine& line);

class Control;

[[nodiscard]] ExitCode serve(const CommandLine& line, const LoadedSettings& loaded);
[[nodiscard]] ExitCode show_status(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode show_quota(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode list_jobs(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode show_job(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode requeue_job(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode drop_job(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode list_members(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode show_member(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode add_member(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode remove_member(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode connect_member(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode list_weeks(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode sync_member(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode discover(const CommandLine& line, Control& control);
// `tidemark graph …`: what is known, and what it is told.
[[nodiscard]] ExitCode ask_graph(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode order_graph(const CommandLine& line, Control& control);
[[nodiscard]] ExitCode check_store(const CommandLine& line, const Settings& settings,
                                   Control& control);
[[nodiscard]] ExitCode show_config(const CommandLine& line, const LoadedSettings& loaded);
[[nodiscard]] ExitCode rotate_key(const CommandLine& line, const Settings& settings);

}  // namespace tidemark::daemon
