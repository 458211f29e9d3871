// What Open Humans tells, when clocks are wrong, told twice, or told to a full disk.
#include <boost/test/unit_test.hpp>

#include "storage/sessions.hpp"
#include "tests/daemon/full_disk.hpp"
#include "tests/daemon/member_room.hpp"
#include "tests/daemon/webhook_call.hpp"

using namespace tidemark;
using test::Browser;
using test::erasure;
using test::FullDisk;
using test::MemberRoom;
using test::webhook;

namespace {

const std::string site = MemberRoom::site;

}  // namespace

BOOST_AUTO_TEST_SUITE(erasure_orders)

BOOST_AUTO_TEST_CASE(an_erasure_is_done_although_our_clock_is_hours_ahead) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    co_await room.world.simulation.clock().sleep_for(std::chrono::hours(5));
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00001111");
    // By the clock of Open Humans, that was five hours before the member was added by ours.
    const auto answer = co_await webhook(life, erasure("00001111", true));
    BOOST_TEST(answer.status == 200u);
    co_await life.settled("leave", "00001111");
    BOOST_TEST(!life.knows("00001111"));
  });
}

BOOST_AUTO_TEST_CASE(an_erasure_that_was_done_is_not_done_again_when_the_member_came_back) {
  MemberRoom room;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00001111");
    (void)co_await webhook(life, erasure("00001111", true));
    co_await life.settled("leave", "00001111");
    (void)co_await life.sign_in(browser, "00001111");
    BOOST_TEST(life.knows("00001111"));
    const auto again = co_await webhook(life, erasure("00001111", true));
    BOOST_TEST(again.status == 200u);
    BOOST_TEST(storage::name_of(life.member("00001111").state) == "not connected");
    // A new order is another.
    (void)co_await webhook(life, erasure("00001111", true, "2026-01-05T00:10:00+00:00"));
    co_await life.settled("leave", "00001111");
    BOOST_TEST(!life.knows("00001111"));
  });
  room.world.check();
}

BOOST_AUTO_TEST_CASE(an_erasure_told_to_a_full_disk_is_done_when_there_is_room) {
  MemberRoom room;
  FullDisk& disk = FullDisk::under(room.world.engine);
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00001111");
    disk.full = true;
    const auto start = room.world.simulation.clock().steady_now();
    const auto answer = co_await webhook(life, erasure("00001111", true));
    const auto took = room.world.simulation.clock().steady_now() - start;
    BOOST_TEST(answer.status == 200u);
    BOOST_TEST((took < std::chrono::seconds(1)));
    co_await room.world.simulation.clock().sleep_for(std::chrono::minutes(10));
    BOOST_TEST(storage::name_of(life.member("00001111").state) == "not connected");
    disk.full = false;
    co_await room.world.simulation.clock().sleep_for(std::chrono::minutes(1));
    co_await life.settled("leave", "00001111");
    BOOST_TEST(!life.knows("00001111"));
  });
}

BOOST_AUTO_TEST_CASE(an_erasure_told_while_only_the_reserve_is_left_outlives_the_daemon) {
  MemberRoom room;
  FullDisk& disk = FullDisk::under(room.world.engine);
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00001111");
    disk.full = disk.has_reserve = true;
    const auto answer = co_await webhook(life, erasure("00001111", true));
    BOOST_TEST(answer.status == 200u);
    BOOST_TEST(storage::name_of(life.member("00001111").state) == "leaving");
  });
  disk.full = false;
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    co_await life.settled("leave", "00001111");
    BOOST_TEST(!life.knows("00001111"));
  });
}

BOOST_AUTO_TEST_CASE(a_member_sees_their_page_and_signs_out_although_the_disk_is_full) {
  MemberRoom room;
  FullDisk& disk = FullDisk::under(room.world.engine);
  room.live([&](MemberRoom::Life& life) -> async::Task<void> {
    Browser browser = life.browser();
    (void)co_await life.sign_in(browser, "00001111");
    co_await room.world.simulation.clock().sleep_for(std::chrono::hours(2));
    disk.full = true;
    Browser::Page page = co_await browser.get(site + "/member");
    BOOST_TEST(page.status == 200u);
    http::Form form;
    form.emplace_back("csrf", page.hidden("csrf"));
    page = co_await browser.post(site + "/sign-out", std::move(form));
    BOOST_TEST(page.status == 303u);
    BOOST_TEST(!browser.cookies("tidemark.test").contains("__Host-tidemark"));
    const auto sessions = [&] {
      std::size_t count = 0;
      room.world.engine->read([&](const storage::Reader& reader) {
        count = storage::list_sessions(reader, "00001111").size();
      });
      return count;
    };
    BOOST_TEST(sessions() == 1u);
    disk.full = false;
    co_await room.world.simulation.clock().sleep_for(std::chrono::minutes(1));
    BOOST_TEST(sessions() == 0u);
  });
}

BOOST_AUTO_TEST_SUITE_END()
