#include <boost/test/unit_test.hpp>

#include "http/inflate.hpp"
#include "tests/http/wire_client.hpp"

using namespace tidemark;
using namespace tidemark::test;
using Step = http::TransportError::Step;

namespace {

std::string coded_answer(const std::string& coding, const std::string& body) {
  return whole_answer(body, "Content-Encoding: " + coding + "\r\nETag: W/\"1\"\r\n");
}

std::string body_of(std::string answer) {
  std::string body;
  with_peer(answering(std::move(answer)),
            [&](WirePeer& peer, WireClient& client) -> async::Task<void> {
              auto exchanged = co_await client.get(peer.url("/"));
              const auto& headers = exchanged.response.headers;
              BOOST_TEST(!headers.has("Content-Encoding"));
              BOOST_TEST(!headers.has("Content-Length"));
              BOOST_TEST(headers.has("ETag"));
              body = exchanged.response.body;
            });
  return body;
}

Step failure_of(std::string answer, http::ClientLimits limits = {}) {
  Step step{};
  with_peer(
      answering(std::move(answer)),
      [&](WirePeer& peer, WireClient& client) -> async::Task<void> {
        auto failure = co_await client.failure(peer.url("/"));
        step = failure.step();
      },
      limits);
  return step;
}

const std::string text = [] {
  std::string made;
  for (int line = 0; line < 20'000; ++line) made += "line " + std::to_string(line) + "\n";
  return made;
}();

}  // namespace

BOOST_AUTO_TEST_SUITE(client_coding)

BOOST_AUTO_TEST_CASE(gzip_and_deflate_are_decoded) {
  BOOST_TEST((body_of(coded_answer("gzip", compressed(text, true))) == text));
  BOOST_TEST((body_of(coded_answer("x-GZIP", compressed(text, true))) == text));
  BOOST_TEST((body_of(coded_answer("deflate", compressed(text, false))) == text));
}

BOOST_AUTO_TEST_CASE(deflate_without_its_wrapping_is_decoded) {
  std::string wrapped = compressed(text, false);
  BOOST_TEST((body_of(coded_answer("deflate", wrapped.substr(2, wrapped.size() - 6))) == text));
}

BOOST_AUTO_TEST_CASE(gzip_members_one_after_another_are_one_body) {
  BOOST_TEST(body_of(coded_answer("gzip", compressed("one ", true) + compressed("two", true))) ==
             "one two");
}

BOOST_AUTO_TEST_CASE(a_coded_body_may_come_in_chunks_or_without_length) {
  std::string coded = compressed(text, true);
  std::string chunked =
      "HTTP/1.1 200 OK\r\nETag: 1\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < coded.size(); at += 1000) {
    std::string piece = coded.substr(at, 1000);
    char size[20];
    std::snprintf(size, sizeof(size), "%zx\r\n", piece.size());
    chunked += size + piece + "\r\n";
  }
  BOOST_TEST((body_of(chunked + "0\r\n\r\n") == text));
  BOOST_TEST(
      (body_of("HTTP/1.1 200 OK\r\nETag: 1\r\nContent-Encoding: gzip\r\n\r\n" + coded) == text));
}

BOOST_AUTO_TEST_CASE(a_coding_that_we_did_not_ask_for_is_left_to_the_caller) {
  with_peer(answering(coded_answer("br", "???")),
            [&](WirePeer& peer, WireClient& client) -> async::Task<void> {
              auto exchanged = co_await client.get(peer.url("/"));
              BOOST_TEST(exchanged.response.body == "???");
              BOOST_TEST(exchanged.response.headers.find("Content-Encoding").value() == "br");
            });
}

BOOST_AUTO_TEST_CASE(a_coded_body_that_is_cut_inside_a_whole_frame_is_an_error) {
  std::string coded = compressed(text, true);
  BOOST_TEST(
      (failure_of(coded_answer("gzip", coded.substr(0, coded.size() - 1))) == Step::malformed));
  BOOST_TEST((failure_of(coded_answer("gzip", coded.substr(0, 5))) == Step::malformed));
  BOOST_TEST((failure_of("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" +
                         coded.substr(0, 99)) == Step::read));
}

BOOST_AUTO_TEST_CASE(a_coded_body_that_is_garbage_is_malformed) {
  std::string coded = compressed(text, true);
  std::string damaged = coded;
  damaged[coded.size() - 6] = static_cast<char>(damaged[coded.size() - 6] ^ 1);  // the checksum
  BOOST_TEST((failure_of(coded_answer("gzip", damaged)) == Step::malformed));
  BOOST_TEST((failure_of(coded_answer("gzip", "no gzip at all")) == Step::malformed));
  BOOST_TEST((failure_of(coded_answer("gzip", coded + "tail")) == Step::malformed));
  BOOST_TEST(
      (failure_of(coded_answer("deflate", compressed("x", false) + "tail")) == Step::malformed));
}

BOOST_AUTO_TEST_CASE(a_zip_bomb_is_too_large) {
  std::string bomb = compressed(std::string(64 * 1024 * 1024, '\0'), true);
  BOOST_TEST(bomb.size() < 400'000U);
  http::ClientLimits limits;
  limits.body_bytes = 1024 * 1024;
  BOOST_TEST((failure_of(coded_answer("gzip", bomb), limits) == Step::too_large));
}

BOOST_AUTO_TEST_CASE(the_limit_holds_for_decoded_bytes_exactly) {
  std::string coded = compressed(std::string(100, 'x'), true);
  for (std::size_t limit : {99U, 100U}) {
    http::Inflater inflater(http::Inflater::Coding::gzip);
    std::string out;
    auto outcome = inflater.put(coded, out, limit);
    BOOST_TEST((outcome == http::Inflater::Outcome::ok) == (limit == 100));
  }
}

BOOST_AUTO_TEST_CASE(how_a_coded_body_is_split_does_not_matter) {
  std::string coded = compressed(text, true);
  for (std::size_t size : {1U, 7U, 4096U}) {
    http::Inflater inflater(http::Inflater::Coding::gzip);
    std::string out;
    for (std::size_t at = 0; at < coded.size(); at += size) {
      BOOST_REQUIRE((!inflater.complete() || at == 0));
      auto outcome = inflater.put(std::string_view(coded).substr(at, size), out, text.size());
      BOOST_REQUIRE((outcome == http::Inflater::Outcome::ok));
    }
    BOOST_TEST(inflater.complete());
    BOOST_TEST((out == text));
  }
}

BOOST_AUTO_TEST_SUITE_END()
