#pragma once

#include "daemon/cli/command_line.hpp"

namespace tidemark::daemon {

class Control;

// The whole graph, as it comes: to standard output, or to a file that has its name only once it is
// whole.
[[nodiscard]] ExitCode export_graph(const CommandLine& line, Control& control);

}  // namespace tidemark::daemon
