#include "daemon/cli/graph_export.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "daemon/cli/control.hpp"
#include "daemon/cli/export_file.hpp"
#include "daemon/cli/pages.hpp"
#include "daemon/cli/table.hpp"
#include "http/url.hpp"

namespace tidemark::daemon {

namespace {

[[noreturn]] void refuse(const std::string& file) {
  throw CommandFailed(ExitCode::failure, fmt::format("{}: {}", file, std::strerror(errno)));
}

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
  ExportFile file(line.output);
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
