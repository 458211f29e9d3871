#include "jobs/discovery/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "jobs/discovery/crawl.hpp"
#include "storage/cursors.hpp"

namespace tidemark::jobs::discovery {

namespace {

constexpr std::string_view limit_name = "users_limit";  // a cursor that is one number

}  // namespace

std::uint64_t accounts_in(const storage::graph::Totals& totals) {
  return totals.users + totals.organizations;
}

void put_users_limit(storage::Writer& writer, std::uint64_t users_most) {
  storage::put_cursor(writer, cursor_owner, limit_name, std::to_string(users_most));
}

std::uint64_t users_limit(const storage::Reader& reader, const DiscoverySettings& settings) {
  const auto text = storage::find_cursor(reader, cursor_owner, limit_name);
  if (!text) return settings.users_most;
  std::uint64_t told = settings.users_most;
  std::from_chars(text->data(), text->data() + text->size(), told);
  return std::min(told, settings.users_most);
}

std::vector<std::string> limits_reached(const storage::Reader& reader,
                                        const DiscoverySettings& settings) {
  std::vector<std::string> reached;
  const storage::graph::Totals totals = storage::graph::totals(reader);
  const std::uint64_t users_most = users_limit(reader, settings);
  if (accounts_in(totals) >= users_most) {
    reached.push_back(
        fmt::format("no more accounts are taken in, there are {}: raise {}", accounts_in(totals),
                    users_most < settings.users_most ? "the limit (tidemark discover --limit)"
                                                     : "the setting discovery.users_max"));
  }
  if (totals.repositories >= settings.repositories_most) {
    reached.push_back(
        fmt::format("no more repositories are taken in, there are {}: raise the setting "
                    "discovery.repositories_max",
                    totals.repositories));
  }
  return reached;
}

}  // namespace tidemark::jobs::discovery
