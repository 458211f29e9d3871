#pragma once

namespace tidemark::daemon {

// What the process ends with; scripts and systemd depend on the numbers.
enum class ExitCode : int {
  ok = 0,
  failure = 1,  // something else went wrong; the message says what
  usage = 2,  // bad arguments or configuration, which includes the files of secrets: a person must
              // correct it, and systemd does not start the daemon again
  unreachable = 3,  // no daemon answers on the control socket
  refused = 4,      // the daemon said no: not allowed, not found, not valid
  store = 5,        // the store cannot be opened (also: its keys are others) or written
  temporary = 75,   // busy or shutting down: the same again may work
};

}  // namespace tidemark::daemon
