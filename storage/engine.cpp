#include "storage/engine.hpp"

#include <vector>

namespace tidemark::storage {
namespace {

// Keys are collected before they are erased, because a scan and the erasing of what it stands on do
// not mix. A page bounds the memory of that, however long the range is.
constexpr std::size_t keys_per_page = 1024;

class NothingOnDisk final : public Purge {
 public:
  Step step() override { return Step::done; }
};

}  // namespace

std::size_t Writer::erase_range(Table table, std::string_view from, std::string_view until) {
  std::string next(from);
  std::vector<std::string> keys;
  std::size_t erased = 0;
  do {
    keys.clear();
    scan(table, next, until, [&keys](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return keys.size() < keys_per_page;
    });
    for (const std::string& key : keys) erase(table, key);
    erased += keys.size();
    if (!keys.empty()) next = keys.back();
  } while (keys.size() == keys_per_page);
  return erased;
}

std::unique_ptr<Purge> Engine::begin_purge(std::uint64_t) {
  return std::make_unique<NothingOnDisk>();
}

}  // namespace tidemark::storage
