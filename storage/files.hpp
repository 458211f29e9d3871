#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/engine.hpp"
#include "storage/week.hpp"

namespace tidemark::storage {

// How far an upload to Open Humans has come. On disk: never change a number.
enum class UploadPhase : std::uint8_t {
  planned = 1,     // nothing sent
  registered = 2,  // Open Humans gave an id and an address to PUT to
  stored = 3,      // the bytes are there, their ETag was ours
  completed = 4,   // Open Humans counted them; only now the file exists for a reader
};

// A file of ours at Open Humans, or on its way there.
struct RemoteFile {
  std::string name;  // "github-2026-W18.json"
  UploadPhase phase = UploadPhase::planned;
  std::uint64_t remote_id = 0;  // from `registered` on
  std::string put_url;          // while `registered`
  std::int64_t put_url_expires_ms = 0;
  std::string md5;  // 32 hex digits of the content
  std::uint64_t size = 0;
  Week first, last;  // the weeks it covers; both 0 for the profile
};

// Files by name that a reader sees: one completed version each.
[[nodiscard]] std::optional<RemoteFile> find_file(const Reader& reader, std::string_view member,
                                                  std::string_view name);
void put_file(Writer& writer, std::string_view member, const RemoteFile& file);
void erase_file(Writer& writer, std::string_view member, std::string_view name);
[[nodiscard]] std::vector<RemoteFile> list_files(const Reader& reader, std::string_view member);

// The one upload under way for a member, if any.
[[nodiscard]] std::optional<RemoteFile> find_upload(const Reader& reader, std::string_view member);
void put_upload(Writer& writer, std::string_view member, const RemoteFile& file);
void erase_upload(Writer& writer, std::string_view member);

// Remote ids that a newer file replaces: to be deleted one by one.
void put_doomed(Writer& writer, std::string_view member, std::uint64_t remote_id);
void erase_doomed(Writer& writer, std::string_view member, std::uint64_t remote_id);
[[nodiscard]] std::vector<std::uint64_t> list_doomed(const Reader& reader, std::string_view member,
                                                     std::size_t most);

}  // namespace tidemark::storage
