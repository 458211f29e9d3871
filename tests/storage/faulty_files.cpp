#include "tests/storage/faulty_files.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace tidemark::storage::test {
namespace {

using rocksdb::IOStatus;

class FaultyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::unique_ptr<rocksdb::FSWritableFile>&& file, FaultyFiles& files, std::string name)
      : FSWritableFileOwnerWrapper(std::move(file)), files_(files), name_(std::move(name)) {}

  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                  rocksdb::IODebugContext* context) override {
    bool half = false;
    IOStatus refused = files_.before_append(&half);
    if (!refused.ok() && !half) return refused;
    const rocksdb::Slice written(data.data(), half ? data.size() / 2 : data.size());
    IOStatus status = FSWritableFileOwnerWrapper::Append(written, options, context);
    if (status.ok()) files_.appended(name_, written.size());
    return refused.ok() ? status : refused;
  }
  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                  const rocksdb::DataVerificationInfo&, rocksdb::IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus Sync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    IOStatus refused = files_.before_sync();
    if (!refused.ok()) return refused;
    files_.synced(name_);  // and nothing more: the power cut is ours, and syncing takes long
    return IOStatus::OK();
  }
  IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    return Sync(options, context);
  }

 private:
  FaultyFiles& files_;
  const std::string name_;
};

class FaultyFolder final : public rocksdb::FSDirectory {
 public:
  FaultyFolder(std::unique_ptr<rocksdb::FSDirectory> folder, FaultyFiles& files)
      : folder_(std::move(folder)), files_(files) {}

  IOStatus Fsync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    IOStatus refused = files_.before_sync();
    if (!refused.ok()) return refused;
    files_.folder_synced();
    return IOStatus::OK();
  }
  IOStatus FsyncWithDirOptions(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, context);
  }
  IOStatus Close(const rocksdb::IOOptions& options, rocksdb::IODebugContext* context) override {
    return folder_->Close(options, context);
  }

 private:
  std::unique_ptr<rocksdb::FSDirectory> folder_;
  FaultyFiles& files_;
};

std::optional<std::string> text_of(const std::string& name) {
  std::ifstream file(name);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

IOStatus broken() { return IOStatus::IOError("injected: the disk is broken"); }

}  // namespace

FaultyFiles::FaultyFiles() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

bool FaultyFiles::strikes() { return operations_++ == fail_at; }

IOStatus FaultyFiles::refusal() {
  return fail_as_full ? IOStatus::NoSpace("injected: no space left") : broken();
}

IOStatus FaultyFiles::before_append(bool* half) {
  if (dead) return broken();
  *half = true;
  if (strikes()) return refusal();
  if (full) return IOStatus::NoSpace("injected: no space left");
  *half = false;
  return IOStatus::OK();
}

IOStatus FaultyFiles::before_sync() {
  if (dead) return broken();
  if (strikes()) return refusal();
  ++syncs_;
  return IOStatus::OK();
}

void FaultyFiles::appended(const std::string& name, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  sizes_[name].written += bytes;
}

void FaultyFiles::synced(const std::string& name) {
  const std::lock_guard lock(mutex_);
  sizes_[name].synced = sizes_[name].written;
}

void FaultyFiles::folder_synced() {
  const std::lock_guard lock(mutex_);
  undo_.clear();
}

void FaultyFiles::cut_power() {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, size] : sizes_) {
    if (std::filesystem::exists(name)) std::filesystem::resize_file(name, size.synced);
  }
  for (const auto& [name, text] : undo_) {
    std::filesystem::remove(name);
    if (text) std::ofstream(name) << *text;
  }
  sizes_.clear();
  undo_.clear();
}

IOStatus FaultyFiles::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      rocksdb::IODebugContext* context) {
  if (dead) return broken();
  std::unique_ptr<rocksdb::FSWritableFile> real;
  IOStatus status = FileSystemWrapper::NewWritableFile(name, options, &real, context);
  if (!status.ok()) return status;
  const std::lock_guard lock(mutex_);
  sizes_[name] = Size();
  undo_.try_emplace(name, std::nullopt);
  *file = std::make_unique<FaultyFile>(std::move(real), *this, name);
  return status;
}

IOStatus FaultyFiles::ReopenWritableFile(const std::string& name,
                                         const rocksdb::FileOptions& options,
                                         std::unique_ptr<rocksdb::FSWritableFile>* file,
                                         rocksdb::IODebugContext* context) {
  if (dead) return broken();
  std::unique_ptr<rocksdb::FSWritableFile> real;
  IOStatus status = FileSystemWrapper::ReopenWritableFile(name, options, &real, context);
  if (status.ok()) *file = std::make_unique<FaultyFile>(std::move(real), *this, name);
  return status;
}

IOStatus FaultyFiles::NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                   std::unique_ptr<rocksdb::FSDirectory>* folder,
                                   rocksdb::IODebugContext* context) {
  std::unique_ptr<rocksdb::FSDirectory> real;
  IOStatus status = FileSystemWrapper::NewDirectory(name, options, &real, context);
  if (status.ok()) *folder = std::make_unique<FaultyFolder>(std::move(real), *this);
  return status;
}

IOStatus FaultyFiles::RenameFile(const std::string& from, const std::string& to,
                                 const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* context) {
  if (dead) return broken();
  std::optional<std::string> before = text_of(to);
  IOStatus status = FileSystemWrapper::RenameFile(from, to, options, context);
  const std::lock_guard lock(mutex_);
  if (status.ok()) {
    sizes_[to] = sizes_[from];
    sizes_.erase(from);
    undo_.erase(from);
    undo_.try_emplace(to, std::move(before));
  }
  return status;
}

IOStatus FaultyFiles::DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* context) {
  if (dead) return broken();
  return FileSystemWrapper::DeleteFile(name, options, context);
}

IOStatus FaultyFiles::GetFreeSpace(const std::string&, const rocksdb::IOOptions&,
                                   std::uint64_t* free_bytes, rocksdb::IODebugContext*) {
  *free_bytes = tell_free_bytes;
  return IOStatus::OK();
}

}  // namespace tidemark::storage::test
