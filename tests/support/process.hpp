#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tidemark::test {

// What a process is started with.
struct Launch {
  std::string program;
  std::vector<std::string> arguments;
  // Added to our own environment; an empty value takes the variable away.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::string input = {};             // its standard input, then the end of it
  std::optional<unsigned> user = {};  // runs as this user and group (needs root), in no other group
};

// A child process with pipes for its output. Whatever happens, it does not outlive this object.
class Process {
 public:
  using Milliseconds = std::chrono::milliseconds;

  explicit Process(const Launch& launch);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // What came so far.
  [[nodiscard]] const std::string& output();  // standard output
  [[nodiscard]] const std::string& errors();  // standard error
  // Reads on until standard error holds `text`; false at the limit, or when the process ended
  // first.
  bool wait_for_error_text(const std::string& text, Milliseconds limit = Milliseconds(10'000));

  void signal(int number) const;  // kill() of this process, by its id
  // The exit code, or minus the signal that ended it. At the limit it is killed, and this throws.
  int wait(Milliseconds limit = Milliseconds(20'000));
  [[nodiscard]] bool running();
  [[nodiscard]] pid_t id() const { return id_; }

 private:
  bool pump(Milliseconds at_most);  // false when both pipes have ended
  void reap(int options);

  pid_t id_ = -1;
  int output_pipe_ = -1, error_pipe_ = -1;
  std::string output_, errors_;
  std::optional<int> code_;
};

struct Finished {
  int code = 0;
  std::string output, errors;
};
// Runs to the end.
[[nodiscard]] Finished run_process(const Launch& launch,
                                   Process::Milliseconds limit = Process::Milliseconds(20'000));

}  // namespace tidemark::test
