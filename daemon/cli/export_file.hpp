#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/cli/removed_on_signal.hpp"

namespace tidemark::daemon {

// A file that has its name only once it is whole. Until then it has none (O_TMPFILE), so that
// nothing is left of it however the command ends. A file system that has no such files, as NFS,
// gets "graph.csv.part", which is removed when the command fails or a signal ends it. It has the
// owner and the mode of the file that it replaces. Links are followed. What is no file, as a pipe or
// a device, and what is open already, as /dev/stdout, is written as it is. All of it throws
// CommandFailed with the reason.
class ExportFile {
 public:
  enum class Until { nameless, part };
  explicit ExportFile(const std::string& name, Until whole = Until::nameless);
  ~ExportFile();
  ExportFile(const ExportFile&) = delete;
  ExportFile& operator=(const ExportFile&) = delete;

  void write(std::string_view piece);
  void keep();

 private:
  bool open_nameless();
  void open_part();
  void be_as_before();
  bool give_name();

  std::string name_;
  std::string part_;  // empty: there is none
  std::unique_ptr<RemovedOnSignal> removed_;
  std::FILE* file_ = nullptr;
  bool nameless_ = false;
};

}  // namespace tidemark::daemon
