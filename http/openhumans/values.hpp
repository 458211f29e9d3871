#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "http/openhumans/api.hpp"

namespace tidemark::http::openhumans {

// Successful bodies as values. An absurd one is `transient` and says what was absurd.
[[nodiscard]] Result<std::string> read_project(const boost::json::value& body);
[[nodiscard]] Result<Registered> read_registered(const boost::json::value& body);
[[nodiscard]] Result<std::uint64_t> read_completed(const boost::json::value& body);
[[nodiscard]] Result<Nothing> read_deleted(const boost::json::value& body);
[[nodiscard]] Result<Grant> read_grant(const boost::json::value& body);

struct ListingPage {
  std::string project_member_id;
  std::optional<std::uint64_t> count;  // of all pages
  std::string next;                    // empty: the last page
  std::vector<ListedFile> files;
};
[[nodiscard]] Result<ListingPage> read_listing_page(const boost::json::value& body);

// Puts pages together. The listing is paged by offset, so that a file that comes or goes meanwhile
// moves the others over the edge of a page: doubles are dropped, and a listing with fewer files
// than announced is refused. A file not seen would be taken for one that is not there.
class ListingAssembly {
 public:
  // Gives what is wrong with this page, or nothing.
  [[nodiscard]] std::string add(ListingPage page);
  [[nodiscard]] Result<MemberListing> finish();

 private:
  MemberListing listing_;
  std::optional<std::uint64_t> count_;
  bool begun_ = false;
};

}  // namespace tidemark::http::openhumans
