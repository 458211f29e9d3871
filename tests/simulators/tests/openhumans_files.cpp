#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/tests/asking.hpp"

namespace json = boost::json;
using namespace tidemark::simulators;
namespace http = tidemark::http;

namespace {

constexpr auto direct = "/api/direct-sharing/project/files/upload/direct/";
constexpr auto complete = "/api/direct-sharing/project/files/upload/complete/";
constexpr auto delete_path = "/api/direct-sharing/project/files/delete/";
constexpr auto listing = "/api/direct-sharing/project/exchange-member/";
constexpr auto good_metadata =
    R"({"description":"a week","tags":["github"],"md5":"00000000000000000000000000000000"})";

struct Files : AskingOpenHumans {
  std::string metadata_error(const json::value& metadata) {
    return text_at(parsed(post(direct, {{"filename", "a.json"}, {"metadata", metadata}})),
                   "/metadata/0");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(openhumans_files, Files)

BOOST_AUTO_TEST_CASE(three_steps_make_a_file_that_can_be_read_back) {
  http::Response registered =
      post(direct, {{"filename", "github-2026-W18.json"}, {"metadata", good_metadata}});
  BOOST_TEST(registered.status == 201u);
  std::string url = text_at(parsed(registered), "/url");
  BOOST_TEST(url.starts_with(
      "https://openhumans-data.s3.amazonaws.test:443/member-files/direct-sharing-7/"));
  BOOST_TEST(parsed(get(listing)).at("count").as_int64() == 0);
  http::Response put_answer = put(url, "weeks");
  BOOST_TEST(put_answer.status == 200u);
  BOOST_TEST(*put_answer.headers.find("ETag") == "\"ae60f11ab51860bdb22794a943335a34\"");
  json::value id = parsed(registered).at("id");
  BOOST_TEST(number_at(parsed(post(complete, {{"file_id", id}})), "/size") == 5);
  json::value listed = parsed(get(listing));
  BOOST_TEST(text_at(listed, "/project_member_id") == "01234567");
  BOOST_TEST(text_at(listed, "/data/0/basename") == "github-2026-W18.json");
  BOOST_TEST(text_at(listed, "/data/0/source") == "direct-sharing-7");
  BOOST_TEST(text_at(listed, "/data/0/metadata/description") == "a week");
  std::string download = target_of(text_at(listed, "/data/0/download_url"));
  http::Response redirect = get(download);
  BOOST_TEST(redirect.status == 302u);
  std::string bucket = target_of(std::string(*redirect.headers.find("Location")));
  BOOST_TEST(get(bucket).status == 400u);  // the token must not follow
  access.clear();
  BOOST_TEST(get(bucket).body == "weeks");
  now_ms += 601'000;
  BOOST_TEST(get(bucket).status == 403u);
  now_ms += 3'600'000;
  BOOST_TEST(get(download).status == 403u);
}

BOOST_AUTO_TEST_CASE(the_presigned_address_takes_no_other_headers) {
  std::string url =
      text_at(parsed(post(direct, {{"filename", "a.json"}, {"metadata", good_metadata}})), "/url");
  http::Response refused = put(url, "x", {{"Content-Type", "application/json"}});
  BOOST_TEST(refused.status == 403u);
  BOOST_TEST(refused.body.find("SignatureDoesNotMatch") != std::string::npos);
  BOOST_TEST(put(url, "x", {{"x-amz-acl", "private"}}).status == 403u);
  BOOST_TEST(put(url, "x", {{"Transfer-Encoding", "chunked"}}).status == 411u);
  BOOST_TEST(put(url, "x", {{"Authorization", "Bearer " + access}}).status == 400u);
  BOOST_TEST(put(url + "0", "x").status == 200u);  // the key id is not signed
  BOOST_TEST(put(url.substr(0, url.find("Signature")), "x").status == 403u);
  now_ms += 6 * 3'600'000 + 1000;
  BOOST_TEST(put(url, "x").status == 403u);
}

BOOST_AUTO_TEST_CASE(completing_is_repeatable_and_strict) {
  BOOST_TEST(text_at(parsed(post(complete, {})), "/detail") == "file does not exist");
  BOOST_TEST(text_at(parsed(post(complete, {{"file_id", "x"}})), "/file_id/0") ==
             "Enter a whole number.");
  BOOST_TEST(post(complete, {{"file_id", 99}}).status == 500u);
  json::value made = parsed(post(direct, {{"filename", "a.json"}, {"metadata", good_metadata}}));
  BOOST_TEST(text_at(parsed(post(complete, {{"file_id", made.at("id")}})), "/detail") ==
             "file not present");
  put(text_at(made, "/url"), "");
  BOOST_TEST(number_at(parsed(post(complete, {{"file_id", made.at("id")}})), "/size") == 0);
  BOOST_TEST(post(complete, {{"file_id", made.at("id")}}).status == 200u);
  BOOST_TEST(member->events.size() == 3u);
}

BOOST_AUTO_TEST_CASE(metadata_is_a_text_with_rules) {
  BOOST_TEST(metadata_error(json::object{{"description", ""}, {"tags", json::array{}}}) ==
             "could not parse the uploaded metadata");
  BOOST_TEST(metadata_error(R"({"tags":[]})") ==
             "\"description\" is a required field of the metadata");
  BOOST_TEST(metadata_error(R"({"description":1,"tags":[]})") ==
             "\"description\" must be a string");
  BOOST_TEST(metadata_error(R"({"description":""})") ==
             "\"tags\" is a required field of the metadata");
  BOOST_TEST(metadata_error(R"({"description":"","tags":"a"})") ==
             "\"tags\" must be an array of strings");
  BOOST_TEST(metadata_error(R"({"description":"","tags":[],"start_date":"soon"})") ==
             "Dates must be in ISO 8601 format");
  BOOST_TEST(metadata_error(R"({"description":"","tags":[],"md5":"short"})") ==
             "Invalid MD5 specified");
  auto status = [&](const std::string& metadata) {
    return post(direct, {{"filename", "a.json"}, {"metadata", metadata}}).status;
  };
  BOOST_TEST(status(R"({"description":"","tags":[],"start_date":null})") == 500u);
  BOOST_TEST(status(R"({"description":"","tags":[],"md5":null})") == 500u);
  BOOST_TEST(
      status(
          R"({"description":"","tags":[],"start_date":"2026-W47","end_date":"2026-11-21T09:00:00.5+01:00"})") ==
      201u);
  BOOST_TEST(
      post(direct, {{"filename", std::string(1100, 'a')}, {"metadata", good_metadata}}).status ==
      500u);
}

BOOST_AUTO_TEST_CASE(no_name_is_unique_and_deleting_by_name_takes_all) {
  std::uint64_t first = upload("a.json", "1");
  std::uint64_t second = upload("a.json", "2");
  std::uint64_t third = upload("b.json", "3");
  BOOST_TEST(*openhumans.content("01234567", "a.json") == "2");
  json::value gone = parsed(post(delete_path, {{"file_basename", "a.json"}}));
  BOOST_TEST((gone.at("ids") == json::array{first, second}));
  BOOST_TEST((parsed(post(delete_path, {{"file_id", first}})).at("ids") == json::array{}));
  BOOST_TEST((parsed(post(delete_path, {{"file_id", third}})).at("ids") == json::array{third}));
  BOOST_TEST(openhumans.files("01234567").empty());
}

BOOST_AUTO_TEST_CASE(deleting_refuses_unclear_wishes) {
  BOOST_TEST(parsed(post(delete_path, {})).as_object().contains("missing_field"));
  BOOST_TEST(parsed(post(delete_path, {{"file_id", 1}, {"all_files", true}}))
                 .as_object()
                 .contains("too_many"));
  BOOST_TEST(text_at(parsed(post(delete_path, {{"file_id", "x"}})), "/file_id/0") ==
             "Enter a whole number.");
  json::value pending = parsed(post(direct, {{"filename", "a.json"}, {"metadata", good_metadata}}));
  BOOST_TEST(
      (parsed(post(delete_path, {{"file_id", pending.at("id")}})).at("ids") == json::array{}));
}

BOOST_AUTO_TEST_CASE(listings_are_paged_and_hold_other_sources) {
  for (int i = 0; i < 103; ++i) upload("f" + std::to_string(i) + ".json", "x");
  member->sources_shared = {"direct-sharing-23"};
  openhumans.add_file("01234567", "foreign.json", "y", {}, "direct-sharing-23");
  openhumans.add_file("01234567", "hidden.json", "z", {}, "direct-sharing-99");
  json::value page = parsed(get(listing));
  BOOST_TEST(number_at(page, "/count") == 104);
  BOOST_TEST(page.at("data").as_array().size() == 100u);
  BOOST_TEST(text_at(page, "/data/0/source") == "direct-sharing-23");
  std::string next = text_at(page, "/next");
  BOOST_TEST(
      next ==
      "https://openhumans.test/api/direct-sharing/project/exchange-member/?limit=100&offset=100");
  json::value last = parsed(get(target_of(next)));
  BOOST_TEST(last.at("data").as_array().size() == 4u);
  BOOST_TEST(last.at("next").is_null());
  BOOST_TEST(parsed(get(std::string(listing) + "?limit=250")).at("data").as_array().size() == 104u);
  BOOST_TEST(parsed(get(std::string(listing) + "?limit=0")).at("data").as_array().size() == 100u);
}

BOOST_AUTO_TEST_CASE(the_upload_ledger_counts_bytes_and_files_beside_the_years) {
  upload("github-2024.json", "0123456789");
  upload("github-2025.json", "0123456789");
  std::uint64_t week = upload("github-2026-W01.json", "01234");
  upload("github-profile.json", "01234");
  BOOST_TEST(member->bytes_put == 30u);
  BOOST_TEST(member->largest_beside_years == 2u);
  post(delete_path, {{"file_id", week}});
  BOOST_TEST(member->largest_beside_years == 2u);
  BOOST_TEST(member->events.back().what == "deleted");
  BOOST_TEST(openhumans.ledger().line("member:01234567", "openhumans").repeated == 0u);
  upload("github-profile.json", "01234");
  BOOST_TEST(openhumans.ledger().line("member:01234567", "openhumans").repeated == 1u);
}

BOOST_AUTO_TEST_CASE(other_errors_have_their_shapes) {
  http::Request request{
      "POST",
      direct,
      {{"Authorization", "Bearer " + access}, {"Content-Type", "application/json"}},
      "{"};
  http::Response broken = openhumans.answer(request, wall_time(now_ms)).response;
  BOOST_TEST(broken.status == 400u);
  BOOST_TEST(text_at(parsed(broken), "/detail").starts_with("JSON parse error"));
  BOOST_TEST(get(direct).status == 405u);
  BOOST_TEST(text_at(parsed(get(direct)), "/detail") == "Method \"GET\" not allowed.");
  request.headers.set("Content-Type", "text/plain");
  BOOST_TEST(openhumans.answer(request, wall_time(now_ms)).response.status == 415u);
  BOOST_TEST(text_at(parsed(post("/api/direct-sharing/project/message/", {})),
                     "/errors/message/0") == "This field is required.");
  BOOST_TEST(get("/api/direct-sharing/project/nothing/").status == 404u);
  BOOST_TEST(get("/nothing/").status == 404u);
}

BOOST_AUTO_TEST_CASE(a_lost_answer_of_a_put_leaves_the_bytes_there) {
  Fault cut;
  cut.kind = FaultKind::cut_after;
  cut.resource = "storage";
  cut.times = 1;
  openhumans.faults().add(cut);
  BOOST_TEST(upload("a.json", "abc") == 1u);
  BOOST_TEST(*openhumans.content("01234567", "a.json") == "abc");
  BOOST_TEST(openhumans.ledger().line("member:01234567", "storage").lost == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
