#include "http/openhumans/verdict.hpp"

#include <boost/test/unit_test.hpp>

#include "http/json_document.hpp"

namespace tidemark::test {
namespace {

using http::Response;
using http::openhumans::error_words;
using http::openhumans::judge_api;
using http::openhumans::judge_download;
using http::openhumans::judge_put;
using http::openhumans::name_of;
using http::openhumans::Outcome;
using http::openhumans::Verdict;

Response json(unsigned status, std::string body) {
  return Response{status, {{"content-type", "application/json"}}, std::move(body)};
}
Response page(unsigned status) {
  return Response{status,
                  {{"content-type", "text/html; charset=utf-8"}},
                  "<!DOCTYPE html><html><title>Open Humans</title></html>"};
}
Response xml(unsigned status, std::string body) {
  return Response{status, {{"content-type", "application/xml"}}, std::move(body)};
}

struct Row {
  std::string name;
  Response response;
  Outcome outcome;
  std::string says = {};
};

void check_api(const std::vector<Row>& rows, unsigned success = 200) {
  for (const Row& row : rows) {
    const Verdict verdict = judge_api(row.response, success);
    BOOST_TEST(name_of(verdict.outcome) == name_of(row.outcome),
               row.name << ": " << verdict.message);
    BOOST_TEST(verdict.message.find(row.says) != std::string::npos,
               row.name << ": " << verdict.message);
  }
}

BOOST_AUTO_TEST_SUITE(openhumans_verdict)

BOOST_AUTO_TEST_CASE(the_token_endpoint_answers_in_oauth_words) {
  check_api({
      {"granted", json(200, R"({"access_token":"a"})"), Outcome::ok},
      {"refresh token dead", json(400, R"({"error": "invalid_grant"})"), Outcome::invalid_grant,
       "invalid_grant"},
      {"the same in 2018", json(401, R"({"error": "invalid_grant"})"), Outcome::invalid_grant},
      {"wrong secret", json(401, R"({"error": "invalid_client"})"), Outcome::invalid_client},
      {"no refresh token",
       json(
           400,
           R"({"error": "invalid_request", "error_description": "Missing refresh token parameter."})"),
       Outcome::rejected, "invalid_request: Missing refresh token parameter."},
      {"wrong grant type", json(400, R"({"error": "unsupported_grant_type"})"), Outcome::rejected},
      {"wrong client type", json(400, R"({"error": "unauthorized_client"})"), Outcome::rejected},
      {"parameters in the query", page(400), Outcome::transient, "a page"},
      {"get", page(405), Outcome::transient},
      {"last slash missing", Response{301, {{"location", "/oauth2/token/"}}, ""}, Outcome::rejected,
       "openhumans.url"},
  });
}

BOOST_AUTO_TEST_CASE(tokens_expire_or_are_dead) {
  check_api({
      {"expired", json(401, R"({"detail":"Expired token."})"), Outcome::expired_token},
      {"dead", json(401, R"({"detail":"Invalid token."})"), Outcome::invalid_token,
       "Invalid token."},
      {"new words", json(401, R"({"detail":"Token revoked."})"), Outcome::invalid_token},
      {"no header arrived",
       json(401, R"({"detail":"Authentication credentials were not provided."})"),
       Outcome::rejected},
      {"a page", page(401), Outcome::transient},
  });
}

BOOST_AUTO_TEST_CASE(all_six_shapes_of_an_error_are_understood) {
  check_api({
      {"oauth", json(400, R"({"error":"a","error_description":"b"})"), Outcome::rejected, "a: b"},
      {"detail", json(400, R"({"detail":"JSON parse error - x"})"), Outcome::rejected,
       "JSON parse error - x"},
      {"lists", json(400, R"({"metadata":["\"tags\" is a required field of the metadata"]})"),
       Outcome::rejected, "metadata: \"tags\" is a required field of the metadata"},
      {"texts", json(400, R"({"too_many":"one of file_id, file_basename, or all_files"})"),
       Outcome::rejected, "too_many: one of file_id"},
      {"errors", json(400, R"({"errors":{"message":["This field is required."]}})"),
       Outcome::rejected, "message: This field is required."},
      {"page", page(500), Outcome::transient},
  });
}

BOOST_AUTO_TEST_CASE(error_words_survive_any_shape) {
  const auto words = [](std::string_view text) {
    const auto document = http::parse_json(text);
    return error_words(document.value);
  };
  BOOST_TEST(words(R"({"a":["x","y"],"b":"z"})") == "a: x, y; b: z");
  BOOST_TEST(words(R"(["Project member IDs are always 8 digits long."])") ==
             "Project member IDs are always 8 digits long.");
  BOOST_TEST(words(R"({"error":7,"detail":[1,{"x":null}]})") ==
             R"(error: 7; detail: 1, {"x":null})");
  BOOST_TEST(words(R"("success")") == "success");
  BOOST_TEST(words("null") == "null");
  BOOST_TEST(words("{\"a\":\"" + std::string(10'000, 'x') + "\"}").size() < 400U);
}

BOOST_AUTO_TEST_CASE(completing_too_early_is_told_apart) {
  check_api({
      {"complete", json(200, R"({"status":"ok","size":193})"), Outcome::ok},
      {"before the bytes", json(400, R"({"detail":"file not present"})"), Outcome::not_present},
      {"no id", json(400, R"({"detail":"file does not exist"})"), Outcome::rejected},
      {"no number", json(400, R"({"file_id":["Enter a whole number."]})"), Outcome::rejected},
      {"unknown id", page(500), Outcome::transient},
  });
}

BOOST_AUTO_TEST_CASE(only_the_status_that_belongs_is_success) {
  check_api({{"registered", json(201, R"({"id":17})"), Outcome::ok},
             {"a proxy's 200", json(200, R"({"id":17})"), Outcome::transient, "not the 201"}},
            201);
  check_api({{"created where listed belongs", json(201, "{}"), Outcome::transient, "not the 200"},
             {"no content", Response{204, {}, ""}, Outcome::transient}});
}

BOOST_AUTO_TEST_CASE(faults_of_the_server_are_transient) {
  check_api({
      {"heroku", page(503), Outcome::transient},
      {"json fault", json(500, R"({"detail":"x"})"), Outcome::transient},
      {"too many", json(429, R"({"detail":"Request was throttled."})"), Outcome::transient},
      {"timeout", json(408, "{}"), Outcome::transient},
      {"bot filter", page(403), Outcome::transient},
      {"login page", page(200), Outcome::transient, "a page where JSON belongs"},
      {"cut short", json(200, R"({"count": 3, "ne)"), Outcome::transient, "not JSON"},
      {"empty", json(200, ""), Outcome::transient, "not JSON"},
      {"a bare text", json(200, R"("success")"), Outcome::transient, "the body is a string"},
      {"an error cut short", json(400, R"({"detail":)"), Outcome::transient},
  });
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_our_mistake) {
  check_api(
      {{"page", page(404), Outcome::rejected},
       {"json", json(404, R"({"detail":"Not found."})"), Outcome::rejected},
       {"forbidden", json(403, R"({"detail":"no"})"), Outcome::rejected},
       {"wrong type", json(415, R"({"detail":"Unsupported media type"})"), Outcome::rejected}});
}

const std::string signature_error =
    "<?xml version=\"1.0\"?><Error><Code>SignatureDoesNotMatch</Code><Message>The request "
    "signature we calculated does not match</Message><AWSAccessKeyId>AKIASECRET</AWSAccessKeyId>"
    "<SignatureProvided>c2VjcmV0</SignatureProvided></Error>";

BOOST_AUTO_TEST_CASE(a_put_is_accepted_or_its_address_is_too_old) {
  const auto outcome = [](const Response& response) {
    return name_of(judge_put(response).outcome);
  };
  BOOST_TEST(outcome(xml(200, "")) == name_of(Outcome::ok));
  BOOST_TEST(outcome(xml(403, signature_error)) == name_of(Outcome::forbidden));
  BOOST_TEST(outcome(xml(403, "")) == name_of(Outcome::forbidden));
  BOOST_TEST(outcome(xml(201, "")) == name_of(Outcome::transient));
  BOOST_TEST(outcome(xml(400, "<Code>RequestTimeout</Code>")) == name_of(Outcome::transient));
  BOOST_TEST(outcome(xml(400, "<Code>EntityTooLarge</Code>")) == name_of(Outcome::rejected));
  BOOST_TEST(outcome(xml(411, "<Code>MissingContentLength</Code>")) == name_of(Outcome::rejected));
  BOOST_TEST(outcome(xml(307, "")) == name_of(Outcome::rejected));
  BOOST_TEST(outcome(xml(503, "<Code>SlowDown</Code>")) == name_of(Outcome::transient));
}

BOOST_AUTO_TEST_CASE(of_the_storages_error_only_code_and_message_are_told) {
  const Verdict verdict = judge_put(xml(403, signature_error));
  BOOST_TEST(verdict.message ==
             "SignatureDoesNotMatch: The request signature we calculated does not match");
}

BOOST_AUTO_TEST_CASE(a_download_is_a_file_or_its_address_is_too_old) {
  const auto outcome = [](const Response& response, bool by_open_humans) {
    return name_of(judge_download(response, by_open_humans).outcome);
  };
  BOOST_TEST(outcome(xml(200, "bytes"), false) == name_of(Outcome::ok));
  BOOST_TEST(outcome(page(200), false) == name_of(Outcome::ok));  // a file may be a page
  BOOST_TEST(outcome(page(200), true) == name_of(Outcome::transient));
  BOOST_TEST(outcome(page(403), true) == name_of(Outcome::forbidden));
  BOOST_TEST(outcome(xml(403, "<Code>AccessDenied</Code>"), false) == name_of(Outcome::forbidden));
  BOOST_TEST(outcome(page(404), true) == name_of(Outcome::rejected));
  BOOST_TEST(outcome(xml(400, "<Code>InvalidArgument</Code>"), false) ==
             name_of(Outcome::rejected));
  BOOST_TEST(outcome(page(503), true) == name_of(Outcome::transient));
  BOOST_TEST(outcome(xml(206, "by"), false) == name_of(Outcome::transient));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
