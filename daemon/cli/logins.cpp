#include "daemon/cli/logins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "daemon/cli/control.hpp"
#include "daemon/routes/answers.hpp"
#include "jobs/discovery/seeds.hpp"

namespace tidemark::daemon {

namespace {

using jobs::discovery::seed_file_bytes_most;

[[noreturn]] void refuse(const std::string& what) { throw CommandFailed(ExitCode::usage, what); }

std::string read_text(const std::string& file) {
  std::ifstream stream;
  if (file != "-") {
    stream.open(file, std::ios::binary);
    if (!stream) refuse(fmt::format("{}: {}", file, std::strerror(errno)));
  }
  std::istream& input = file == "-" ? std::cin : stream;
  std::string text;
  std::string piece(std::size_t{64} * 1024, '\0');
  while (input.read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
         input.gcount() > 0) {
    text.append(piece, 0, static_cast<std::size_t>(input.gcount()));
    if (text.size() > seed_file_bytes_most) {
      refuse(fmt::format("{}: is larger than {} MB; split it", file,
                         seed_file_bytes_most / (1024 * 1024)));
    }
  }
  return text;
}

}  // namespace

std::vector<std::string> given_logins(const CommandLine& line) {
  std::vector<std::string> logins = line.logins;
  for (const auto& login : logins) {
    if (jobs::discovery::is_login(login)) continue;
    refuse(not_a_login(login));
  }
  if (!line.logins_file.empty()) {
    auto file = jobs::discovery::read_seeds(read_text(line.logins_file));
    if (!file.problems.empty()) {
      refuse(fmt::format("{}: {}", line.logins_file, fmt::join(file.problems, "; ")));
    }
    std::ranges::move(file.logins, std::back_inserter(logins));
  }
  if (logins.empty()) refuse("name a GitHub login, or a file of them with --file");
  return logins;
}

}  // namespace tidemark::daemon
