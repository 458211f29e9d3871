#include "daemon/cli/graph_export.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "daemon/cli/control.hpp"
#include "daemon/cli/pages.hpp"
#include "daemon/cli/table.hpp"
#include "http/url.hpp"

namespace tidemark::daemon {

namespace {

[[noreturn]] void refuse(const std::string& file) {
  throw CommandFailed(ExitCode::failure, fmt::format("{}: {}", file, std::strerror(errno)));
}

// "graph.csv.part" until it is whole; gone again if it never is.
class PartFile {
 public:
  explicit PartFile(const std::string& name) : name_(name), part_(name + ".part") {
    file_ = std::fopen(part_.c_str(), "wb");
    if (file_ == nullptr) refuse(part_);
  }
  ~PartFile() {
    if (file_ == nullptr) return;
    std::fclose(file_);
    std::remove(part_.c_str());
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  void write(std::string_view piece) {
    if (std::fwrite(piece.data(), 1, piece.size(), file_) != piece.size()) refuse(part_);
  }
  void keep() {
    const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
    if (closed && std::rename(part_.c_str(), name_.c_str()) == 0) return;
    const int why = errno;
    std::remove(part_.c_str());
    errno = why;
    refuse(name_);
  }

 private:
  std::string name_, part_;
  std::FILE* file_ = nullptr;
};

}  // namespace

ExitCode export_graph(const CommandLine& line, Control& control) {
  const auto target = "/v1/graph/export?format=" + http::percent_encode(line.format) +
                      query_part("what", line.what);
  if (line.output == "-") {
    auto print = [](std::string_view piece) {
      if (std::fwrite(piece.data(), 1, piece.size(), stdout) != piece.size()) {
        refuse("standard output");
      }
    };
    control.stream(target, print);
    if (std::fflush(stdout) != 0) refuse("standard output");
    return ExitCode::ok;
  }
  PartFile file(line.output);
  std::uint64_t bytes = 0;
  auto save = [&](std::string_view piece) {
    file.write(piece);
    bytes += piece.size();
  };
  control.stream(target, save);
  file.keep();
  if (!line.json) fmt::print("{}: {}\n", line.output, bytes_text(bytes));
  return ExitCode::ok;
}

}  // namespace tidemark::daemon
