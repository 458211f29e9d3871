#include "http/openhumans/api.hpp"

#include <boost/test/unit_test.hpp>

#include "http/url.hpp"
#include "tests/http/scripted_host.hpp"

namespace tidemark::test {
namespace {

using http::openhumans::Api;
using http::openhumans::ApiSettings;
using http::openhumans::name_of;
using http::openhumans::Outcome;
using http::openhumans::Result;

const std::string origin = "https://www.openhumans.org";
const std::string put_url =
    "https://bucket.s3.amazonaws.com:443/member-files/direct-sharing-7/u/"
    "github.json?Signature=c2VjcmV0%3D&Expires=1767610800&AWSAccessKeyId=AKIA";

struct OpenHumans : SimulatedClient {
  ScriptedHost host{simulation, "www.openhumans.org"};
  ScriptedHost storage{simulation, "bucket.s3.amazonaws.com"};
  ApiSettings settings{.url = origin, .client_id = "id", .client_secret = "secret+1"};

  // Runs one call to its end.
  template <class Value>
  Result<Value> ask(std::function<async::Task<Result<Value>>(Api&)> call) {
    std::optional<Result<Value>> result;
    simulation.run([&]() -> async::Task<void> {
      Api api(client, simulation.clock(), settings);
      Result<Value> got = co_await call(api);
      result.emplace(std::move(got));
    });
    return std::move(*result);
  }
  auto member() {
    return ask<http::openhumans::MemberListing>([](Api& api) { return api.member("tok"); });
  }
  auto put(const std::string& address) {
    return ask<std::string>([&](Api& api) { return api.put(address, "bytes"); });
  }
  auto download(const std::string& address) {
    return ask<std::string>([&](Api& api) { return api.download(address); });
  }
  auto refresh(const std::string& token) {
    return ask<http::openhumans::Grant>([&](Api& api) { return api.refresh(token); });
  }

  void then_page(int first_id, int count, int total, const std::string& next) {
    std::string files;
    for (int id = first_id; id < first_id + count; ++id) {
      if (!files.empty()) files += ",";
      files += R"({"id":)" + std::to_string(id) +
               R"(,"basename":"f","download_url":"u","metadata":{},"source":"direct-sharing-7"})";
    }
    host.then_json(200, R"({"project_member_id":"01234567","count":)" + std::to_string(total) +
                            R"(,"next":)" + (next.empty() ? "null" : "\"" + next + "\"") +
                            R"(,"previous":null,"data":[)" + files + "]}");
  }
};

// Evaluates its argument, often a call, once.
#define CHECK_OUTCOME(call, expected)                                         \
  do {                                                                        \
    const auto& judged = (call);                                              \
    BOOST_TEST(name_of(judged.outcome) == name_of(expected), judged.message); \
  } while (false)

BOOST_FIXTURE_TEST_SUITE(openhumans_api, OpenHumans)

BOOST_AUTO_TEST_CASE(the_token_is_in_the_header_and_nowhere_else) {
  host.then_json(200, R"({"id":7,"name":"tidemark"})");
  const auto result = ask<std::string>([](Api& api) { return api.project_id("tok"); });
  CHECK_OUTCOME(result, Outcome::ok);
  BOOST_TEST(result.value == "direct-sharing-7");
  BOOST_TEST(host.seen()[0].target == "/api/direct-sharing/project/");
  BOOST_TEST(host.header(0, "authorization") == "Bearer tok");
  BOOST_TEST(host.header(0, "accept") == "application/json");
  BOOST_TEST(host.header(0, "user-agent") == "tidemark/test");
}

BOOST_AUTO_TEST_CASE(every_page_of_a_listing_is_followed_with_the_header_again) {
  const std::string next =
      origin + "/api/direct-sharing/project/exchange-member/?limit=100&offset=";
  then_page(1, 100, 203, next + "100");
  then_page(101, 100, 203, next + "200");
  then_page(201, 3, 203, "");
  const auto result = member();
  CHECK_OUTCOME(result, Outcome::ok);
  BOOST_TEST(result.value.files.size() == 203U);
  BOOST_TEST(result.value.project_member_id == "01234567");
  BOOST_REQUIRE(host.seen().size() == 3U);
  BOOST_TEST(host.seen()[0].target == "/api/direct-sharing/project/exchange-member/");
  BOOST_TEST(host.seen()[2].target ==
             "/api/direct-sharing/project/exchange-member/?limit=100&offset=200");
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(host.header(i, "authorization") == "Bearer tok");
}

BOOST_AUTO_TEST_CASE(a_page_elsewhere_never_gets_the_token) {
  ScriptedHost evil(simulation, "evil.test");
  for (const std::string next :
       {"https://evil.test/next", "http://www.openhumans.org/next", "/relative"}) {
    then_page(1, 1, 2, next);
    CHECK_OUTCOME(member(), Outcome::rejected);
  }
  BOOST_TEST(evil.seen().empty());
  BOOST_TEST(host.seen().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_listing_without_end_is_given_up) {
  for (int i = 0; i < 150; ++i) then_page(i, 1, 1'000, origin + "/next");
  CHECK_OUTCOME(member(), Outcome::rejected);
  BOOST_TEST(host.seen().size() == 100U);
}

BOOST_AUTO_TEST_CASE(a_failed_page_fails_the_listing) {
  then_page(1, 100, 200, origin + "/next");
  host.then(503, {{"Content-Type", "text/html"}}, "<html>Application error</html>");
  const auto result = member();
  CHECK_OUTCOME(result, Outcome::transient);
  BOOST_TEST(result.value.files.empty());
}

BOOST_AUTO_TEST_CASE(an_upload_is_registered_with_metadata_as_a_text_in_a_form) {
  host.then_json(201, R"({"id":17,"url":")" + put_url + R"("})");
  const std::string metadata = R"({"description":"a&b","tags":["github"],"md5":"x"})";
  const auto result = ask<http::openhumans::Registered>(
      [&](Api& api) { return api.register_upload("tok", "github-2026-W18.json", metadata); });
  CHECK_OUTCOME(result, Outcome::ok);
  BOOST_TEST(result.value.id == 17U);
  BOOST_TEST(result.value.put_url == put_url);
  BOOST_TEST(host.seen()[0].method == "POST");
  BOOST_TEST(host.seen()[0].target == "/api/direct-sharing/project/files/upload/direct/");
  BOOST_TEST(host.header(0, "content-type") == "application/x-www-form-urlencoded");
  const auto form = http::decode_form(host.seen()[0].body);
  BOOST_REQUIRE(form.has_value());
  BOOST_TEST(http::form_value(*form, "filename").value() == "github-2026-W18.json");
  BOOST_TEST(http::form_value(*form, "metadata").value() == metadata);
}

BOOST_AUTO_TEST_CASE(a_put_has_a_length_and_nothing_that_breaks_the_signature) {
  storage.then(200, {{"ETag", "\"4b3a7218bb3e3a7303e8a171a60fcf92\""}}, "");
  const auto result = put(put_url);
  CHECK_OUTCOME(result, Outcome::ok);
  BOOST_TEST(result.value == "4b3a7218bb3e3a7303e8a171a60fcf92");
  BOOST_REQUIRE(storage.seen().size() == 1U);
  BOOST_TEST(storage.seen()[0].method == "PUT");
  BOOST_TEST(storage.seen()[0].body == "bytes");
  BOOST_TEST(storage.seen()[0].target == put_url.substr(put_url.find("/member-files")));
  BOOST_TEST(storage.header(0, "content-length") == "5");
  for (const char* name : {"content-type", "content-md5", "authorization", "transfer-encoding"}) {
    BOOST_TEST(storage.header(0, name) == "(none)", name);
  }
}

BOOST_AUTO_TEST_CASE(a_failed_put_tells_no_signature) {
  storage.then(403, {{"Content-Type", "application/xml"}},
               "<Error><Code>AccessDenied</Code><Message>Request has expired</Message>"
               "<SignatureProvided>c2VjcmV0</SignatureProvided></Error>");
  const auto result = put(put_url);
  CHECK_OUTCOME(result, Outcome::forbidden);
  BOOST_TEST(result.message.find("Request has expired") != std::string::npos);
  BOOST_TEST(result.message.find("bucket.s3.amazonaws.com") != std::string::npos);
  BOOST_TEST(result.message.find("c2VjcmV0") == std::string::npos);
  BOOST_TEST(result.message.find("AKIA") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_put_is_not_redirected_and_needs_its_etag) {
  storage.then(307, {{"Location", "https://other.test/"}}, "");
  CHECK_OUTCOME(put(put_url), Outcome::rejected);
  storage.then(200, {}, "");
  CHECK_OUTCOME(put(put_url), Outcome::transient);
  BOOST_TEST(storage.seen().size() == 2U);
}

BOOST_AUTO_TEST_CASE(presigned_addresses_without_tls_are_refused) {
  CHECK_OUTCOME(put("http://bucket.s3.amazonaws.com/f"), Outcome::rejected);
  CHECK_OUTCOME(put("no address"), Outcome::rejected);
  CHECK_OUTCOME(download("http://bucket.s3.amazonaws.com/f"), Outcome::rejected);
  BOOST_TEST(storage.seen().empty());
}

BOOST_AUTO_TEST_CASE(completing_and_deleting_go_by_id) {
  host.then_json(400, R"({"detail": "file not present"})");
  host.then_json(200, R"({"status": "ok", "size": 193})");
  host.then_json(200, R"({"ids": [17]})");
  const auto complete = [](Api& api) { return api.complete_upload("tok", 17); };
  CHECK_OUTCOME(ask<std::uint64_t>(complete), Outcome::not_present);
  const auto completed = ask<std::uint64_t>(complete);
  CHECK_OUTCOME(completed, Outcome::ok);
  BOOST_TEST(completed.value == 193U);
  const auto erase = [](Api& api) { return api.delete_file("tok", 17); };
  CHECK_OUTCOME(ask<http::openhumans::Nothing>(erase), Outcome::ok);
  BOOST_TEST(host.seen()[1].target == "/api/direct-sharing/project/files/upload/complete/");
  BOOST_TEST(host.seen()[1].body == "file_id=17");
  BOOST_TEST(host.seen()[2].target == "/api/direct-sharing/project/files/delete/");
  BOOST_TEST(host.seen()[2].body == "file_id=17");
}

BOOST_AUTO_TEST_CASE(a_download_follows_to_the_storage_without_any_token) {
  const std::string key = "/data-management/datafile-download/1/?key=3b241101";
  host.then(302, {{"Location", put_url}}, "");
  storage.then(200, {{"Content-Type", "application/json"}}, "{\"format\":1}");
  const auto result = download(origin + key);
  CHECK_OUTCOME(result, Outcome::ok);
  BOOST_TEST(result.value == "{\"format\":1}");
  BOOST_TEST(host.seen()[0].target == key);
  BOOST_TEST(host.header(0, "authorization") == "(none)");
  BOOST_TEST(storage.header(0, "authorization") == "(none)");
}

BOOST_AUTO_TEST_CASE(a_download_with_an_old_key_is_forbidden_and_the_key_untold) {
  host.then(403, {{"Content-Type", "text/html"}}, "<html>Forbidden</html>");
  const auto result = download(origin + "/data-management/datafile-download/1/?key=3b241101");
  CHECK_OUTCOME(result, Outcome::forbidden);
  BOOST_TEST(result.message.find("3b241101") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refresh_gives_the_new_pair) {
  host.then_json(200, R"({"access_token":"a2","expires_in":36000,"token_type":"Bearer",)"
                      R"("scope":"read","refresh_token":"r2"})");
  const auto result = refresh("r1");
  CHECK_OUTCOME(result, Outcome::ok);
  BOOST_TEST(result.value.access == "a2");
  BOOST_TEST(result.value.refresh == "r2");
  BOOST_TEST(host.seen()[0].target == "/oauth2/token/");
  BOOST_TEST(host.seen()[0].body == "grant_type=refresh_token&refresh_token=r1");
  BOOST_TEST(host.header(0, "authorization") == "Basic aWQ6c2VjcmV0JTJCMQ==");  // id:secret%2B1
}

BOOST_AUTO_TEST_CASE(a_refresh_that_fails_says_whose_fault_it_is) {
  host.then_json(400, R"({"error": "invalid_grant"})");
  CHECK_OUTCOME(refresh("r1"), Outcome::invalid_grant);
  host.then_json(401, R"({"error": "invalid_client"})");
  CHECK_OUTCOME(refresh("r1"), Outcome::invalid_client);
}

BOOST_AUTO_TEST_CASE(a_refresh_is_sent_once_whatever_happens) {
  simulation.set_faults({.refuse = 0, .cut_answer = 1});
  host.then_json(200, R"({"access_token":"a2","expires_in":1,"refresh_token":"r2"})");
  CHECK_OUTCOME(refresh("r1"), Outcome::transient);
  BOOST_TEST(host.seen().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_message_never_repeats_a_secret) {
  host.then_json(400, R"({"refresh_token":["r1-secret is unknown"]})");
  const auto result = refresh("r1-secret");
  CHECK_OUTCOME(result, Outcome::rejected);
  BOOST_TEST(result.message.find("is unknown") != std::string::npos);
  BOOST_TEST(result.message.find("r1-secret") == std::string::npos);

  host.then_json(401, R"({"detail":"Invalid token. tok-secret"})");
  const auto dead = ask<std::string>([](Api& api) { return api.project_id("tok-secret"); });
  CHECK_OUTCOME(dead, Outcome::invalid_token);
  BOOST_TEST(dead.message.find("tok-secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_token_is_told_before_it_is_sent_and_when_a_refresh_brings_it) {
  std::vector<std::string> told;
  settings.on_secret = [&told](const std::string& secret) { told.push_back(secret); };
  host.then_json(200, R"({"id":7,"name":"tidemark"})");
  (void)ask<std::string>([](Api& api) { return api.project_id("tok"); });
  BOOST_TEST(told == std::vector<std::string>({"tok"}), boost::test_tools::per_element());
  host.then_json(200, R"({"access_token":"a2","expires_in":1,"refresh_token":"r2"})");
  (void)refresh("r1");
  BOOST_TEST(told == std::vector<std::string>({"tok", "r1", "a2", "r2"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_token_that_cannot_be_one_is_not_sent) {
  for (const char* token : {"", "a\r\nX-Evil: 1", "a b"}) {
    const auto result = ask<std::string>([&](Api& api) { return api.project_id(token); });
    CHECK_OUTCOME(result, Outcome::rejected);
  }
  BOOST_TEST(host.seen().empty());
}

BOOST_AUTO_TEST_CASE(an_api_call_is_never_redirected) {
  host.then(301, {{"Location", origin + "/elsewhere/"}}, "");
  const auto result = ask<std::string>([](Api& api) { return api.project_id("tok"); });
  CHECK_OUTCOME(result, Outcome::rejected);
  BOOST_TEST(result.message.find("openhumans.url") != std::string::npos);
  BOOST_TEST(host.seen().size() == 1U);
}

BOOST_AUTO_TEST_CASE(no_answer_is_transient) {
  simulation.set_faults({.refuse = 1, .cut_answer = 0});
  CHECK_OUTCOME(member(), Outcome::transient);
  CHECK_OUTCOME(put(put_url), Outcome::transient);
  simulation.set_faults({});
  host.delay(std::chrono::hours(1));
  CHECK_OUTCOME(member(), Outcome::transient);
}

BOOST_AUTO_TEST_CASE(a_last_slash_in_the_setting_does_no_harm) {
  settings.url = origin + "/";
  host.then_json(200, R"({"id":7})");
  CHECK_OUTCOME(ask<std::string>([](Api& api) { return api.project_id("tok"); }), Outcome::ok);
  BOOST_TEST(host.seen()[0].target == "/api/direct-sharing/project/");
  settings.url = "openhumans";
  BOOST_CHECK_THROW(Api(client, simulation.clock(), settings), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
