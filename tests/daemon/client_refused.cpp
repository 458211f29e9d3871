#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "daemon/routes/routes.hpp"
#include "tests/daemon/member_room.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using test::Browser;
using test::MemberRoom;

BOOST_AUTO_TEST_SUITE(client_refused)

BOOST_AUTO_TEST_CASE(a_wrong_secret_that_a_sign_in_meets_stands_in_the_status) {
  MemberRoom room;
  room.world.openhumans_client_secret = "wrong";
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00001111");
    daemon::EventHub events;
    daemon::RouteServices services{life.parts.store,
                                   room.world.sealer,
                                   life.parts.ledger,
                                   life.parts.runner,
                                   room.world.simulation.clock(),
                                   events,
                                   life.log,
                                   "/store",
                                   0};
    const http::Router router(daemon::make_routes(services));
    http::Request request;
    request.method = "GET";
    request.target = "/v1/status";
    const http::Reply reply = co_await router(std::move(request), {});
    const auto status = boost::json::parse(reply.response.body).as_object();
    const std::string held(status.at("held").as_string());
    BOOST_TEST(held.find("openhumans.client_secret_file") != std::string::npos, held);
    const std::string activity(status.at("activity").as_string());
    BOOST_TEST(activity.find("held: sync") != std::string::npos, activity);
  });
}

BOOST_AUTO_TEST_SUITE_END()
