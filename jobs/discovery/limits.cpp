#include "jobs/discovery/limits.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "jobs/discovery/crawl.hpp"
#include "storage/cursors.hpp"

namespace tidemark::jobs::discovery {

namespace {

constexpr std::string_view limit_name = "users_limit";  // a cursor that is one number

}  // namespace

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

}  // namespace tidemark::jobs::discovery
