#include <rocksdb/utilities/debug.h>

#include <algorithm>

#include "storage/rocks/errors.hpp"
#include "storage/rocks/purge.hpp"

namespace tidemark::storage::rocks {
namespace {

constexpr std::uint64_t piece_bytes = 64 * 1024 * 1024;
// Far more than a member's rows that were written again after the erasure.
constexpr std::size_t versions_most = 100'000;

// The tables of the deepest level that has any, in the order of their keys.
std::vector<rocksdb::LiveFileMetaData> deepest(const Database& database, Family family) {
  std::vector<rocksdb::LiveFileMetaData> files;
  database.db().GetLiveFilesMetaData(&files);
  const std::string name = family_names[static_cast<std::size_t>(family)];
  std::erase_if(files, [&](const auto& file) { return file.column_family_name != name; });
  int level = 0;
  for (const auto& file : files) level = std::max(level, file.level);
  std::erase_if(files, [&](const auto& file) { return level == 0 || file.level != level; });
  std::ranges::sort(files, {}, [](const auto& file) { return file.smallestkey; });
  return files;
}

}  // namespace

std::vector<Compaction> whole(const Database& database, Family family) {
  std::vector<Compaction> pieces;
  Compaction piece{family, {}, {}};
  std::uint64_t bytes = 0;
  for (const auto& file : deepest(database, family)) {
    if (bytes >= piece_bytes) {
      piece.end = file.smallestkey;
      pieces.push_back(piece);
      piece = {family, file.smallestkey, {}};
      bytes = 0;
    }
    bytes += file.size;
  }
  pieces.push_back(piece);
  return pieces;
}

Compaction around(const Database& database, const Erased& erased) {
  Compaction span{erased.family, erased.range.begin, erased.range.end};
  const auto files = deepest(database, erased.family);
  for (const auto& file : files) {
    if (file.smallestkey > erased.range.begin) break;
    span.begin = file.smallestkey;
  }
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    if (file->largestkey < erased.range.end) break;
    span.end = file->largestkey;
  }
  return span;
}

std::vector<Compaction> around(const Database& database, Family family,
                               const std::vector<const Range*>& ranges) {
  if (ranges.empty()) return {};
  const auto files = deepest(database, family);
  if (files.empty()) return {Compaction{family, {}, {}}};
  std::vector<bool> touched(files.size());
  for (const Range* range : ranges) {
    const auto after = std::ranges::upper_bound(files, range->begin, {}, [](const auto& file) {
      return std::string_view(file.smallestkey);
    });
    const auto last = std::ranges::lower_bound(
        files, range->end, {}, [](const auto& file) { return std::string_view(file.largestkey); });
    const auto first = after == files.begin() ? after : after - 1;
    const auto end = last == files.end() ? last : last + 1;
    for (auto file = first; file < end; ++file) {
      touched[static_cast<std::size_t>(file - files.begin())] = true;
    }
  }
  std::vector<Compaction> pieces;
  std::uint64_t bytes = piece_bytes;  // of the piece that the table before belongs to
  for (std::size_t place = 0; place < files.size(); ++place) {
    if (!touched[place]) {
      bytes = piece_bytes;
      continue;
    }
    if (bytes >= piece_bytes) {
      pieces.push_back({family, place == 0 ? std::string() : files[place].smallestkey, {}});
      bytes = 0;
    }
    bytes += files[place].size;
    const bool is_last = place + 1 == files.size();
    pieces.back().end = is_last              ? std::string()
                        : touched[place + 1] ? files[place + 1].smallestkey
                                             : files[place].largestkey;
  }
  return pieces;
}

bool anything_left(const Database& database, const Erased& erased, std::uint64_t before) {
  std::vector<rocksdb::KeyVersion> versions;
  auto* family = database.family(erased.family);
  check(rocksdb::GetAllKeyVersions(&database.db(), family, erased.range.begin, erased.range.end,
                                   versions_most, &versions),
        database.db().GetName(), "looking for what was erased");
  const std::string* newer = nullptr;  // the key of the version before, if that is old enough
  for (const rocksdb::KeyVersion& version : versions) {
    const bool old = version.sequence <= before;
    const bool is_value = version.type == 1;  // db_format.h: kTypeValue
    if (old && (!is_value || (newer != nullptr && *newer == version.user_key))) return true;
    newer = old ? &version.user_key : nullptr;
  }
  return false;
}

}  // namespace tidemark::storage::rocks
