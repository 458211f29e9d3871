#include <boost/test/unit_test.hpp>

#include "http/github/answer.hpp"

namespace tidemark::test {
namespace {

using http::Headers;
using http::github::next_link;
using http::github::parse_links;

BOOST_AUTO_TEST_SUITE(github_links)

BOOST_AUTO_TEST_CASE(targets_by_id_are_taken_as_they_stand) {
  const auto links = parse_links(
      "<https://api.github.com/user/10308/followers?page=2>; rel=\"next\", "
      "<https://api.github.com/user/10308/followers?page=77>; rel=\"last\"");
  BOOST_REQUIRE(links.size() == 2U);
  BOOST_TEST(links[0].target == "https://api.github.com/user/10308/followers?page=2");
  BOOST_TEST(links[0].rel == "next");
  BOOST_TEST(links[1].rel == "last");
}

BOOST_AUTO_TEST_CASE(a_template_is_survived) {
  const std::string header =
      "<https://api.github.com/users?since=135>; rel=\"next\", "
      "<https://api.github.com/users{?since}>; rel=\"first\"";
  const auto links = parse_links(header);
  BOOST_REQUIRE(links.size() == 2U);
  BOOST_TEST(links[1].target == "https://api.github.com/users{?since}");
  BOOST_TEST(next_link({{"link", header}}).value() == "https://api.github.com/users?since=135");
}

BOOST_AUTO_TEST_CASE(a_template_is_no_next_page) {
  BOOST_TEST(!next_link({{"link", "<https://a/users{?since}>; rel=\"next\""}}).has_value());
}

BOOST_AUTO_TEST_CASE(commas_and_semicolons_inside_a_target_belong_to_it) {
  const auto links = parse_links("<https://a/x?ids=1,2;3>; rel=\"next\",<https://a/y>;rel=prev");
  BOOST_REQUIRE(links.size() == 2U);
  BOOST_TEST(links[0].target == "https://a/x?ids=1,2;3");
  BOOST_TEST(links[1].target == "https://a/y");
  BOOST_TEST(links[1].rel == "prev");
}

BOOST_AUTO_TEST_CASE(other_parameters_and_quotes_do_not_confuse) {
  const auto links = parse_links(
      "<https://a/1>; title=\"a, <b>; rel=\\\"last\\\"\"; REL=\"next prefetch\"; rel=\"first\"");
  BOOST_REQUIRE(links.size() == 2U);
  BOOST_TEST(links[0].rel == "next");
  BOOST_TEST(links[1].rel == "prefetch");
  BOOST_TEST(links[1].target == "https://a/1");
}

BOOST_AUTO_TEST_CASE(a_broken_header_gives_what_is_whole) {
  BOOST_TEST(parse_links("").empty());
  BOOST_TEST(parse_links("no links here").empty());
  BOOST_TEST(parse_links("<https://a/never closed; rel=\"next\"").empty());
  BOOST_TEST(parse_links("<https://a/1>").empty());
  BOOST_TEST(parse_links("<https://a/1>; rel=").empty());
  const auto links = parse_links("<https://a/1>; rel=\"next");
  BOOST_REQUIRE(links.size() == 1U);
  BOOST_TEST(links[0].rel == "next");
}

BOOST_AUTO_TEST_CASE(no_header_means_one_page) {
  BOOST_TEST(!next_link({{"etag", "W/\"1\""}}).has_value());
  BOOST_TEST(!next_link({{"link", "<https://a/1>; rel=\"prev\""}}).has_value());
}

BOOST_AUTO_TEST_CASE(a_next_in_a_second_header_is_found) {
  const Headers headers{{"Link", "<https://a/1>; rel=\"prev\""},
                        {"Link", "<https://a/3>; rel=\"next\""}};
  BOOST_TEST(next_link(headers).value() == "https://a/3");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
