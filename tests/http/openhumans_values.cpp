#include "http/openhumans/values.hpp"

#include <boost/test/unit_test.hpp>

#include "http/json_document.hpp"

namespace tidemark::test {
namespace {

using namespace http::openhumans;

boost::json::value parsed(std::string_view text) {
  const auto document = http::parse_json(text);
  BOOST_REQUIRE_MESSAGE(document.ok(), document.error);
  // A copy with memory of its own.
  return boost::json::value(document.value.value(), boost::json::storage_ptr());
}

template <class Value>
void check_absurd(Result<Value> (*read)(const boost::json::value&),
                  const std::vector<std::pair<std::string, std::string>>& rows) {
  for (const auto& [body, says] : rows) {
    const Result<Value> result = read(parsed(body));
    BOOST_TEST(name_of(result.outcome) == name_of(Outcome::transient), body);
    BOOST_TEST(result.message.find(says) != std::string::npos, body << ": " << result.message);
  }
}

const std::string file_1 =
    R"({"id":1,"basename":"github-2026-W18.json","created":"2026-05-04T00:00:00Z","datatypes":[],)"
    R"("download_url":"https://www.openhumans.org/data-management/datafile-download/1/?key=k",)"
    R"("metadata":{"tags":["github","weeks"],"description":"week","md5":"d41d8cd98f00b204e9800998ecf8427e"},)"
    R"("source":"direct-sharing-7","source_project":"x"})";

std::string listing(const std::string& files, const std::string& rest) {
  return R"({"project_member_id":"01234567","sources_shared":[],"data":[)" + files + "]," + rest +
         "}";
}
std::string other_file(int id) {
  return R"({"id":)" + std::to_string(id) +
         R"(,"basename":"x","download_url":"u","metadata":null,"source":"direct-sharing-9"})";
}

BOOST_AUTO_TEST_SUITE(openhumans_values)

BOOST_AUTO_TEST_CASE(a_projects_id_is_the_source_of_its_files) {
  BOOST_TEST(read_project(parsed(R"({"id":7,"name":"x"})")).value == "direct-sharing-7");
  check_absurd(read_project,
               {{"{}", "id"}, {R"({"id":"7"})", "id"}, {R"({"id":-7})", "id"}, {"[]", "id"}});
}

BOOST_AUTO_TEST_CASE(a_registered_upload_has_an_id_and_an_address) {
  const auto result = read_registered(
      parsed(R"({"id":17,"url":"https://b.s3.amazonaws.com:443/f?Signature=a%2Bb&Expires=1"})"));
  BOOST_TEST(result.ok());
  BOOST_TEST(result.value.id == 17U);
  BOOST_TEST(result.value.put_url == "https://b.s3.amazonaws.com:443/f?Signature=a%2Bb&Expires=1");
  check_absurd(read_registered, {{R"({"url":"https://b/f"})", "id"},
                                 {R"({"id":17})", "address"},
                                 {R"({"id":17,"url":"file:///etc/passwd"})", "address"},
                                 {R"({"id":17,"url":null})", "address"}});
}

BOOST_AUTO_TEST_CASE(a_completed_upload_has_its_size) {
  BOOST_TEST(read_completed(parsed(R"({"status":"ok","size":193})")).value == 193U);
  BOOST_TEST(read_completed(parsed(R"({"status":"ok","size":0})")).ok());
  check_absurd(read_completed, {{R"({"status":"ok"})", "size"},
                                {R"({"status":"ok","size":-1})", "size"},
                                {R"({"status":"pending","size":1})", "status"}});
}

BOOST_AUTO_TEST_CASE(deleting_what_is_gone_is_success) {
  BOOST_TEST(read_deleted(parsed(R"({"ids":[17]})")).ok());
  BOOST_TEST(read_deleted(parsed(R"({"ids":[]})")).ok());
  check_absurd(read_deleted, {{"{}", "ids"}, {R"({"ids":17})", "ids"}});
}

BOOST_AUTO_TEST_CASE(a_grant_is_whole_or_none) {
  const auto result = read_grant(parsed(
      R"({"access_token":"a1","expires_in":36000,"token_type":"Bearer","scope":"read write","refresh_token":"r1"})"));
  BOOST_TEST(result.ok());
  BOOST_TEST(result.value.access == "a1");
  BOOST_TEST(result.value.refresh == "r1");
  BOOST_TEST(result.value.scope == "read write");
  BOOST_TEST(result.value.expires_in_s == 36'000);
  check_absurd(read_grant,
               {{R"({"expires_in":1,"refresh_token":"r"})", "access_token"},
                {R"({"access_token":"a","expires_in":1})", "refresh_token"},
                {R"({"access_token":"a","expires_in":1,"refresh_token":""})", "refresh_token"}});
}

BOOST_AUTO_TEST_CASE(a_grant_is_not_thrown_away_over_its_lifetime) {
  for (const std::string rest :
       {"", R"(,"expires_in":-5)", R"(,"expires_in":"soon")", R"(,"expires_in":99999999999999)"}) {
    const auto result =
        read_grant(parsed(R"({"access_token":"a","refresh_token":"r")" + rest + "}"));
    BOOST_TEST(result.ok(), rest);
    BOOST_TEST(result.value.refresh == "r");
    BOOST_TEST(result.value.expires_in_s == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_page_of_a_listing_is_read) {
  const auto result = read_listing_page(
      parsed(listing(file_1, R"("count":101,"next":"https://www.openhumans.org/x?offset=100")")));
  BOOST_REQUIRE_MESSAGE(result.ok(), result.message);
  const ListingPage& page = result.value;
  BOOST_TEST(page.project_member_id == "01234567");  // a text: it may begin with 0
  BOOST_TEST(page.count.value() == 101U);
  BOOST_TEST(page.next == "https://www.openhumans.org/x?offset=100");
  BOOST_REQUIRE(page.files.size() == 1U);
  BOOST_TEST(page.files[0].id == 1U);
  BOOST_TEST(page.files[0].basename == "github-2026-W18.json");
  BOOST_TEST(page.files[0].source == "direct-sharing-7");
  BOOST_TEST(page.files[0].description == "week");
  BOOST_TEST(page.files[0].md5 == "d41d8cd98f00b204e9800998ecf8427e");
  BOOST_TEST(page.files[0].tags.size() == 2U);
}

BOOST_AUTO_TEST_CASE(metadata_of_other_projects_may_be_anything) {
  for (const char* metadata :
       {"null", "[]", "7", "{}", R"({"tags":"x","md5":7,"description":null})",
        R"({"tags":[1,null]})"}) {
    const std::string file =
        R"({"id":1,"basename":"x","download_url":"u","source":"s","metadata":)" +
        std::string(metadata) + "}";
    const auto result = read_listing_page(parsed(listing(file, R"("next":null)")));
    BOOST_REQUIRE_MESSAGE(result.ok(), result.message);
    BOOST_TEST(result.value.files[0].md5.empty());
    BOOST_TEST(result.value.files[0].tags.empty());
  }
}

BOOST_AUTO_TEST_CASE(an_absurd_listing_says_what_is_absurd) {
  check_absurd(read_listing_page,
               {{"[]", "it is an array"},
                {R"({"project_member_id":1234567,"data":[]})", "project_member_id"},
                {R"({"project_member_id":"1","data":{}})", "data is not an array"},
                {R"({"project_member_id":"1","data":[],"count":-1})", "count"},
                {R"({"project_member_id":"1","data":[],"next":7})", "next"},
                {listing("7", R"("next":null)"), "data[0] has no proper object"},
                {listing(other_file(1) + R"(,{"basename":"x"})", R"("next":null)"),
                 "data[1] has no proper id"},
                {listing(R"({"id":1,"basename":null})", R"("next":null)"), "basename"}});
}

ListingPage page_of(const std::string& files, int count) {
  return read_listing_page(
             parsed(listing(files, R"("count":)" + std::to_string(count) + R"(,"next":null)")))
      .value;
}

BOOST_AUTO_TEST_CASE(pages_are_put_together_without_doubles) {
  ListingAssembly assembly;
  // A file was added while we read: the last of page 1 is the first of page 2 again.
  BOOST_TEST(assembly.add(page_of(other_file(1) + "," + other_file(2), 2)).empty());
  BOOST_TEST(assembly.add(page_of(other_file(2) + "," + other_file(3), 3)).empty());
  const auto result = assembly.finish();
  BOOST_REQUIRE(result.ok());
  BOOST_TEST(result.value.files.size() == 3U);
  BOOST_TEST(result.value.project_member_id == "01234567");
}

BOOST_AUTO_TEST_CASE(a_listing_that_lost_a_file_between_pages_is_refused) {
  ListingAssembly assembly;
  BOOST_TEST(assembly.add(page_of(other_file(1), 3)).empty());
  BOOST_TEST(assembly.add(page_of(other_file(3), 3)).empty());
  const auto result = assembly.finish();
  BOOST_TEST(name_of(result.outcome) == name_of(Outcome::transient));
  BOOST_TEST(result.message.find("2 of 3 files") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pages_of_different_members_are_refused) {
  ListingAssembly assembly;
  BOOST_TEST(assembly.add(page_of(other_file(1), 2)).empty());
  ListingPage foreign = page_of(other_file(2), 2);
  foreign.project_member_id = "99999999";
  const std::string trouble = assembly.add(std::move(foreign));
  BOOST_TEST(!trouble.empty());
}

BOOST_AUTO_TEST_CASE(every_outcome_has_a_name_of_its_own) {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Outcome::transient); ++i) {
    names.push_back(name_of(static_cast<Outcome>(i)));
  }
  std::sort(names.begin(), names.end());
  BOOST_TEST((std::adjacent_find(names.begin(), names.end()) == names.end()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
