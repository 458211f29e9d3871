#include "daemon/cli/export_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "daemon/cli/control.hpp"

namespace tidemark::daemon {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const std::string& file) {
  throw CommandFailed(ExitCode::failure, fmt::format("{}: {}", file, std::strerror(errno)));
}

// Where a link leads to, whether or not something is there already.
std::string behind_links(const std::string& name) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(name, error);
  return error ? name : real.string();
}

}  // namespace

ExportFile::ExportFile(const std::string& name) {
  // A pipe or a device is there for somebody who waits for the bytes, and no other file may take
  // its place. Its links may lead nowhere that has a name: /dev/stdout.
  std::error_code error;
  const auto status = fs::status(name, error);
  const bool replaced = !fs::exists(status) || fs::is_regular_file(status);
  name_ = replaced ? behind_links(name) : name;
  part_ = replaced ? name_ + ".part" : name_;
  file_ = std::fopen(part_.c_str(), "wb");
  if (file_ == nullptr) refuse(part_);
}

ExportFile::~ExportFile() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  if (part_ != name_) std::remove(part_.c_str());
}

void ExportFile::write(std::string_view piece) {
  if (std::fwrite(piece.data(), 1, piece.size(), file_) != piece.size()) refuse(part_);
}

void ExportFile::keep() {
  const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
  if (closed && (part_ == name_ || std::rename(part_.c_str(), name_.c_str()) == 0)) return;
  const int why = errno;
  if (part_ != name_) std::remove(part_.c_str());
  errno = why;
  refuse(name_);
}

}  // namespace tidemark::daemon
