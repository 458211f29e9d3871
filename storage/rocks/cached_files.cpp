#include "storage/rocks/cached_files.hpp"

#include <fcntl.h>
#include <rocksdb/file_system.h>
#include <sys/uio.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <utility>

namespace tidemark::storage::rocks {
namespace {

using rocksdb::IOStatus;

// How many reads the thread may do without waiting; nothing: it may wait.
thread_local std::optional<std::size_t> reads_left;

IOStatus refused() { return IOStatus::Aborted("the read would wait for the disk"); }

class Descriptor {
 public:
  explicit Descriptor(const std::string& name)
      : number_(::open(name.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  // All of it at once, or nothing: also where the file system knows no such reads.
  [[nodiscard]] bool read_cached(std::uint64_t offset, std::size_t bytes, char* into) const {
    const iovec piece{into, bytes};
    const auto count = ::preadv2(number_, &piece, 1, static_cast<off_t>(offset), RWF_NOWAIT);
    return count >= 0 && static_cast<std::size_t>(count) == bytes;
  }

 private:
  const int number_;
};

class CachedFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  CachedFile(std::unique_ptr<rocksdb::FSRandomAccessFile>&& file, const std::string& name)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), descriptor_(name) {}

  IOStatus Read(std::uint64_t offset, std::size_t bytes, const rocksdb::IOOptions& options,
                rocksdb::Slice* result, char* scratch,
                rocksdb::IODebugContext* context) const override {
    if (!reads_left)
      return FSRandomAccessFileOwnerWrapper::Read(offset, bytes, options, result, scratch, context);
    if (*reads_left == 0) return refused();
    --*reads_left;
    if (!descriptor_.read_cached(offset, bytes, scratch)) return refused();
    *result = rocksdb::Slice(scratch, bytes);
    return IOStatus::OK();
  }

  // One by one, as above.
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, std::size_t count,
                     const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    if (reads_left) return FSRandomAccessFile::MultiRead(requests, count, options, context);
    return FSRandomAccessFileOwnerWrapper::MultiRead(requests, count, options, context);
  }

  // Looking ahead goes to the disk. It is a hint, which nobody has to follow.
  IOStatus Prefetch(std::uint64_t offset, std::size_t bytes, const rocksdb::IOOptions& options,
                    rocksdb::IODebugContext* context) override {
    if (reads_left) return IOStatus::OK();
    return FSRandomAccessFileOwnerWrapper::Prefetch(offset, bytes, options, context);
  }

 private:
  const Descriptor descriptor_;
};

class CachedFiles final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  [[nodiscard]] const char* Name() const override { return "CachedFiles"; }

  // Opening a table may wait, and goes on to read its end and its index.
  IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                               rocksdb::IODebugContext* context) override {
    if (reads_left) return refused();
    std::unique_ptr<rocksdb::FSRandomAccessFile> plain;
    IOStatus status = FileSystemWrapper::NewRandomAccessFile(name, options, &plain, context);
    if (status.ok()) *file = std::make_unique<CachedFile>(std::move(plain), name);
    return status;
  }
};

class CachedEnv final : public rocksdb::EnvWrapper {
 public:
  CachedEnv(const std::shared_ptr<rocksdb::FileSystem>& files,
            const std::shared_ptr<rocksdb::SystemClock>& clock)
      : EnvWrapper(rocksdb::NewCompositeEnv(files)) {
    file_system_ = files;
    system_clock_ = clock;
  }
};

}  // namespace

NoWaiting::NoWaiting(std::size_t reads_most) { reads_left = reads_most; }
NoWaiting::~NoWaiting() { reads_left.reset(); }

bool would_wait(const rocksdb::Status& status) {
  return status.IsAborted() || status.IsIncomplete();
}

std::shared_ptr<rocksdb::Env> with_cached_files(rocksdb::Env& env) {
  return std::make_shared<CachedEnv>(std::make_shared<CachedFiles>(env.GetFileSystem()),
                                     env.GetSystemClock());
}

}  // namespace tidemark::storage::rocks
