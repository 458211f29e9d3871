#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace tidemark::storage::test {

// The files of the machine; counts how often one is asked to look ahead.
class LookAheads {
 public:
  [[nodiscard]] std::size_t count() const { return *count_; }

 private:
  using Count = std::shared_ptr<std::atomic<std::size_t>>;

  class File final : public rocksdb::FSRandomAccessFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSRandomAccessFile>&& file, Count count)
        : FSRandomAccessFileOwnerWrapper(std::move(file)), count_(std::move(count)) {}
    rocksdb::IOStatus Prefetch(std::uint64_t offset, std::size_t bytes,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override {
      ++*count_;
      return FSRandomAccessFileOwnerWrapper::Prefetch(offset, bytes, options, context);
    }

   private:
    const Count count_;
  };

  class Files final : public rocksdb::FileSystemWrapper {
   public:
    explicit Files(Count count)
        : FileSystemWrapper(rocksdb::FileSystem::Default()), count_(std::move(count)) {}
    [[nodiscard]] const char* Name() const override { return "LookAheads"; }
    rocksdb::IOStatus NewRandomAccessFile(const std::string& name,
                                          const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                          rocksdb::IODebugContext* context) override {
      std::unique_ptr<rocksdb::FSRandomAccessFile> plain;
      auto status = FileSystemWrapper::NewRandomAccessFile(name, options, &plain, context);
      if (status.ok()) *file = std::make_unique<File>(std::move(plain), count_);
      return status;
    }

   private:
    const Count count_;
  };

  Count count_ = std::make_shared<std::atomic<std::size_t>>(0);

 public:
  const std::unique_ptr<rocksdb::Env> env =
      rocksdb::NewCompositeEnv(std::make_shared<Files>(count_));
};

}  // namespace tidemark::storage::test
