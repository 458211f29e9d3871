#include "daemon/door.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "storage/engine.hpp"
#include "storage/pool.hpp"
#include "tests/support/run.hpp"

namespace tidemark::daemon {

namespace {

// A door before one route that does as told.
struct Hall {
  explicit Hall(std::function<http::Reply()> answer) : router({route(std::move(answer))}) {
    AccessRules rules;
    rules.own_user = 900;
    rules.token = "0123456789abcdef";
    door.emplace(router, rules, log, [this](const std::string& what) { fatal = what; });
  }

  static http::Route route(std::function<http::Reply()> answer) {
    http::Route route;
    route.method = "GET";
    route.pattern = "/v1/answer";
    route.handle = [answer](http::Call) -> async::Task<http::Reply> { co_return answer(); };
    return route;
  }

  http::Response ask(http::Headers headers = {}) {
    http::Request request;
    request.target = "/v1/answer";
    request.headers = std::move(headers);
    http::Peer peer;
    peer.user_id = 900;
    peer.group_id = 900;
    http::Reply reply;
    const auto handler = door->socket_handler();
    test::run([&]() -> async::Task<void> { reply = co_await handler(request, peer); });
    return reply.response;
  }

  Log log{LogLevel::error, LogFormat::text};
  std::string fatal;
  http::Router router;
  std::optional<Door> door;
};

template <class Error>
Hall throwing(Error error) {
  return Hall([error]() -> http::Reply { throw error; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(door)

BOOST_AUTO_TEST_CASE(an_answer_that_the_asker_has_already_is_304_without_a_body) {
  std::string body = R"({"a":1})";
  Hall hall([&body] { return http::json_reply(200, body); });
  const auto first = hall.ask();
  const std::string tag(first.headers.find("ETag").value());
  for (const std::string& header : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    const auto again = hall.ask({{"If-None-Match", header}});
    BOOST_TEST(again.status == 304);
    BOOST_TEST(again.body.empty());
    BOOST_TEST(again.headers.find("ETag").value() == tag);
  }
  body = R"({"a":2})";
  const auto changed = hall.ask({{"If-None-Match", tag}});
  BOOST_TEST(changed.status == 200);
  BOOST_TEST(changed.headers.find("ETag").value() != tag);
}

BOOST_AUTO_TEST_CASE(errors_get_no_tag) {
  Hall hall([] { return http::problem(404, "/problems/not-found", "Not found", "no"); });
  BOOST_TEST(!hall.ask().headers.has("ETag"));
}

BOOST_AUTO_TEST_CASE(every_byte_of_an_answer_counts_in_its_tag) {
  for (const std::size_t bytes : {1, 7, 8, 31, 32, 33, 63, 64, 100}) {
    std::set<std::string> tags;
    for (std::size_t changed = 0; changed <= bytes; ++changed) {
      std::string body(bytes, '1');
      if (changed < bytes) body[changed] = '2';
      auto reply = http::json_reply(200, body);
      make_conditional(reply, std::nullopt);
      tags.emplace(reply.response.headers.find("ETag").value());
    }
    BOOST_TEST(tags.size() == bytes + 1);
  }
}

BOOST_AUTO_TEST_CASE(changes_that_could_undo_each_other_make_another_tag) {
  const std::string before(128, '0');
  std::set<std::string> tags;
  std::size_t bodies = 0;
  for (std::size_t first = 0; first < 64; ++first) {
    for (std::size_t second = first + 28; second <= first + 36; ++second) {
      std::string body = before;
      body[first] ^= 1;
      body[second] ^= 1;
      if (second + 4 < body.size()) body[second + 4] ^= 1;
      auto reply = http::json_reply(200, body);
      make_conditional(reply, std::nullopt);
      tags.emplace(reply.response.headers.find("ETag").value());
      ++bodies;
    }
  }
  BOOST_TEST(tags.size() == bodies);
  const auto tag = [](std::string_view updated) {
    auto reply = http::json_reply(200, std::string(32, ' ') + std::string(updated));
    make_conditional(reply, std::nullopt);
    return std::string(reply.response.headers.find("ETag").value());
  };
  for (std::size_t at = 0; at < 8; ++at) {
    const std::string lead(at, ' '), end(16, '}');
    BOOST_TEST(tag(lead + "2015-07-08T06:24:20Z\",\"updated_at\":\"2025-02-17T13" + end) !=
               tag(lead + "2015-07-04T06:24:20Z\",\"updated_at\":\"2425-42-17T13" + end));
  }
}

BOOST_AUTO_TEST_CASE(parts_of_an_answer_in_another_order_make_another_tag) {
  std::set<std::string> tags;
  for (const char* body : {"aaaaaaaabbbbbbbb", "bbbbbbbbaaaaaaaa"}) {
    for (const std::size_t times : {1, 2, 4}) {
      std::string repeated;
      for (std::size_t time = 0; time < times; ++time) repeated += body;
      auto reply = http::json_reply(200, repeated);
      make_conditional(reply, std::nullopt);
      tags.emplace(reply.response.headers.find("ETag").value());
    }
  }
  BOOST_TEST(tags.size() == 6);
}

BOOST_AUTO_TEST_CASE(a_full_queue_is_503_and_says_when_to_come_back) {
  const auto answer = throwing(storage::PoolFull()).ask();
  BOOST_TEST(answer.status == 503);
  BOOST_TEST(answer.headers.find("Retry-After").value() == "1");
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_507_and_a_corrupt_record_500_with_its_words_and_both_go_on) {
  Hall full = throwing(storage::DiskFull("/store: no room to write"));
  BOOST_TEST(full.ask().status == 507);
  BOOST_TEST(full.fatal == "");
  Hall corrupt = throwing(storage::CorruptRecord("weeks 7: run tidemark check"));
  const auto answer = corrupt.ask();
  BOOST_TEST(answer.status == 500);
  BOOST_TEST(answer.body.find("weeks 7: run tidemark check") != std::string::npos);
  BOOST_TEST(corrupt.fatal == "");
}

BOOST_AUTO_TEST_CASE(a_failed_store_ends_the_daemon_after_a_503) {
  Hall hall = throwing(storage::StoreError("writing failed"));
  BOOST_TEST(hall.ask().status == 503);
  BOOST_TEST(hall.fatal == "writing failed");
}

BOOST_AUTO_TEST_CASE(strangers_do_not_reach_the_route) {
  bool reached = false;
  Hall hall([&reached] {
    reached = true;
    return http::json_reply(200, "{}");
  });
  const auto handler = hall.door->tcp_handler();
  http::Reply reply;
  http::Request request;
  request.target = "/v1/answer";
  request.headers = {{"Host", "localhost"}};
  test::run([&]() -> async::Task<void> {
    http::Peer peer;
    reply = co_await handler(request, std::move(peer));
  });
  BOOST_TEST(reply.response.status == 401);
  BOOST_TEST(reply.response.headers.has("WWW-Authenticate"));
  BOOST_TEST(!reached);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
