#include "http/digest.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

namespace tidemark::test {
namespace {

using namespace http;

BOOST_AUTO_TEST_SUITE(digest)

BOOST_AUTO_TEST_CASE(digests_are_those_of_the_published_vectors) {
  BOOST_TEST(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(sha256_hex("abc") ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 4231, case 2, and RFC 2202, case 2.
  const std::string text = "what do ya want for nothing?";
  BOOST_TEST(hmac_sha256_hex("Jefe", text) ==
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  BOOST_TEST(hmac_sha1_hex("Jefe", text) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  // GitHub's own, of its webhooks.
  BOOST_TEST(hmac_sha256_hex("It's a Secret to Everybody", "Hello, World!") ==
             "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
}

BOOST_AUTO_TEST_CASE(an_empty_key_is_a_key_and_not_the_one_before) {
  (void)hmac_sha1_hex("another", "text");
  BOOST_TEST(hmac_sha1_hex("", "") == "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_digested_whole) {
  const std::string zeros("a\0b", 3);
  BOOST_TEST(sha256_hex(zeros) != sha256_hex("a"));
  BOOST_TEST(base64url(zeros) == "YQBi");
}

BOOST_AUTO_TEST_CASE(secrets_are_the_same_in_every_letter_or_not_at_all) {
  BOOST_TEST(same_secret("secret", "secret"));
  for (const std::string_view other : {"Secret", "secreT", "secre", "secrets", "", "secret "}) {
    BOOST_TEST(!same_secret("secret", other), other);
    BOOST_TEST(!same_secret(other, "secret"), other);
  }
  BOOST_TEST(!same_secret("", ""));
}

BOOST_AUTO_TEST_CASE(base64url_has_no_padding_and_no_letters_of_addresses) {
  // RFC 4648, section 10.
  BOOST_TEST(base64url("") == "");
  BOOST_TEST(base64url("f") == "Zg");
  BOOST_TEST(base64url("fo") == "Zm8");
  BOOST_TEST(base64url("foo") == "Zm9v");
  BOOST_TEST(base64url("foob") == "Zm9vYg");
  BOOST_TEST(base64url("fooba") == "Zm9vYmE");
  BOOST_TEST(base64url("foobar") == "Zm9vYmFy");
  BOOST_TEST(base64url("\xfb\xff\xbf") == "-_-_");
}

BOOST_AUTO_TEST_CASE(a_random_text_has_43_letters_and_never_comes_twice) {
  async::SecureRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random_text(random));
  BOOST_TEST(seen.size() == 100U);
  for (const std::string& text : seen) {
    BOOST_TEST(text.size() == 43U);
    BOOST_TEST(text.find_first_of("+/=") == std::string::npos);
  }
  async::SeededRandom one(7);
  async::SeededRandom same(7);
  BOOST_TEST(random_text(one) == random_text(same));
}

BOOST_AUTO_TEST_CASE(a_challenge_is_that_of_rfc_7636) {
  BOOST_TEST(pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") ==
             "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
