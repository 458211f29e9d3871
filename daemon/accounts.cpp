#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>

#include <array>

#include "daemon/access.hpp"

namespace tidemark::daemon {

namespace {

struct PasswordEntry {
  std::array<char, 16'384> buffer;
  passwd entry{};
  bool found = false;

  explicit PasswordEntry(std::uint32_t user) {
    passwd* result = nullptr;
    found =
        ::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &result) == 0 && result != nullptr;
  }
};

}  // namespace

std::vector<std::uint32_t> system_groups(std::uint32_t user, std::uint32_t primary) {
  const PasswordEntry account(user);
  if (!account.found) return {primary};
  std::vector<gid_t> groups(64);
  int count = static_cast<int>(groups.size());
  if (::getgrouplist(account.entry.pw_name, primary, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(count));
    if (::getgrouplist(account.entry.pw_name, primary, groups.data(), &count) < 0) return {primary};
  }
  groups.resize(static_cast<std::size_t>(count));
  groups.push_back(account.entry.pw_gid);  // also when the process runs under another one
  return groups;
}

std::string user_name(std::uint32_t user) {
  const PasswordEntry account(user);
  return account.found ? std::string(account.entry.pw_name) : fmt::format("uid {}", user);
}

std::optional<std::string> group_name(std::uint32_t group) {
  std::array<char, 16'384> buffer{};
  struct group entry{};
  struct group* result = nullptr;
  ::getgrgid_r(group, &entry, buffer.data(), buffer.size(), &result);
  if (result == nullptr) return std::nullopt;
  return entry.gr_name;
}

std::optional<std::uint32_t> group_id(const std::string& name) {
  std::array<char, 16'384> buffer{};
  struct group entry{};
  struct group* result = nullptr;
  ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &result);
  if (result == nullptr) return std::nullopt;
  return entry.gr_gid;
}

}  // namespace tidemark::daemon
