#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace tidemark::daemon {

// A file that has its name only once it is whole: "graph.csv.part" until then, and that is gone
// again when the command fails (not when a signal ends it). Links are followed. What is no file, as
// a pipe or a device, is written as it is. All of it throws CommandFailed with the reason.
class ExportFile {
 public:
  explicit ExportFile(const std::string& name);
  ~ExportFile();
  ExportFile(const ExportFile&) = delete;
  ExportFile& operator=(const ExportFile&) = delete;

  void write(std::string_view piece);
  void keep();

 private:
  std::string name_, part_;
  std::FILE* file_ = nullptr;
};

}  // namespace tidemark::daemon
