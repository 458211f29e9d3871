#include "storage/rocks/database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "storage/rocks/errors.hpp"

namespace tidemark::storage::rocks {
namespace {

// What a creation that was killed half-way may leave behind; with only these, we create again.
bool left_by_us(std::string_view name) {
  const auto begins = [name](std::string_view prefix) { return name.starts_with(prefix); };
  return name == "." || name == ".." || name == "lost+found" || name == "LOCK" ||
         name == "IDENTITY" || begins("LOG") || begins("MANIFEST-") || begins("OPTIONS-") ||
         name.ends_with(".dbtmp") || name.ends_with(".log");
}

void refuse_foreign_folder(rocksdb::Env& env, const std::string& folder) {
  if (env.FileExists(folder + "/CURRENT").ok()) return;
  std::vector<std::string> names;
  const rocksdb::Status status = env.GetChildren(folder, &names);
  if (status.IsNotFound()) return;
  check(status, folder, "reading the folder");
  const auto foreign = std::find_if_not(names.begin(), names.end(), left_by_us);
  if (foreign == names.end()) return;
  throw StoreError(
      fmt::format("{}: not a store, and not empty (it holds {}): name an empty or new "
                  "folder for the store, or move the files away",
                  folder, *foreign));
}

// Opening must name every family, and only a newer tidemark makes families that we do not know.
void refuse_unknown_families(const std::string& folder, const Settings& settings) {
  if (!settings.database.env->FileExists(folder + "/CURRENT").ok()) return;
  std::vector<std::string> present;
  check(rocksdb::DB::ListColumnFamilies(settings.database, folder, &present), folder,
        "reading what the store holds");
  for (const std::string& name : present) {
    if (std::find(family_names.begin(), family_names.end(), name) != family_names.end()) continue;
    throw StoreError(
        fmt::format("{}: holds '{}', which this tidemark does not know: install the "
                    "newer version again, or restore a backup",
                    folder, name));
  }
}

// The process that holds the lock; 0 when it is not known. Only asked when it is another one:
// closing any descriptor of the file would drop a lock of ours.
pid_t lock_holder(const std::string& folder) {
  const int file = ::open((folder + "/LOCK").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool held = ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(file);
  return held ? lock.l_pid : 0;
}

void refuse_if_in_use(const rocksdb::Status& status, const std::string& folder) {
  const std::string text = status.ToString();
  if (!status.IsIOError() || text.find("lock") == std::string::npos) return;
  const bool ours = text.find("current process") != std::string::npos;
  const bool held = ours || text.find("temporarily unavailable") != std::string::npos;
  if (!held) return;
  const pid_t holder = ours ? ::getpid() : lock_holder(folder);
  const std::string who = holder > 0 ? fmt::format(" (process {})", holder) : "";
  throw StoreError(
      fmt::format("{}: is in use by another tidemark{}: stop that one first, or give "
                  "this one its own store folder",
                  folder, who));
}

}  // namespace

Database::Database(const std::string& folder, const Settings& settings, Access access)
    : env_(settings.env) {
  refuse_foreign_folder(*settings.database.env, folder);
  refuse_unknown_families(folder, settings);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status =
      access == Access::full
          ? rocksdb::DB::Open(settings.database, folder, settings.families, &handles, &opened)
          : rocksdb::DB::OpenForReadOnly(settings.database, folder, settings.families, &handles,
                                         &opened);
  refuse_if_in_use(status, folder);
  check(status, folder, "opening the store");
  db_.reset(opened);
  std::copy(handles.begin(), handles.end(), families_.begin());
}

Database::~Database() {
  for (rocksdb::ColumnFamilyHandle* handle : families_) db_->DestroyColumnFamilyHandle(handle);
}

}  // namespace tidemark::storage::rocks
