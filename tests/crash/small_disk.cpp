#include "tests/crash/small_disk.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace tidemark::test {

namespace {

void require(bool done, const std::string& what) {
  if (!done) throw std::runtime_error(what + ": " + std::strerror(errno));
}

// Mounts of our own; once for the process.
bool private_mounts() {
  static const bool done = ::unshare(CLONE_NEWNS) == 0 &&
                           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  return done;
}

}  // namespace

boost::test_tools::assertion_result SmallDisk::possible(boost::unit_test::test_unit_id) {
  if (private_mounts()) return true;
  boost::test_tools::assertion_result no(false);
  no.message() << "NOT TESTED: no file system can be mounted here (" << std::strerror(errno)
               << "); run this test as root";
  return no;
}

SmallDisk::SmallDisk(std::uint64_t bytes) {
  require(private_mounts(), "private mounts");
  const std::string options = "size=" + std::to_string(bytes);
  require(::mount("tmpfs", path().c_str(), "tmpfs", 0, options.c_str()) == 0, "mount " + path());
}

SmallDisk::~SmallDisk() { (void)::umount2(path().c_str(), MNT_DETACH); }

void SmallDisk::fill() const {
  const int ballast = ::open(file("ballast").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  require(ballast >= 0, "ballast");
  const std::vector<char> block(std::size_t{64} * 1024, 'b');
  for (std::size_t size = block.size(); size > 0;) {
    // A smaller piece may still find room where a larger one does not.
    if (::write(ballast, block.data(), size) <= 0) size /= 2;
  }
  ::close(ballast);
}

void SmallDisk::empty() const { require(::unlink(file("ballast").c_str()) == 0, "ballast"); }

}  // namespace tidemark::test
