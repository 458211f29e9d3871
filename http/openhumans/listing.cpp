#include <fmt/format.h>

#include <set>

#include "http/json_document.hpp"
#include "http/openhumans/values.hpp"

namespace tidemark::http::openhumans {
namespace {

Result<ListingPage> absurd(std::string what) {
  return Result<ListingPage>{Outcome::transient, "a listing without sense: " + std::move(what), {}};
}

// Metadata is what some project wrote. Ours has these three; of others nothing is expected.
void read_metadata(const boost::json::object& file, ListedFile& into) {
  const boost::json::value* metadata = file.if_contains("metadata");
  if (metadata == nullptr || !metadata->is_object()) return;
  const boost::json::object& object = metadata->get_object();
  into.description = string_member(object, "description").value_or("");
  into.md5 = string_member(object, "md5").value_or("");
  const boost::json::value* tags = object.if_contains("tags");
  if (tags == nullptr || !tags->is_array()) return;
  for (const boost::json::value& tag : tags->get_array()) {
    if (tag.is_string()) into.tags.emplace_back(std::string_view(tag.get_string()));
  }
}

// Gives the name of a member that is missing or absurd, or nothing.
std::string_view read_file(const boost::json::value& value, ListedFile& into) {
  if (!value.is_object()) return "object";
  const boost::json::object& object = value.get_object();
  const auto id = unsigned_member(object, "id");
  const auto basename = string_member(object, "basename");
  const auto download_url = string_member(object, "download_url");
  const auto source = string_member(object, "source");
  if (!id) return "id";
  if (!basename) return "basename";
  if (!download_url) return "download_url";
  if (!source) return "source";
  into.id = *id;
  into.basename = *basename;
  into.download_url = *download_url;
  into.source = *source;
  read_metadata(object, into);
  return {};
}

}  // namespace

Result<ListingPage> read_listing_page(const boost::json::value& body) {
  if (!body.is_object()) return absurd(fmt::format("it is {}", kind_of(body)));
  const boost::json::object& object = body.get_object();
  Result<ListingPage> result;
  ListingPage& page = result.value;

  // A string of digits that may begin with 0, never a number.
  const auto member_id = string_member(object, "project_member_id");
  if (!member_id || member_id->empty()) return absurd("project_member_id is not a text");
  page.project_member_id = *member_id;

  if (const boost::json::value* count = object.if_contains("count")) {
    page.count = as_unsigned(*count);
    if (!page.count) return absurd("count is not a number from 0 up");
  }
  const boost::json::value* next = object.if_contains("next");
  if (next != nullptr && !next->is_null()) {
    if (!next->is_string()) return absurd("next is neither an address nor null");
    page.next = std::string_view(next->get_string());
  }
  const boost::json::value* data = object.if_contains("data");
  if (data == nullptr || !data->is_array()) return absurd("data is not an array");
  page.files.resize(data->get_array().size());
  for (std::size_t i = 0; i < page.files.size(); ++i) {
    const std::string_view wrong = read_file(data->get_array()[i], page.files[i]);
    if (!wrong.empty()) return absurd(fmt::format("data[{}] has no proper {}", i, wrong));
  }
  return result;
}

std::string ListingAssembly::add(ListingPage page) {
  if (begun_ && page.project_member_id != listing_.project_member_id) {
    return "the pages of a listing belong to different members";
  }
  begun_ = true;
  listing_.project_member_id = std::move(page.project_member_id);
  count_ = page.count;
  for (ListedFile& file : page.files) listing_.files.push_back(std::move(file));
  return {};
}

Result<MemberListing> ListingAssembly::finish() {
  std::set<std::uint64_t> seen;
  std::erase_if(listing_.files,
                [&seen](const ListedFile& file) { return !seen.insert(file.id).second; });
  if (count_ && listing_.files.size() < *count_) {
    return Result<MemberListing>{
        Outcome::transient,
        fmt::format("the listing names {} of {} files: it changed while it was read",
                    listing_.files.size(), *count_),
        {}};
  }
  return Result<MemberListing>{Outcome::ok, {}, std::move(listing_)};
}

}  // namespace tidemark::http::openhumans
