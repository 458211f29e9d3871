#include "http/message.hpp"

#include <boost/test/unit_test.hpp>

#include "http/head.hpp"

using namespace tidemark::http;

BOOST_AUTO_TEST_SUITE(message)

BOOST_AUTO_TEST_CASE(header_names_compare_without_case) {
  Headers headers{{"ETag", "\"1\""}, {"etag", "\"2\""}};
  BOOST_TEST(headers.find("ETAG").value() == "\"1\"");
  headers.set("Etag", "\"3\"");
  BOOST_TEST(std::distance(headers.begin(), headers.end()) == 1);
  headers.remove("eTAG");
  BOOST_TEST(!headers.has("ETag"));
}

BOOST_AUTO_TEST_CASE(a_header_can_be_set_by_its_own_name) {
  Headers headers{{"Link", "a"}};
  headers.set(headers.begin()->first, "b");
  BOOST_TEST(headers.find("Link").value() == "b");
}

BOOST_AUTO_TEST_CASE(a_request_head_holds_the_true_length_and_only_it) {
  Request request{"POST", "/ignored", {{"Content-Length", "999"}, {"X", "y"}}, "four"};
  std::string head;
  append_request_head(head, request, "/graphql", Headers{{"Host", "h"}});
  BOOST_TEST(head == "POST /graphql HTTP/1.1\r\nHost: h\r\nX: y\r\nContent-Length: 4\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_get_without_body_has_no_length_but_an_empty_post_has) {
  std::string get, post;
  append_request_head(get, Request{}, "/", Headers{});
  append_request_head(post, Request{"POST", "/", {}, ""}, "/", Headers{});
  BOOST_TEST(get == "GET / HTTP/1.1\r\n\r\n");
  BOOST_TEST(post == "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(what_could_smuggle_a_second_message_is_refused) {
  std::string head;
  Request line_end{"GET", "/", {{"X", "a\r\nEvil: b"}}, ""};
  BOOST_CHECK_THROW(append_request_head(head, line_end, "/", {}), std::invalid_argument);
  Request null_byte{"GET", "/", {{"X", std::string("a\0b", 3)}}, ""};
  BOOST_CHECK_THROW(append_request_head(head, null_byte, "/", {}), std::invalid_argument);
  Request name{"GET", "/", {{"X: y\r\nZ", "a"}}, ""};
  BOOST_CHECK_THROW(append_request_head(head, name, "/", {}), std::invalid_argument);
  Request method{"GET / HTTP/1.1\r\n", "/", {}, ""};
  BOOST_CHECK_THROW(append_request_head(head, method, "/", {}), std::invalid_argument);
  BOOST_CHECK_THROW(append_request_head(head, Request{}, "/a b", {}), std::invalid_argument);
  Request chunked{"POST", "/", {{"transfer-encoding", "chunked"}}, ""};
  BOOST_CHECK_THROW(append_request_head(head, chunked, "/", {}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_refused_value_is_not_repeated_in_the_error) {
  std::string head;
  Request secret{"GET", "/", {{"Authorization", "Bearer s3cret\n"}}, ""};
  try {
    append_request_head(head, secret, "/", {});
    BOOST_ERROR("it was not refused");
  } catch (const std::invalid_argument& error) {
    std::string what = error.what();
    BOOST_TEST(what.find("Authorization") != std::string::npos);
    BOOST_TEST(what.find("s3cret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(framing_of_a_reply_is_ours) {
  std::string head;
  Headers headers{{"content-length", "1"}, {"Transfer-Encoding", "x"}, {"ETag", "\"1\""}};
  append_response_head(head, 200, headers, BodyFraming{BodyFraming::Kind::length, 7, true});
  BOOST_TEST(head ==
             "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 7\r\nConnection: close\r\n\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
