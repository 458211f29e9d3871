#include "storage/rocks/log_files.hpp"

#include <charconv>
#include <set>
#include <string_view>
#include <vector>

namespace tidemark::storage::rocks {
namespace {

constexpr std::string_view ending = ".log";

// "000123.log" is 123; 0 for every other file.
std::uint64_t log_number(std::string_view name) {
  if (!name.ends_with(ending)) return 0;
  name.remove_suffix(ending.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc{} && end == name.data() + name.size() ? number : 0;
}

}  // namespace

rocksdb::IOStatus LogFiles::open(std::uint64_t number) {
  std::string name = std::to_string(number);
  name.insert(0, name.size() < 6 ? 6 - name.size() : 0, '0');
  const std::string path = folder_ + "/" + name + std::string(ending);
  return files_->ReopenWritableFile(path, rocksdb::FileOptions(), &logs_[number].file, nullptr);
}

// Brings logs_ up to what the folder holds. A file that is new there is made durable as a name,
// too.
rocksdb::IOStatus LogFiles::list() {
  std::vector<std::string> names;
  rocksdb::IOStatus status = files_->GetChildren(folder_, rocksdb::IOOptions(), &names, nullptr);
  if (!status.ok()) return status;
  std::set<std::uint64_t> present;
  bool any_new = false;
  for (const std::string& name : names) {
    const std::uint64_t number = log_number(name);
    if (number == 0) continue;
    present.insert(number);
    if (logs_.contains(number)) continue;
    status = open(number);
    if (!status.ok()) {
      logs_.erase(number);
      if (!status.IsPathNotFound() && !status.IsNotFound()) return status;
      continue;  // RocksDB has just deleted it: all of it is in tables, which are synced
    }
    any_new = true;
  }
  std::erase_if(logs_, [&present](const auto& log) { return !present.contains(log.first); });
  if (!any_new) return status;
  std::unique_ptr<rocksdb::FSDirectory> folder;
  status = files_->NewDirectory(folder_, rocksdb::IOOptions(), &folder, nullptr);
  return status.ok() ? folder->Fsync(rocksdb::IOOptions(), nullptr) : status;
}

rocksdb::IOStatus LogFiles::sync() {
  const std::lock_guard lock(mutex_);
  rocksdb::IOStatus status = list();
  for (auto& [number, log] : logs_) {
    if (!status.ok()) break;
    if (log.file == nullptr) continue;
    status = log.file->Sync(rocksdb::IOOptions(), nullptr);
    // Only the newest log is still written to; an older one needs no second sync.
    if (status.ok() && number != logs_.rbegin()->first) log.file.reset();
  }
  // After a failure nothing is remembered: a name that was not synced must count as new again.
  if (!status.ok()) logs_.clear();
  return status;
}

}  // namespace tidemark::storage::rocks
