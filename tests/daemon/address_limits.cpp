#include "daemon/address_limits.hpp"

#include <boost/test/unit_test.hpp>

using tidemark::daemon::AddressLimits;

BOOST_AUTO_TEST_SUITE(address_limits)

BOOST_AUTO_TEST_CASE(a_minutes_worth_may_come_at_once_and_then_it_flows_steadily) {
  AddressLimits limits(60);
  for (int i = 0; i < 60; ++i) BOOST_TEST(limits.take("192.0.2.1", 1'000) == 0);
  BOOST_TEST(limits.take("192.0.2.1", 1'000) == 1);
  BOOST_TEST(limits.take("192.0.2.1", 1'500) == 1);
  BOOST_TEST(limits.take("192.0.2.1", 2'000) == 0);
  BOOST_TEST(limits.take("192.0.2.1", 2'000) == 1);
  // A rest fills the bucket, and no more than the bucket.
  for (int i = 0; i < 60; ++i) BOOST_TEST(limits.take("192.0.2.1", 9'000'000) == 0);
  BOOST_TEST(limits.take("192.0.2.1", 9'000'000) == 1);
}

BOOST_AUTO_TEST_CASE(a_slow_rate_says_how_long_to_wait) {
  AddressLimits limits(10);
  for (int i = 0; i < 10; ++i) (void)limits.take("192.0.2.1", 0);
  BOOST_TEST(limits.take("192.0.2.1", 0) == 6);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_back_locks_nobody_out) {
  AddressLimits limits(60);
  for (int i = 0; i < 60; ++i) (void)limits.take("192.0.2.1", 100'000'000);
  BOOST_TEST(limits.take("192.0.2.1", 1'000) > 0);
  BOOST_TEST(limits.take("192.0.2.1", 3'000) == 0);
}

BOOST_AUTO_TEST_CASE(a_customer_with_ipv6_is_one_address) {
  AddressLimits limits(10);
  for (int i = 0; i < 10; ++i) (void)limits.take("2001:db8:1:2::" + std::to_string(i), 0);
  BOOST_TEST(limits.take("2001:db8:1:2:3:4:5:6", 0) > 0);
  BOOST_TEST(limits.take("2001:db8:1:3::1", 0) == 0);
}

BOOST_AUTO_TEST_CASE(a_million_addresses_take_bounded_room_and_the_emptiest_are_remembered) {
  AddressLimits limits(60, 1'000);
  for (int i = 0; i < 60; ++i) (void)limits.take("192.0.2.1", 0);
  for (int i = 0; i < 1'000'000; ++i) {
    (void)limits.take("10." + std::to_string(i), 0);
    BOOST_REQUIRE(limits.addresses() <= 1'000u);
  }
  BOOST_TEST(limits.take("192.0.2.1", 0) > 0);
}

BOOST_AUTO_TEST_SUITE_END()
