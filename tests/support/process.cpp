#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace tidemark::test {

namespace {

struct Pipe {
  int read_end = -1, write_end = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    read_end = ends[0];
    write_end = ends[1];
  }
};

std::vector<std::string> environment_of(const Launch& launch) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    bool replaced = false;
    for (const auto& [name, value] : launch.environment) {
      replaced = replaced || text.starts_with(name + "=");
    }
    if (!replaced) variables.push_back(text);
  }
  for (const auto& [name, value] : launch.environment) {
    if (!value.empty()) variables.push_back(name + "=" + value);
  }
  return variables;
}

// posix_spawn cannot change the user; setpriv can, and becomes the program.
std::vector<std::string> words_of(const Launch& launch) {
  std::vector<std::string> words;
  if (launch.user) {
    const auto user = std::to_string(*launch.user);
    words = {"/usr/bin/setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--"};
  }
  words.push_back(launch.program);
  words.insert(words.end(), launch.arguments.begin(), launch.arguments.end());
  return words;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

void write_all(int descriptor, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const auto written = ::write(descriptor, text.data() + sent, text.size() - sent);
    if (written <= 0) return;  // the process does not read: its own affair
    sent += static_cast<std::size_t>(written);
  }
}

}  // namespace

Process::Process(const Launch& launch) {
  Pipe input, output, errors;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input.read_end, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output.write_end, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, errors.write_end, STDERR_FILENO);
  auto variables = environment_of(launch);
  auto words = words_of(launch);
  const auto word_pointers = pointers_to(words);
  const auto variable_pointers = pointers_to(variables);
  const int error = ::posix_spawn(&id_, word_pointers[0], &actions, nullptr, word_pointers.data(),
                                  variable_pointers.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(input.read_end);
  ::close(output.write_end);
  ::close(errors.write_end);
  output_pipe_ = output.read_end;
  error_pipe_ = errors.read_end;
  if (error != 0) {
    ::close(input.write_end);
    throw std::runtime_error(launch.program + " does not start: " + std::strerror(error));
  }
  ::signal(SIGPIPE, SIG_IGN);
  write_all(input.write_end, launch.input);
  ::close(input.write_end);
}

Process::~Process() {
  if (running()) {
    signal(SIGKILL);
    reap(0);
  }
  ::close(output_pipe_);
  ::close(error_pipe_);
}

const std::string& Process::output() {
  pump(Milliseconds(0));
  return output_;
}

const std::string& Process::errors() {
  pump(Milliseconds(0));
  return errors_;
}

bool Process::wait_for_error_text(const std::string& text, Milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (errors_.find(text) == std::string::npos) {
    if (std::chrono::steady_clock::now() > until) return false;
    if (!pump(Milliseconds(20))) return errors_.find(text) != std::string::npos;
  }
  return true;
}

void Process::signal(int number) const {
  if (id_ > 0 && !code_) ::kill(id_, number);
}

int Process::wait(Milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (running()) {
    if (std::chrono::steady_clock::now() > until) {
      signal(SIGKILL);
      reap(0);
      throw std::runtime_error("the process did not end in time; it said: " + errors_);
    }
    if (!pump(Milliseconds(5))) std::this_thread::sleep_for(Milliseconds(1));
  }
  while (pump(Milliseconds(0))) {
  }
  return *code_;
}

bool Process::running() {
  if (id_ <= 0) return false;
  if (!code_) reap(WNOHANG);
  return !code_;
}

void Process::reap(int options) {
  int status = 0;
  if (::waitpid(id_, &status, options) != id_) return;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool Process::pump(Milliseconds at_most) {
  std::array<pollfd, 2> pipes{{{output_pipe_, POLLIN, 0}, {error_pipe_, POLLIN, 0}}};
  if (::poll(pipes.data(), pipes.size(), static_cast<int>(at_most.count())) <= 0) {
    return at_most.count() > 0;
  }
  bool got_any = false;
  for (std::size_t i = 0; i < pipes.size(); ++i) {
    if (pipes[i].revents == 0) continue;
    std::array<char, 16'384> buffer;
    const auto size = ::read(pipes[i].fd, buffer.data(), buffer.size());
    if (size <= 0) continue;
    (i == 0 ? output_ : errors_).append(buffer.data(), static_cast<std::size_t>(size));
    got_any = true;
  }
  return got_any;
}

Finished run_process(const Launch& launch, Process::Milliseconds limit) {
  Process process(launch);
  Finished finished;
  finished.code = process.wait(limit);
  finished.output = process.output();
  finished.errors = process.errors();
  return finished;
}

}  // namespace tidemark::test
