#include "daemon/cli/link_target.hpp"

#include <charconv>
#include <filesystem>

namespace tidemark::daemon {

namespace fs = std::filesystem;

namespace {

constexpr int links_most = 40;  // as the kernel follows

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// Links in this folder lead to whatever is open: opening one anew would begin at its first byte.
std::optional<int> descriptor_of(const fs::path& file) {
  std::error_code error;
  const auto folder = fs::canonical(folder_of(file), error);
  if (error || folder != fs::canonical("/proc/self/fd", error)) return std::nullopt;
  const auto digits = file.filename().string();
  int number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, wrong] = std::from_chars(digits.data(), end, number);
  if (wrong != std::errc{} || stop != end) return std::nullopt;
  return number;
}

}  // namespace

std::optional<LinkTarget> behind_links(const std::string& name) {
  fs::path file = name;
  for (int links = 0; links < links_most; ++links) {
    if (const auto descriptor = descriptor_of(file)) return LinkTarget{file.string(), descriptor};
    std::error_code error;
    if (!fs::is_symlink(file, error)) return LinkTarget{file.string(), std::nullopt};
    file = folder_of(file) / fs::read_symlink(file, error);
  }
  return std::nullopt;
}

}  // namespace tidemark::daemon
