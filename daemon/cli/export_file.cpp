#include "daemon/cli/export_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "daemon/cli/control.hpp"
#include "daemon/cli/link_target.hpp"

namespace tidemark::daemon {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const std::string& file) {
  throw CommandFailed(ExitCode::failure, fmt::format("{}: {}", file, std::strerror(errno)));
}

// An open file by its number, which can be given a name.
std::string place_of(int file) { return fmt::format("/proc/self/fd/{}", file); }

}  // namespace

ExportFile::ExportFile(const std::string& name, Until whole) {
  const auto target = behind_links(name);
  if (!target) {
    errno = ELOOP;
    refuse(name);
  }
  name_ = target->name;
  // A pipe or a device is there for somebody who waits for the bytes, and no other file may take
  // its place.
  std::error_code error;
  const auto status = fs::status(name_, error);
  if (target->descriptor) {
    const int own = ::dup(*target->descriptor);
    file_ = own < 0 ? nullptr : ::fdopen(own, "wb");
  } else if (fs::exists(status) && !fs::is_regular_file(status)) {
    file_ = std::fopen(name_.c_str(), "wb");
  } else {
    if (whole == Until::part || !open_nameless()) open_part();
    if (file_ != nullptr) be_as_before();
  }
  if (file_ == nullptr) refuse(name_);
}

// Whoever could not read the file that is replaced cannot read the new one.
void ExportFile::be_as_before() {
  struct stat before{};
  if (::stat(name_.c_str(), &before) != 0) return;
  const int file = ::fileno(file_);
  const bool same_owner = ::fchown(file, before.st_uid, before.st_gid) == 0;
  const mode_t mode = before.st_mode & 0777;
  // Rights of a group must not go to another one. A file system without modes has but one.
  (void)::fchmod(file, same_owner ? mode : mode & 0707);
}

// False: there are no such files here, or they could not be given a name.
bool ExportFile::open_nameless() {
  auto folder = fs::path(name_).parent_path().string();
  if (folder.empty()) folder = ".";
  const int number = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  if (number < 0) return errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL;
  if (::access(place_of(number).c_str(), F_OK) != 0) {
    ::close(number);
    return false;
  }
  file_ = ::fdopen(number, "wb");
  nameless_ = true;
  return true;
}

void ExportFile::open_part() {
  part_ = name_ + ".part";
  removed_ = std::make_unique<RemovedOnSignal>(part_);
  file_ = std::fopen(part_.c_str(), "wb");
}

ExportFile::~ExportFile() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  if (!part_.empty()) std::remove(part_.c_str());
}

void ExportFile::write(std::string_view piece) {
  if (std::fwrite(piece.data(), 1, piece.size(), file_) != piece.size()) refuse(name_);
}

// A link cannot take the place of a file that is there: then it gets another name first.
bool ExportFile::give_name() {
  const auto place = place_of(::fileno(file_));
  auto link = [&place](const std::string& name) {
    return ::linkat(AT_FDCWD, place.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
  };
  if (link(name_)) return true;
  if (errno != EEXIST) return false;
  part_ = name_ + ".part";
  removed_ = std::make_unique<RemovedOnSignal>(part_);
  std::remove(part_.c_str());
  return link(part_) && std::rename(part_.c_str(), name_.c_str()) == 0;
}

void ExportFile::keep() {
  if (std::fflush(file_) != 0) refuse(name_);
  if (nameless_ && !give_name()) refuse(name_);
  const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
  const bool named = nameless_ || part_.empty() || std::rename(part_.c_str(), name_.c_str()) == 0;
  if (closed && named) return;
  const int why = errno;
  if (!part_.empty()) std::remove(part_.c_str());
  errno = why;
  refuse(name_);
}

}  // namespace tidemark::daemon
