#include <boost/json/array.hpp>
#include <charconv>

#include "tests/simulators/openhumans.hpp"
#include "tests/simulators/openhumans/answers.hpp"
#include "tests/simulators/openhumans/metadata.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

constexpr std::size_t key_bytes_max = 1024;

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

// Each part of the path by itself: slashes in a name stay.
std::string encode_path(std::string_view path) {
  std::string encoded;
  while (true) {
    std::size_t slash = path.find('/');
    encoded += http::percent_encode(path.substr(0, slash));
    if (slash == std::string_view::npos) return encoded;
    encoded += '/';
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

http::Response OpenHumansSimulator::upload_direct(Step& step) {
  auto filename = shapes::text_of(step.fields, "filename");
  if (!filename || filename->empty()) {
    return shapes::field_list("filename", "This field is required.");
  }
  CheckedMetadata checked = check_metadata(step.fields);
  if (checked.refusal) return std::move(*checked.refusal);
  std::string key = "member-files/" + source() + "/" + make_text(32) + "/" + encode_path(*filename);
  if (key.size() > key_bytes_max) return shapes::html(500);
  StoredFile& file = files_.emplace_back();
  file.id = files_.size();
  file.member_id = step.member->id;
  file.source = source();
  file.basename = filename->substr(filename->rfind('/') + 1);
  file.key = std::move(key);
  file.metadata = std::move(checked.metadata);
  file.created_ms = step.now_ms;
  note(file, "registered", step.now_ms, 0);
  std::int64_t expires_s = step.now_ms / 1000 + settings_.put_lifetime_s;
  return shapes::json(
      201, json::object{{"id", file.id}, {"url", signed_url("PUT", file.key, expires_s)}});
}

http::Response OpenHumansSimulator::upload_complete(Step& step) {
  auto given = shapes::text_of(step.fields, "file_id");
  if (!given) return shapes::detail(400, "file does not exist");
  auto id = whole_number(*given);
  if (!id) return shapes::field_list("file_id", "Enter a whole number.");
  StoredFile* file = find_file(*id);  // whose it is, is not checked
  if (file == nullptr || file->deleted) return shapes::html(500);
  if (!file->put) return shapes::detail(400, "file not present");
  bool first = !file->completed;
  file->completed = true;
  if (first) note(*file, "completed", step.now_ms, file->content.size());
  return shapes::json(200, json::object{{"status", "ok"}, {"size", file->content.size()}});
}

http::Response OpenHumansSimulator::delete_files(Step& step) {
  auto id_text = shapes::text_of(step.fields, "file_id");
  auto basename = shapes::text_of(step.fields, "file_basename");
  auto all_text = shapes::text_of(step.fields, "all_files");
  bool all = all_text && (*all_text == "true" || *all_text == "True" || *all_text == "1");
  int given = (id_text ? 1 : 0) + (basename ? 1 : 0) + (all ? 1 : 0);
  if (given == 0) {
    return shapes::field_text("missing_field",
                              "one of file_id, file_basename, or all_files is required");
  }
  if (given > 1) {
    return shapes::field_text("too_many",
                              "one of file_id, file_basename, or all_files is required");
  }
  std::optional<std::uint64_t> id;
  if (id_text) {
    id = whole_number(*id_text);
    if (!id) return shapes::field_list("file_id", "Enter a whole number.");
  }
  json::array deleted;
  for (StoredFile& each : files_) {
    bool ours = each.member_id == step.member->id && each.source == source() && each.completed;
    bool meant = all || (id && each.id == *id) || (basename && each.basename == *basename);
    if (!ours || !meant || each.deleted) continue;
    each.deleted = true;
    deleted.push_back(each.id);
    note(each, "deleted", step.now_ms, each.content.size());
  }
  return shapes::json(200, json::object{{"ids", std::move(deleted)}});
}

}  // namespace tidemark::simulators
