#include "http/cookie.hpp"

#include <boost/test/unit_test.hpp>

namespace tidemark::test {
namespace {

using namespace http;

// "a=1|b=2"
std::string read(const Headers& headers) {
  std::string text;
  for (const auto& [name, value] : cookies_of(headers)) {
    if (!text.empty()) text += '|';
    text += name + "=" + value;
  }
  return text;
}

bool is_refused(const SetCookie& cookie) {
  try {
    (void)set_cookie(cookie);
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

BOOST_AUTO_TEST_SUITE(cookie)

BOOST_AUTO_TEST_CASE(cookies_are_read_in_their_order) {
  struct Row {
    std::string header, expected;
  };
  const std::vector<Row> rows = {
      {"", ""},
      {"a=1", "a=1"},
      {"a=1; b=2", "a=1|b=2"},
      {"a=1;b=2", "a=1|b=2"},
      {" a = 1 ;\tb=2 ; ", "a=1|b=2"},
      {"a=1; a=2", "a=1|a=2"},
      {"a=", "a="},
      {"a=b=c==", "a=b=c=="},
      {"__Host-tidemark=12345678.abc-_; x=y", "__Host-tidemark=12345678.abc-_|x=y"},
      {R"(a="quoted")", R"(a="quoted")"},
  };
  for (const Row& row : rows) BOOST_TEST(read({{"cookie", row.header}}) == row.expected);
  BOOST_TEST(read({}) == "");
  BOOST_TEST(read({{"Cookie", "a=1"}, {"X", "n=0"}, {"COOKIE", "b=2"}}) == "a=1|b=2");
}

BOOST_AUTO_TEST_CASE(a_malformed_pair_spoils_no_other) {
  for (const std::string bad :
       {"nothing", "=1", "b c=1", "b=1 2", "b=\"1", "b=1\"2", "b=1,2", "b=1\\2", "b=\x01", "b=\xc3",
        "b\x7f=1", "(b)=1", "", ";;", "b@c=1", "=", " = "}) {
    BOOST_TEST(read({{"Cookie", "a=1; " + bad + "; z=9"}}) == "a=1|z=9", bad);
  }
}

BOOST_AUTO_TEST_CASE(a_cookie_is_for_our_origin_alone_and_unseen_by_scripts) {
  BOOST_TEST(set_cookie({"tidemark", "v", 60, false}) ==
             "tidemark=v; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
  BOOST_TEST(set_cookie({"__Host-tidemark", "v", 2'592'000, true}) ==
             "__Host-tidemark=v; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure");
}

BOOST_AUTO_TEST_CASE(no_time_left_deletes_a_cookie) {
  const std::string deleted = "tidemark=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax";
  BOOST_TEST(set_cookie({"tidemark", "", 0, false}) == deleted);
  BOOST_TEST(set_cookie({"tidemark", "", -5, false}) == deleted);
}

BOOST_AUTO_TEST_CASE(a_cookie_cannot_add_attributes_or_headers) {
  for (const std::string bad :
       {"a;b", "a\r\nSet-Cookie: x=y", "a b", "a,b", "a\\b", "\xc3\xa4", "a\"b", "\"", "\x7f"}) {
    BOOST_TEST(is_refused({"name", bad, 1, true}), bad);
    BOOST_TEST(is_refused({bad, "value", 1, true}), bad);
  }
  BOOST_TEST(is_refused({"", "value", 1, true}));
  BOOST_TEST(is_refused({"a=b", "value", 1, true}));
  BOOST_TEST(!is_refused({"name", "", 1, true}));
}

BOOST_AUTO_TEST_CASE(a_cookie_that_every_browser_would_drop_is_not_made) {
  BOOST_TEST(is_refused({"__Host-tidemark", "v", 60, false}));
  BOOST_TEST(is_refused({"__Secure-tidemark", "v", 60, false}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
