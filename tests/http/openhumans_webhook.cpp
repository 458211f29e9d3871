#include "http/openhumans/webhook.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "http/digest.hpp"

namespace tidemark::test {
namespace {

using http::Headers;
using http::openhumans::DeauthorizationReading;
using http::openhumans::read_deauthorization;

// The documentation's own.
const std::string secret = "abcdefghijklmnop";
const std::string body =
    R"({"project_member_id": "12345678", "erasure_requested": true, "timestamp": "2020-06-30T20:00:00.000000+00:00"})";
const std::string signature = "sha1=ebda5c0a38593a4350ad8401b7d8c8f1cd08ec67";
const std::string header = "X-OpenHumans-Webhooks-Signature";

DeauthorizationReading signed_reading(const std::string& text) {
  return read_deauthorization(secret, {{header, "sha1=" + http::hmac_sha1_hex(secret, text)}},
                              text);
}

void check_refused(const DeauthorizationReading& reading, unsigned status,
                   const std::string& what) {
  BOOST_TEST(!reading.value.has_value(), what);
  BOOST_TEST(reading.status == status, what << ": " << reading.problem);
  BOOST_TEST(!reading.problem.empty(), what);
}

BOOST_AUTO_TEST_SUITE(openhumans_webhook)

BOOST_AUTO_TEST_CASE(the_documented_request_is_believed) {
  const auto reading = read_deauthorization(secret, {{header, signature}}, body);
  BOOST_REQUIRE(reading.value.has_value());
  BOOST_TEST(reading.status == 200U);
  BOOST_TEST(reading.problem == "");
  BOOST_TEST(reading.value->project_member_id == "12345678");
  BOOST_TEST(reading.value->erasure_requested);
  BOOST_TEST(reading.value->timestamp == "2020-06-30T20:00:00.000000+00:00");
}

BOOST_AUTO_TEST_CASE(the_case_of_header_and_digits_does_not_matter) {
  std::string upper = signature;
  std::ranges::transform(upper, upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  for (const std::string& value : {signature, upper}) {
    BOOST_TEST(read_deauthorization(secret, {{"x-openhumans-webhooks-signature", value}}, body)
                   .value.has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_signature_is_403) {
  const std::string hex = signature.substr(5);
  const std::vector<std::string> all = {
      "",
      hex,
      "sha256=" + hex,
      "sha1=",
      "sha1=" + hex.substr(1),
      signature + "0",
      "sha1=fbda5c0a38593a4350ad8401b7d8c8f1cd08ec67",
      "sha1=" + std::string(40, '0'),
      "sha1=" + http::hmac_sha1_hex("another secret", body),
  };
  for (const std::string& wrong : all) {
    check_refused(read_deauthorization(secret, {{header, wrong}}, body), 403, wrong);
  }
}

BOOST_AUTO_TEST_CASE(the_signature_is_of_every_byte_of_the_body) {
  for (const std::string& other : {body + "\n", body.substr(1), std::string()}) {
    check_refused(read_deauthorization(secret, {{header, signature}}, other), 403, other);
  }
}

BOOST_AUTO_TEST_CASE(the_second_unsigned_post_proves_nothing) {
  const std::string encoded_twice =
      R"("{\"project_member_id\": \"12345678\", \"erasure_requested\": true}")";
  check_refused(read_deauthorization(secret, {}, encoded_twice), 403, "unsigned");
  check_refused(read_deauthorization(secret, {}, body), 403, "unsigned, encoded once");
  // Signed, it would still be no object.
  check_refused(signed_reading(encoded_twice), 400, "signed");
}

BOOST_AUTO_TEST_CASE(without_a_secret_nothing_is_believed) {
  for (const Headers& headers : {Headers{}, Headers{{header, signature}},
                                 Headers{{header, "sha1=" + http::hmac_sha1_hex("", body)}}}) {
    const auto reading = read_deauthorization("", headers, body);
    check_refused(reading, 403, "no secret");
    BOOST_TEST(reading.problem.find("openhumans.webhook_secret_file") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_plain_leave_asks_for_no_erasure) {
  for (const std::string rest : {"", R"(, "erasure_requested": false)",
                                 R"(, "erasure_requested": null, "more": [1, {"x": 2}])"}) {
    const auto reading = signed_reading(R"({"project_member_id": "01234567")" + rest + "}");
    BOOST_REQUIRE(reading.value.has_value());
    BOOST_TEST(reading.value->project_member_id == "01234567");
    BOOST_TEST(!reading.value->erasure_requested);
    BOOST_TEST(reading.value->timestamp == "");
  }
}

BOOST_AUTO_TEST_CASE(a_body_without_sense_is_400_even_when_signed) {
  for (const std::string bad :
       {"", "null", "[]", "true", "{", R"({"erasure_requested": true})",
        R"({"project_member_id": 12345678, "erasure_requested": true})",
        R"({"project_member_id": ""})", R"({"project_member_id": null})",
        R"({"project_member_id": "12345678901234567"})", R"({"project_member_id": "1234 678"})",
        R"({"project_member_id": "../../12"})", R"({"project_member_id": "-1234567"})",
        R"({"project_member_id": "1", "erasure_requested": "true"})",
        R"({"project_member_id": "1", "erasure_requested": 1})"}) {
    check_refused(signed_reading(bad), 400, bad);
  }
  BOOST_TEST(signed_reading(R"({"project_member_id": "1234567890123456"})").value.has_value());
}

BOOST_AUTO_TEST_CASE(a_timestamp_is_cut_and_made_harmless) {
  const auto reading = signed_reading(R"({"project_member_id": "1", "timestamp": "a\nb)" +
                                      std::string(1'000, 'x') + R"("})");
  BOOST_REQUIRE(reading.value.has_value());
  BOOST_TEST(reading.value->timestamp.size() < 100U);
  BOOST_TEST(reading.value->timestamp.starts_with("a b"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
