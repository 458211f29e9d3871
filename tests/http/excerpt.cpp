#include "http/excerpt.hpp"

#include <boost/test/unit_test.hpp>

#include "http/basic_authorization.hpp"

namespace tidemark::test {
namespace {

using http::excerpt;

BOOST_AUTO_TEST_SUITE(foreign_text)

BOOST_AUTO_TEST_CASE(an_excerpt_is_one_line) {
  BOOST_TEST(excerpt("  a\r\n\tb\x1b[31m \n") == "a b [31m");
}

BOOST_AUTO_TEST_CASE(queries_of_addresses_are_left_out) {
  BOOST_TEST(excerpt("GET https://b.s3/f?Signature=abc%3D&Expires=1 failed, why? Because a=b") ==
             "GET https://b.s3/f?… failed, why? Because a=b");
  BOOST_TEST(excerpt("<a href=\"/x?key=1\">") == "<a href=\"/x?…\">");
}

BOOST_AUTO_TEST_CASE(an_excerpt_ends_between_characters) {
  const std::string text = "ab\xe2\x82\xac";  // a, b, €
  BOOST_TEST(excerpt(text, 5) == text);
  BOOST_TEST(excerpt(text, 4) == "ab…");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_do_not_get_through) {
  BOOST_TEST(excerpt("a\xff\xfe"
                     "b\xc3") == "a b");
}

BOOST_AUTO_TEST_CASE(what_a_terminal_obeys_or_what_turns_a_line_around_does_not_get_through) {
  const std::string second_set =
                        "a\xc2\x9b"
                        "31mb",
                    turned = "user\u202egpj.exe\u2069";
  BOOST_TEST(excerpt(second_set) == "a 31mb");
  BOOST_TEST(excerpt(turned) == "user gpj.exe");
  BOOST_TEST(http::printable(second_set + "\x1b[0m\x7f") == "a 31mb [0m ");
  BOOST_TEST(http::printable(turned) == "user gpj.exe ");
  BOOST_TEST(http::printable("a\x9b"
                             "b") == "a b");
  BOOST_TEST(http::printable("Zoë, \u20ac 5 \U0001F600\u00a0") == "Zoë, \u20ac 5 \U0001F600\u00a0");
}

BOOST_AUTO_TEST_CASE(case_does_not_matter_when_searching) {
  BOOST_TEST(http::contains_ignoring_case("Repository ACCESS blocked", "access BLOCKED"));
  BOOST_TEST(!http::contains_ignoring_case("Repository", "Repositories"));
}

BOOST_AUTO_TEST_CASE(basic_authorization_is_form_encoded_then_base64) {
  // RFC 7617's example, and a colon that must not end the id.
  BOOST_TEST(http::basic_authorization("Aladdin", "opensesame") ==
             "Basic QWxhZGRpbjpvcGVuc2VzYW1l");
  BOOST_TEST(http::basic_authorization("a:b", "c") == "Basic YSUzQWI6Yw==");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
