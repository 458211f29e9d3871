#include "daemon/routes/graph/kept_answers.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/daemon/graph_room.hpp"

namespace tidemark::daemon::graph {

using test::GraphRoom;

namespace {

std::string kept(KeptAnswers& answers, std::uint64_t writes, std::string_view target) {
  const std::string* text = answers.find(writes, target);
  return text == nullptr ? "nothing" : *text;
}

// Reads of the store are counted.
class Watched final : public storage::Engine {
 public:
  explicit Watched(storage::Engine& inner) : inner_(inner) {}
  void read(const std::function<void(const storage::Reader&)>& body) override {
    ++reads;
    inner_.read(body);
  }
  void write(const std::function<void(storage::Writer&)>& body) override { inner_.write(body); }
  void sync() override { inner_.sync(); }
  [[nodiscard]] Statistics statistics() const override { return inner_.statistics(); }

  int reads = 0;

 private:
  storage::Engine& inner_;
};

// A route that answers with what it reads, or with a problem when there is nothing.
struct OneRoute {
  GraphRoom room;
  Watched engine{*room.engine};
  storage::Store store{engine, *room.pool};
  RouteServices services{
      store,       room.sealer, room.ledger, room.runner, room.simulation.clock(),
      room.events, room.log,    ""};
  std::shared_ptr<KeptAnswers> answers = std::make_shared<KeptAnswers>(1'000'000);
  std::vector<http::Route> routes;

  OneRoute() {
    routes.push_back({.method = "GET",
                      .pattern = "/{key}",
                      .summary = "A row",
                      .handle = [this](http::Call call) { return show(std::move(call)); }});
    keep_answers_of(routes, services, answers);
  }
  async::Task<http::Reply> show(http::Call call) {
    auto find = [&](const storage::Reader& reader) {
      return reader.get(storage::Table::meta, call.request.target);
    };
    auto text = co_await store.read(find);
    if (!text) co_return http::problem(404, "/problems/not-found", "Not found", "");
    co_return http::json_reply(200, std::move(*text));
  }
  std::string ask(const std::string& target) {
    http::Reply reply;
    auto exchange = [&]() -> async::Task<void> {
      http::Call call;
      call.request.target = target;
      reply = co_await routes.front().handle(std::move(call));
    };
    room.simulation.run(exchange);
    return reply.response.status == 200 ? reply.response.body : "none";
  }
  void put(const std::string& key, const std::string& value) {
    auto transaction = [&]() -> async::Task<void> {
      auto body = [&](storage::Writer& writer) { writer.put(storage::Table::meta, key, value); };
      co_await store.write(storage::Durability::soon, body);
    };
    room.simulation.run(transaction);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_kept_answers)

BOOST_AUTO_TEST_CASE(an_answer_is_kept_until_the_next_write) {
  KeptAnswers answers(100'000);
  answers.keep(7, "/a", "first");
  answers.keep(7, "/b", "other");
  BOOST_TEST(kept(answers, 7, "/a") == "first");
  BOOST_TEST(kept(answers, 7, "/b") == "other");
  BOOST_TEST(kept(answers, 7, "/c") == "nothing");
  BOOST_TEST(kept(answers, 8, "/a") == "nothing");
  BOOST_TEST(answers.bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_was_read_before_a_write_is_not_kept_after_it) {
  KeptAnswers answers(100'000);
  BOOST_TEST(kept(answers, 8, "/a") == "nothing");
  answers.keep(7, "/a", "of before the write");
  BOOST_TEST(kept(answers, 8, "/a") == "nothing");
  answers.keep(9, "/a", "of after the next");
  BOOST_TEST(kept(answers, 8, "/a") == "nothing");
}

BOOST_AUTO_TEST_CASE(whoever_was_asked_for_longest_ago_goes_first) {
  const std::string text(1'000, 'x');
  KeptAnswers answers(20'000);
  for (int number = 0; number < 10; ++number) answers.keep(1, "/" + std::to_string(number), text);
  for (int number = 10; number < 100; ++number) {
    BOOST_TEST(kept(answers, 1, "/0") == text);
    answers.keep(1, "/" + std::to_string(number), text);
  }
  BOOST_TEST(kept(answers, 1, "/1") == "nothing");
  BOOST_TEST(kept(answers, 1, "/99") == text);
  BOOST_TEST(answers.bytes() <= 20'000U);
  BOOST_TEST(answers.bytes() > 15'000U);
}

BOOST_AUTO_TEST_CASE(a_large_answer_does_not_push_out_all_others) {
  KeptAnswers answers(20'000);
  answers.keep(1, "/a", "first");
  answers.keep(1, "/large", std::string(2'000, 'x'));
  BOOST_TEST(kept(answers, 1, "/large") == "nothing");
  BOOST_TEST(kept(answers, 1, "/a") == "first");
}

BOOST_AUTO_TEST_CASE(what_is_asked_for_again_is_not_read_again) {
  OneRoute one;
  one.put("/a", "1");
  for (int times = 0; times < 3; ++times) BOOST_TEST(one.ask("/a") == "1");
  BOOST_TEST(one.engine.reads == 1);
  one.put("/b", "2");
  BOOST_TEST(one.ask("/a") == "1");
  BOOST_TEST(one.engine.reads == 2);
  one.put("/a", "3");
  BOOST_TEST(one.ask("/a") == "3");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_not_kept) {
  OneRoute one;
  for (int times = 0; times < 2; ++times) BOOST_TEST(one.ask("/a") == "none");
  BOOST_TEST(one.engine.reads == 2);
}

BOOST_AUTO_TEST_CASE(every_answer_about_the_graph_sees_what_was_written_before_it) {
  GraphRoom room;
  std::uint64_t id = 100;
  for (const std::string target :
       {"/v1/users", "/v1/users/octocat", "/v1/users/hubot/followers",
        "/v1/users/octocat/following", "/v1/users/octocat/repositories",
        "/v1/users/octocat/neighbours?depth=2", "/v1/graph/mutual?of=octocat", "/v1/graph/top",
        "/v1/repositories?sort=owner"}) {
    const auto before = room.get(target);
    BOOST_TEST(before.status == 200U, target);
    BOOST_TEST(room.get(target).body == before.body, target);
    ++id;
    auto octocat = test::known_user(1, "octocat");
    octocat.profile.name = "Octocat " + std::to_string(id);
    room.put({octocat, test::known_user(id, "zoe" + std::to_string(id))});
    room.follow({{id, 1}, {1, id}, {id, 3}});
    room.write([id](storage::Writer& writer) {
      storage::graph::put_repository(writer, test::known_repository(id, 1, "new"));
    });
    BOOST_TEST(room.get(target).body != before.body, target);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon::graph
