#pragma once

#include <span>
#include <string_view>

namespace tidemark::daemon::pages {

// The templates and assets as they lie in this folder; written by embed.cmake at build.
struct EmbeddedFile {
  std::string_view name, bytes;
  std::string_view version;  // of the bytes: 16 hex digits
};
[[nodiscard]] std::span<const EmbeddedFile> embedded_files();

}  // namespace tidemark::daemon::pages
