#include "http/url.hpp"

#include <boost/test/unit_test.hpp>

using namespace tidemark::http;

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(an_address_falls_into_endpoint_and_target) {
  Url url = parse_url("https://API.GitHub.com/users/x?per_page=100#part").value();
  BOOST_TEST(url.endpoint.host == "api.github.com");
  BOOST_TEST(url.endpoint.port == "443");
  BOOST_TEST(url.endpoint.tls);
  BOOST_TEST(url.target == "/users/x?per_page=100");
  BOOST_TEST(url.origin() == "https://api.github.com");
  BOOST_TEST(url.text() == "https://api.github.com/users/x?per_page=100");
}

BOOST_AUTO_TEST_CASE(the_default_port_is_left_out_of_the_origin) {
  BOOST_TEST(parse_url("https://s3.test:443/a").value().text() == "https://s3.test/a");
  BOOST_TEST(parse_url("http://s3.test:443/a").value().text() == "http://s3.test:443/a");
  BOOST_TEST(parse_url("http://h:0080").value().origin() == "http://h");
  BOOST_TEST(parse_url("https://h:8443?x=1").value().text() == "https://h:8443/?x=1");
  BOOST_TEST(parse_url("https://h:/").value().endpoint.port == "443");
  BOOST_TEST(parse_url("http://[::1]:81/").value().origin() == "http://[::1]:81");
  BOOST_TEST(parse_url("http://[::1]/").value().endpoint.host == "::1");
}

BOOST_AUTO_TEST_CASE(a_presigned_target_stays_byte_for_byte) {
  const std::string target =
      "/b/%7Euser/a+b%2Fc//d/../e?X-Amz-Credential=A%2F20260105%2Fus&Signature=q%3D%3D+x&e=";
  BOOST_TEST(parse_url("https://s3.test:443" + target).value().target == target);
  Url base = parse_url("https://api.test/").value();
  BOOST_TEST(resolve_url(base, "https://s3.test" + target).value().target == target);
}

BOOST_AUTO_TEST_CASE(bytes_outside_ascii_are_escaped) {
  BOOST_TEST(parse_url("http://h/caf\xc3\xa9").value().target == "/caf%C3%A9");
}

BOOST_AUTO_TEST_CASE(what_is_no_plain_http_address_is_refused) {
  for (const char* text :
       {"", "/path", "ftp://h/", "https:/h", "https://", "https://user@h/", "https://u:p@h/",
        "https://h:0/", "https://h:65536/", "https://h:8a/", "https://[::1/", "https://[::1]x/",
        "https://h/a b", "https://h/a\r\nX: y", "https://h\r\n/", "https://[zz]/", "https://h%20/",
        "javascript:alert(1)", "https//h/"}) {
    BOOST_TEST(!parse_url(text).has_value(), text);
  }
  BOOST_TEST(!parse_url(std::string("https://h/\0", 11)).has_value());
}

BOOST_AUTO_TEST_CASE(a_location_resolves_as_rfc_3986_says) {
  Url base = parse_url("https://h.test:8443/a/b/c?q=1").value();
  auto resolved = [&](std::string_view location) {
    auto url = resolve_url(base, location);
    return url ? url->text() : "nothing";
  };
  const std::string origin = "https://h.test:8443";
  BOOST_TEST(resolved("http://other/x") == "http://other/x");
  BOOST_TEST(resolved("//other/x") == "https://other/x");
  BOOST_TEST(resolved("/x?y=2#z") == origin + "/x?y=2");
  BOOST_TEST(resolved("x") == origin + "/a/b/x");
  BOOST_TEST(resolved("../x") == origin + "/a/x");
  BOOST_TEST(resolved("../../../../x/") == origin + "/x/");
  BOOST_TEST(resolved("./") == origin + "/a/b/");
  BOOST_TEST(resolved("..") == origin + "/a/");
  BOOST_TEST(resolved("?y=3") == origin + "/a/b/c?y=3");
  BOOST_TEST(resolved("#z") == origin + "/a/b/c?q=1");
  BOOST_TEST(resolved("x?a=/../b") == origin + "/a/b/x?a=/../b");
  BOOST_TEST(resolved("x y") == "nothing");
  BOOST_TEST(resolved("mailto:x@y") == "nothing");
}

BOOST_AUTO_TEST_CASE(percent_encoding_goes_there_and_back) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  BOOST_TEST(percent_decode(percent_encode(all), true).value() == all);
  BOOST_TEST(percent_encode("a b/c~d") == "a%20b%2Fc~d");
  BOOST_TEST(percent_decode("a+b%2b", false).value() == "a+b+");
  BOOST_TEST(percent_decode("a+b%2B", true).value() == "a b+");
  for (const char* text : {"%", "%2", "a%zz", "%+1", "%2"}) {
    BOOST_TEST(!percent_decode(text, false).has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(a_form_keeps_order_repeats_and_empty_values) {
  Form form = decode_form("a=1&b=x%20y&a=2&c&=e&&d=p+q&f=g=h").value();
  const Form expected{{"a", "1"}, {"b", "x y"}, {"a", "2"},  {"c", ""},
                      {"", "e"},  {"d", "p q"}, {"f", "g=h"}};
  BOOST_TEST((form == expected));
  BOOST_TEST(form_value(form, "a").value() == "1");
  BOOST_TEST(!form_value(form, "z").has_value());
  BOOST_TEST((decode_form(encode_form(expected)).value() == expected));
  BOOST_TEST(encode_form({{"a b", "c&d"}}) == "a%20b=c%26d");
  BOOST_TEST(decode_form("").value().empty());
  BOOST_TEST(!decode_form("a=%g1").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
