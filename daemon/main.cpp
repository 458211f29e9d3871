#include "daemon/cli/command_line.hpp"
#include "daemon/cli/commands.hpp"

// Arguments → settings → build → run → exit code (daemon/exit_code.hpp has the numbers).
int main(int count, char** arguments) {
  using namespace tidemark::daemon;
  const ParsedCommandLine parsed = parse_command_line(count, arguments);
  if (!parsed.command_line) return static_cast<int>(parsed.exit_code);
  return static_cast<int>(run_command(*parsed.command_line));
}
