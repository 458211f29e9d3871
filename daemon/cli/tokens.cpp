#include "daemon/cli/tokens.hpp"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "daemon/cli/control.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

constexpr std::size_t file_most = 64 * 1024;

// Typed letters stay unseen while this lives.
class Unseen {
 public:
  Unseen() {
    known_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (known_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~Unseen() {
    if (known_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool known_ = false;
};

json::object ask() {
  const Unseen unseen;
  json::object tokens;
  for (const auto& [name, question] :
       {std::pair{"github_token", "GitHub token"},
        std::pair{"openhumans_access_token", "Open Humans access token"},
        std::pair{"openhumans_refresh_token", "Open Humans refresh token"}}) {
    fmt::print(stderr, "{} (Enter: none): ", question);
    std::string answer;
    std::getline(std::cin, answer);
    fmt::print(stderr, "\n");
    if (!answer.empty()) tokens[name] = answer;
  }
  return tokens;
}

std::string read_all(std::istream& stream) {
  std::string text(file_most + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace

json::object read_tokens(const std::string& file) {
  if (file == "-" && ::isatty(STDIN_FILENO) == 1) return ask();
  const auto name = file == "-" ? std::string("standard input") : file;
  std::string text;
  if (file == "-") {
    text = read_all(std::cin);
  } else {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
      throw CommandFailed(
          ExitCode::usage,
          fmt::format("{}: cannot be read; check the path and its permissions", file));
    }
    text = read_all(stream);
  }
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (text.size() > file_most || error || !value.is_object()) {
    throw CommandFailed(
        ExitCode::usage,
        fmt::format("{}: give one JSON object, for example {{\"github_token\": \"…\", "
                    "\"openhumans_access_token\": \"…\", \"openhumans_refresh_token\": \"…\"}}",
                    name));
  }
  return value.get_object();
}

}  // namespace tidemark::daemon
