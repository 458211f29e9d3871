#include <boost/test/unit_test.hpp>
#include <map>

#include "http/async/task_group.hpp"
#include "tests/daemon/graph_room.hpp"
#include "tests/support/folder.hpp"

namespace tidemark::daemon {

using test::GraphRoom;

namespace {

// More than one may look at without waiting for others.
void put_crowd(GraphRoom& room) {
  std::vector<storage::graph::User> crowd;
  std::vector<storage::graph::Edge> edges;
  for (std::uint64_t id = 1'000; id < 3'000; ++id) {
    crowd.push_back(test::known_user(id, "login" + std::to_string(id)));
    edges.push_back({id, 1});
  }
  room.put(crowd);
  room.follow(edges);
  room.write([](storage::Writer& writer) {
    for (std::uint64_t id = 1'000; id < 3'000; ++id) {
      storage::graph::put_repository(writer, test::known_repository(id, 1, std::to_string(id)));
    }
  });
}

// Asks for the same so many times at once, and counts the answers by their status.
std::map<unsigned, int> ask_at_once(GraphRoom& room, const std::string& target, int times) {
  std::map<unsigned, int> counts;
  auto ask = [&]() -> async::Task<void> {
    http::Request request;
    request.target = target;
    http::Peer peer;
    const http::Reply reply = co_await room.router(std::move(request), std::move(peer));
    ++counts[reply.response.status];
    const bool refused = reply.response.status == 503;
    BOOST_TEST(reply.response.headers.has("Retry-After") == refused);
  };
  auto all = [&]() -> async::Task<void> {
    async::TaskGroup asks(room.simulation.executor(), static_cast<std::size_t>(times), {});
    for (int i = 0; i < times; ++i) BOOST_TEST(asks.spawn("ask", ask()));
    co_await asks.join();
  };
  room.simulation.run(all);
  return counts;
}

class FullPool final : public storage::Pool {
 public:
  boost::asio::awaitable<void> run_erased(const std::function<void()>&) override {
    throw storage::PoolFull();
    co_return;
  }
  boost::asio::awaitable<void> run_until_done(const std::function<void(storage::Done)>&,
                                              Admission) override {
    throw storage::PoolFull();
    co_return;
  }
  [[nodiscard]] std::size_t waiting() const override { return 0; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_bounds)

BOOST_AUTO_TEST_CASE(long_looks_through_a_list_are_few_at_a_time) {
  GraphRoom room;
  put_crowd(room);
  for (const std::string target :
       {"/v1/users?name=nobody", "/v1/repositories?full_name=a/b",
        "/v1/users/octocat/followers?name=nobody", "/v1/users/octocat/repositories?language=none",
        "/github/developers/?name=nobody", "/github/repositories/?language=none",
        "/github/developers/?page=190"}) {
    auto counts = ask_at_once(room, target, 12);
    BOOST_TEST(counts[200] >= 1, target);
    BOOST_TEST(counts[503] >= 1, target);
    BOOST_TEST(counts[200] + counts[503] == 12, target);
    BOOST_TEST(room.get(target).status == 200, target);  // whoever has gone leaves room
  }
}

BOOST_AUTO_TEST_CASE(short_looks_are_never_refused) {
  GraphRoom room;
  put_crowd(room);
  for (const std::string target :
       {"/v1/users", "/v1/users?kind=user", "/v1/users?login=login2500",
        "/v1/users?sort=-followers_count&followers_count__gte=30",
        "/v1/repositories?language=C&limit=1", "/v1/repositories?owner_github_id=2&sort=-id",
        "/v1/users/octocat/followers", "/v1/users/octocat/followers?kind=user",
        "/github/developers/", "/github/developers/?page=20", "/github/repositories/",
        "/github/developers/?login=octocat", "/github/developers/?login=nobody",
        "/github/repositories/?owner_github_id=2", "/github/repositories/?full_name=Mona/linux",
        "/github/repositories/?full_name=nobody/linux"}) {
    BOOST_TEST(ask_at_once(room, target, 12)[200] == 12, target);
  }
}

BOOST_AUTO_TEST_CASE(health_does_not_wait_behind_other_work) {
  GraphRoom room;
  const test::Folder folder;
  const auto engine = storage::open_rocks(folder.path(), {});
  FullPool pool;
  storage::Store store(*engine, pool);
  RouteServices services{store,
                         room.sealer,
                         room.ledger,
                         room.runner,
                         room.simulation.clock(),
                         room.events,
                         room.log,
                         "/",
                         0};
  const http::Router router(make_routes(services));
  unsigned status = 0;
  auto probe = [&]() -> async::Task<void> {
    http::Request request;
    request.target = "/health";
    http::Peer peer;
    const http::Reply reply = co_await router(std::move(request), std::move(peer));
    status = reply.response.status;
  };
  room.simulation.run(probe);
  BOOST_TEST(status == 200U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
