#include "daemon/redact.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>

namespace tidemark::daemon {

BOOST_AUTO_TEST_SUITE(redact)

BOOST_AUTO_TEST_CASE(tokens_of_github_are_taken_out_wherever_they_stand) {
  const Redactor redactor;
  for (const std::string prefix : {"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"}) {
    const std::string token = prefix + "16C7e42F292c6912E7710c838347Ae178B4a";
    BOOST_TEST(redactor.clean("token " + token + ", again " + token) ==
               "token [secret], again [secret]");
    BOOST_TEST(redactor.clean("https://x/?t=" + token + "&a=1") == "https://x/?t=[secret]&a=1");
  }
}

BOOST_AUTO_TEST_CASE(what_follows_the_words_of_authorization_is_taken_out) {
  const Redactor redactor;
  BOOST_TEST(redactor.clean("Authorization: Bearer aBcD1234") == "Authorization: Bearer [secret]");
  BOOST_TEST(redactor.clean("GET /?access_token=abc&x=1") == "GET /?access_token=[secret]&x=1");
  BOOST_TEST(redactor.clean("refresh_token=q client_secret=w") ==
             "refresh_token=[secret] client_secret=[secret]");
}

BOOST_AUTO_TEST_CASE(known_secrets_are_taken_out_and_plain_words_stay) {
  Redactor redactor;
  redactor.learn("pVn0mXw27a5R");
  redactor.learn("member");  // too short to be a secret
  redactor.learn("");
  BOOST_TEST(redactor.clean("grant pVn0mXw27a5R of a member") == "grant [secret] of a member");
  BOOST_TEST(redactor.clean("the gho_ prefix. Bearer of news") ==
             "the gho_ prefix. Bearer of news");
}

BOOST_AUTO_TEST_CASE(the_memory_for_secrets_is_bounded_and_keeps_the_newest) {
  Redactor redactor;
  for (int i = 0; i < 5000; ++i) redactor.learn("secret-number-" + std::to_string(10'000 + i));
  BOOST_TEST(redactor.clean("secret-number-14999") == "[secret]");
  BOOST_TEST(redactor.clean("secret-number-10000") == "secret-number-10000");
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_told_again_is_as_good_as_new) {
  Redactor redactor;
  redactor.learn("still-in-use");
  for (int i = 0; i < 4000; ++i) redactor.learn("secret-number-" + std::to_string(10'000 + i));
  redactor.learn("still-in-use");
  for (int i = 0; i < 4000; ++i) redactor.learn("secret-number-" + std::to_string(20'000 + i));
  BOOST_TEST(redactor.clean("still-in-use") == "[secret]");
}

BOOST_AUTO_TEST_CASE(a_pinned_secret_stays_however_many_are_learnt) {
  Redactor redactor;
  redactor.learn("the-webhook-secret");
  redactor.pin("the-webhook-secret");
  redactor.pin("the-client-secret");
  redactor.learn("the-client-secret");
  for (int i = 0; i < 10'000; ++i) redactor.learn("secret-number-" + std::to_string(10'000 + i));
  BOOST_TEST(redactor.clean("the-webhook-secret, the-client-secret") == "[secret], [secret]");
}

BOOST_AUTO_TEST_CASE(secrets_that_begin_alike_or_overlap_go_whole) {
  Redactor redactor;
  redactor.learn("abcdefgh");
  redactor.learn("abcdefgh-and-more");
  redactor.learn("more-than-that");
  BOOST_TEST(redactor.clean("x abcdefgh-and-more y abcdefgh") == "x [secret] y [secret]");
  BOOST_TEST(redactor.clean("abcdefgh-and-more-than-that!") == "[secret]!");
  BOOST_TEST(redactor.clean("abcdefghabcdefgh") == "[secret][secret]");
  BOOST_TEST(redactor.clean("abcdefg") == "abcdefg");
  BOOST_TEST(redactor.clean("") == "");
}

BOOST_AUTO_TEST_CASE(thousands_of_secrets_do_not_slow_a_page_down) {
  Redactor redactor;
  for (int i = 0; i < 4'096; ++i) redactor.learn("secret-number-" + std::to_string(10'000 + i));
  const std::string reason = "GitHub did not answer for octo/hello (HTTP 502)";
  const auto start = std::chrono::steady_clock::now();
  for (int week = 0; week < 5'000; ++week) BOOST_REQUIRE(redactor.clean(reason) == reason);
  const auto took = std::chrono::steady_clock::now() - start;
  // A search for each of them would take seconds.
  BOOST_TEST((took < std::chrono::milliseconds(500)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
