#include "storage/files.hpp"

#include "storage/row_decoders.hpp"
#include "storage/rows.hpp"

namespace tidemark::storage {
namespace {

constexpr std::uint8_t version = 1;

KeyWriter form_key(std::string_view member, FileForm form) {
  KeyWriter key;
  key.text(member).u8(static_cast<std::uint8_t>(form));
  return key;
}

std::string file_key(std::string_view member, std::string_view name) {
  return form_key(member, FileForm::file).text(name).bytes();
}

std::string encode(const RemoteFile& file) {
  ValueWriter out(version);
  out.text(file.name).u64(static_cast<std::uint64_t>(file.phase)).u64(file.remote_id);
  out.text(file.put_url).i64(file.put_url_expires_ms);
  out.text(file.md5).u64(file.size).i64(file.first.index).i64(file.last.index);
  return out.take();
}

RemoteFile decode(std::string_view value) {
  ValueReader in(value, version, "file");
  RemoteFile file;
  file.name = in.text();
  file.phase = enumerated(in.u64(), UploadPhase::planned, UploadPhase::completed);
  file.remote_id = in.u64();
  file.put_url = in.text();
  file.put_url_expires_ms = in.i64();
  file.md5 = in.text();
  file.size = in.u64();
  file.first = Week{static_cast<std::int32_t>(in.i64())};
  file.last = Week{static_cast<std::int32_t>(in.i64())};
  in.end();
  return file;
}

}  // namespace

FileRow decode_file(std::string_view key, std::string_view value) {
  return decoded(Table::files, key, [&] {
    FileRow row;
    KeyReader place(key);
    place.text();
    row.form = enumerated(place.u8(), FileForm::file, FileForm::doomed);
    if (row.form == FileForm::doomed) {
      row.remote_id = place.u64();
      ValueReader(value, version, "doomed file").end();
    } else {
      row.file = decode(value);
      if (row.form == FileForm::file && place.text() != row.file.name)
        throw CorruptRecord("the value is that of \"" + row.file.name + "\"" + damage_remedy);
    }
    place.end();
    return row;
  });
}

std::optional<RemoteFile> find_file(const Reader& reader, std::string_view member,
                                    std::string_view name) {
  const auto key = file_key(member, name);
  const auto value = reader.get(Table::files, key);
  if (!value) return std::nullopt;
  return decode_file(key, *value).file;
}

void put_file(Writer& writer, std::string_view member, const RemoteFile& file) {
  require_member_id(member);
  writer.put(Table::files, file_key(member, file.name), encode(file));
}

void erase_file(Writer& writer, std::string_view member, std::string_view name) {
  writer.erase(Table::files, file_key(member, name));
}

std::vector<RemoteFile> list_files(const Reader& reader, std::string_view member) {
  std::vector<RemoteFile> files;
  const auto prefix = form_key(member, FileForm::file).bytes();
  const auto each = [&](std::string_view key, std::string_view value) {
    files.push_back(decode_file(key, value).file);
    return true;
  };
  reader.scan(Table::files, prefix, after_prefix(prefix), each);
  return files;
}

std::optional<RemoteFile> find_upload(const Reader& reader, std::string_view member) {
  const auto key = form_key(member, FileForm::upload).bytes();
  const auto value = reader.get(Table::files, key);
  if (!value) return std::nullopt;
  return decode_file(key, *value).file;
}

void put_upload(Writer& writer, std::string_view member, const RemoteFile& file) {
  require_member_id(member);
  writer.put(Table::files, form_key(member, FileForm::upload), encode(file));
}

void erase_upload(Writer& writer, std::string_view member) {
  writer.erase(Table::files, form_key(member, FileForm::upload));
}

void put_doomed(Writer& writer, std::string_view member, std::uint64_t remote_id) {
  require_member_id(member);
  writer.put(Table::files, form_key(member, FileForm::doomed).u64(remote_id),
             ValueWriter(version).take());
}

void erase_doomed(Writer& writer, std::string_view member, std::uint64_t remote_id) {
  writer.erase(Table::files, form_key(member, FileForm::doomed).u64(remote_id));
}

std::vector<std::uint64_t> list_doomed(const Reader& reader, std::string_view member,
                                       std::size_t most) {
  std::vector<std::uint64_t> ids;
  if (most == 0) return ids;
  const auto prefix = form_key(member, FileForm::doomed).bytes();
  const auto each = [&](std::string_view key, std::string_view value) {
    ids.push_back(decode_file(key, value).remote_id);
    return ids.size() < most;
  };
  reader.scan(Table::files, prefix, after_prefix(prefix), each);
  return ids;
}

}  // namespace tidemark::storage
