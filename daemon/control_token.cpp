#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <span>
#include <stdexcept>

#include "daemon/access.hpp"
#include "daemon/settings.hpp"
#include "http/async/random.hpp"

namespace tidemark::daemon {

namespace {

std::string fresh_token() {
  async::SecureRandom random;
  std::array<std::byte, 32> bytes{};
  random.fill(bytes);
  std::string token;
  for (const std::byte byte : bytes) token += fmt::format("{:02x}", std::to_integer<int>(byte));
  return token;
}

std::string make_token(const std::string& file) {
  const std::string token = fresh_token();
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const std::string line = token + "\n";
  const bool written = descriptor >= 0 && ::write(descriptor, line.data(), line.size()) ==
                                              static_cast<ssize_t>(line.size());
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!written) {
    auto problem = fmt::format(
        "{}: the control token cannot be stored: {}; make the folder writable, or set "
        "control.token_file",
        file, std::strerror(error));
    if (error == ENOSPC || error == EDQUOT) throw std::runtime_error(problem);  // room may come
    throw SettingsError({std::move(problem)});
  }
  return token;
}

}  // namespace

std::string load_control_token(const std::string& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) {
    if (errno == ENOENT) return make_token(file);
    throw SettingsError({fmt::format("{}: {}; check control.token_file and its folder", file,
                                     std::strerror(errno))});
  }
  if ((status.st_mode & 077) != 0) {
    throw SettingsError({fmt::format(
        "{}: others may read the control token; correct it with: chmod 600 {}", file, file)});
  }
  std::ifstream stream(file);
  std::string token;
  std::getline(stream, token);
  if (token.size() < 16 || token.find_first_of(" \t\r") != std::string::npos) {
    throw SettingsError(
        {fmt::format("{}: holds no token of at least 16 letters; delete the "
                     "file, and the next start makes a fresh one",
                     file)});
  }
  return token;
}

}  // namespace tidemark::daemon
