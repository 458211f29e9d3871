#include "daemon/routes/graph/github_ids.hpp"

#include <fmt/format.h>

#include "storage/graph/user.hpp"

namespace tidemark::daemon::graph {

namespace {

// "tidemar", the version, the table; the variant; then the number.
std::string prefix_of(GithubTable table) {
  return fmt::format("74696465-6d61-8{:03x}-8000-", static_cast<unsigned>(table));
}

}  // namespace

std::string uuid_of(GithubTable table, std::uint64_t number) {
  return prefix_of(table) + fmt::format("{:012x}", number);
}

std::optional<std::uint64_t> number_of(GithubTable table, std::string_view uuid) {
  const std::string lower = storage::graph::lower_case(uuid);
  const std::string prefix = prefix_of(table);
  if (lower.size() != 36 || !lower.starts_with(prefix)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char digit : lower.substr(prefix.size())) {
    const auto value = std::string_view("0123456789abcdef").find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    number = number << 4 | value;
  }
  return number;
}

std::string origin_of(const http::Request& request) {
  constexpr std::string_view allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]";
  auto host = request.headers.find("Host").value_or("");
  const bool plain = !host.empty() && host.find_first_not_of(allowed) == std::string_view::npos;
  if (!plain) host = "localhost";
  return fmt::format("http://{}", host);
}

std::string url_of(std::string_view origin, GithubTable table, std::uint64_t number) {
  const bool developers = table == GithubTable::developers;
  return fmt::format("{}/github/{}/{}/", origin, developers ? "developers" : "repositories",
                     uuid_of(table, number));
}

}  // namespace tidemark::daemon::graph
