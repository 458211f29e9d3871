#include "http/forwarded.hpp"

#include <boost/test/unit_test.hpp>

namespace tidemark::test {
namespace {

using namespace http;

const TrustedProxies ours({"10.0.0.0/8", "127.0.0.1", "fd00::/8", "::1"});

void check(const std::string& peer, const Headers& headers, const std::string& address,
           bool https = false) {
  const Origin origin = origin_of(peer, headers, ours);
  std::string what = peer;
  for (const auto& [name, value] : headers) what += " | " + name + ": " + value;
  BOOST_TEST(origin.address == address, what << " gave " << origin.address);
  BOOST_TEST(origin.https == https, what);
}

BOOST_AUTO_TEST_SUITE(forwarded)

BOOST_AUTO_TEST_CASE(networks_hold_what_their_prefix_says) {
  struct Row {
    std::string network, address;
    bool trusted;
  };
  const std::vector<Row> rows = {
      {"192.0.2.7", "192.0.2.7", true},
      {"192.0.2.7", "192.0.2.8", false},
      {"192.0.2.7", "::ffff:192.0.2.7", true},
      {"::ffff:192.0.2.7", "192.0.2.7", true},
      {"::ffff:10.0.0.0/104", "10.9.8.7", true},
      {"::ffff:10.0.0.0/104", "11.9.8.7", false},
      {"10.0.0.0/8", "10.255.255.255", true},
      {"10.0.0.0/8", "11.0.0.0", false},
      {"10.1.2.3/8", "10.9.9.9", true},
      {"192.0.2.128/25", "192.0.2.127", false},
      {"192.0.2.128/25", "192.0.2.255", true},
      {"172.16.0.0/12", "172.31.0.1", true},
      {"172.16.0.0/12", "172.32.0.1", false},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"::/0", "2001:db8::1", true},
      {"::/0", "192.0.2.7", false},
      {"2001:db8::/33", "2001:db8:7fff::1", true},
      {"2001:db8::/33", "2001:db8:8000::1", false},
      {"::1", "0:0:0:0:0:0:0:1", true},
      {"10.0.0.0/8", "unix:pid=7", false},
      {"10.0.0.0/8", "", false},
      {"10.0.0.0/8", "10.0.0.1:80", false},
  };
  for (const Row& row : rows) {
    BOOST_TEST(TrustedProxies({row.network}).trusts(row.address) == row.trusted,
               row.network << " and " << row.address);
  }
  BOOST_TEST(!TrustedProxies().trusts("127.0.0.1"));
}

BOOST_AUTO_TEST_CASE(a_network_that_is_none_is_named) {
  for (const std::string bad :
       {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0",
        "::/129", "10.0.0.1:80", "[::1]", "/8", "10.0.0.0/8/8", " 10.0.0.1", "010.0.0.1"}) {
    const auto names_it = [&](const std::invalid_argument& error) {
      return std::string(error.what()).find("\"" + bad + "\"") != std::string::npos ||
             bad.starts_with(' ');
    };
    BOOST_CHECK_EXCEPTION(TrustedProxies({"10.0.0.1", bad}), std::invalid_argument, names_it);
  }
}

BOOST_AUTO_TEST_CASE(a_port_is_cut_off) {
  BOOST_TEST(address_without_port("127.0.0.1:51234") == "127.0.0.1");
  BOOST_TEST(address_without_port("[::1]:51234") == "::1");
  BOOST_TEST(address_without_port("[::1]") == "::1");
  for (const std::string as_it_is : {"127.0.0.1", "::1", "2001:db8::1:80", "unix:pid=7", "unix", "",
                                     "[::1", "[::1]x", "127.0.0.1:", "127.0.0.1:x"}) {
    BOOST_TEST(address_without_port(as_it_is) == as_it_is);
  }
}

BOOST_AUTO_TEST_CASE(what_a_stranger_sends_counts_for_nothing) {
  const Headers lies = {{"X-Forwarded-For", "1.1.1.1"},
                        {"X-Forwarded-Proto", "https"},
                        {"Forwarded", "for=1.1.1.1;proto=https"}};
  check("203.0.113.9:4000", lies, "203.0.113.9");
  check("[2001:db8::5]:4000", lies, "2001:db8::5");
  check("unix:pid=7", lies, "unix:pid=7");
}

BOOST_AUTO_TEST_CASE(x_forwarded_for_is_read_from_the_right_as_far_as_proxies_wrote_it) {
  struct Row {
    std::string header, address;
  };
  const std::vector<Row> rows = {
      {"203.0.113.9", "203.0.113.9"},
      {"203.0.113.9:5555", "203.0.113.9"},
      {"1.1.1.1, 203.0.113.9", "203.0.113.9"},
      {"1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"},
      {"1.1.1.1,203.0.113.9,10.0.0.2 ,10.0.0.3", "203.0.113.9"},
      {"2001:db8::5", "2001:db8::5"},
      {"[2001:db8::5]", "2001:db8::5"},
      {"[2001:db8::5]:443, fd00::1", "2001:db8::5"},
      {"2001:0DB8:0::5", "2001:db8::5"},
      {"::ffff:203.0.113.9", "203.0.113.9"},
      {"203.0.113.9, , 10.0.0.2,", "203.0.113.9"},
      // All are proxies: the farthest of them is who asks.
      {"10.0.0.3, 10.0.0.2", "10.0.0.3"},
      // Garbage ends the reading at the nearest good address.
      {"", "127.0.0.1"},
      {"unknown", "127.0.0.1"},
      {"1.1.1.1, garbage", "127.0.0.1"},
      {"1.1.1.1, unknown, 10.0.0.2", "10.0.0.2"},
      {"1.1.1.1, 203.0.113.9:x", "127.0.0.1"},
      {"1.1.1.1, 203.0.113.999", "127.0.0.1"},
      {"1.1.1.1, <script>", "127.0.0.1"},
      {"1.1.1.1, [::1", "127.0.0.1"},
      {std::string(4'000, ','), "127.0.0.1"},
      {std::string(4'000, '1'), "127.0.0.1"},
  };
  for (const Row& row : rows) {
    check("127.0.0.1:80", {{"X-Forwarded-For", row.header}}, row.address);
  }
}

BOOST_AUTO_TEST_CASE(several_fields_are_one_list) {
  check("127.0.0.1:80", {{"X-Forwarded-For", "1.1.1.1"}, {"x-forwarded-for", "203.0.113.9"}},
        "203.0.113.9");
  check("127.0.0.1:80", {{"Forwarded", "for=1.1.1.1"}, {"Forwarded", "for=203.0.113.9"}},
        "203.0.113.9");
}

BOOST_AUTO_TEST_CASE(a_peer_that_is_an_ipv4_address_in_ipv6_is_the_same_peer) {
  check("[::ffff:127.0.0.1]:80", {{"X-Forwarded-For", "203.0.113.9"}}, "203.0.113.9");
  check("[::ffff:203.0.113.9]:80", {}, "203.0.113.9");
}

BOOST_AUTO_TEST_CASE(the_scheme_is_what_the_proxy_of_the_asker_says) {
  const auto one = [](const std::string& proto, bool https) {
    check("127.0.0.1:80", {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", proto}},
          "203.0.113.9", https);
  };
  one("https", true);
  one("HTTPS", true);
  one("http", false);
  one("", false);
  one("https, http", false);
  check("127.0.0.1:80", {{"X-Forwarded-Proto", "https"}}, "127.0.0.1", true);
  // The outer proxy spoke TLS, the inner one wrote the scheme of the inner hop behind it.
  check("127.0.0.1:80",
        {{"X-Forwarded-For", "203.0.113.9, 10.0.0.2"}, {"X-Forwarded-Proto", "https, http"}},
        "203.0.113.9", true);
  check("127.0.0.1:80",
        {{"X-Forwarded-For", "203.0.113.9, 10.0.0.2"}, {"X-Forwarded-Proto", "https"}},
        "203.0.113.9", true);
  // The client's own "https" stands left of what the proxies wrote.
  check("127.0.0.1:80",
        {{"X-Forwarded-For", "1.1.1.1, 203.0.113.9"}, {"X-Forwarded-Proto", "https, http"}},
        "203.0.113.9", false);
}

BOOST_AUTO_TEST_CASE(the_standard_header_is_understood_too) {
  struct Row {
    std::string header, address;
    bool https = false;
  };
  const std::vector<Row> rows = {
      {"for=203.0.113.9", "203.0.113.9"},
      {"for=203.0.113.9;proto=https", "203.0.113.9", true},
      {"For=\"203.0.113.9:5555\"; Proto=\"HTTPS\"", "203.0.113.9", true},
      {R"(for="[2001:db8::5]:4711";by=10.0.0.1;host="a,b;c")", "2001:db8::5"},
      {R"(proto=https;for="[2001:db8::5]")", "2001:db8::5", true},
      {"for=1.1.1.1;proto=https, for=203.0.113.9;proto=http", "203.0.113.9", false},
      {"for=203.0.113.9;proto=https, for=10.0.0.2;proto=http", "203.0.113.9", true},
      {R"(for=1.1.1.1, for=203.0.113.9;host="x\",for=2.2.2.2")", "203.0.113.9"},
      {R"(for="203.0.113\.9")", "203.0.113.9"},
      {"for=unknown", "127.0.0.1"},
      {"for=_hidden, for=10.0.0.2", "10.0.0.2"},
      {"for=\"203.0.113.9", "127.0.0.1"},
      {"by=203.0.113.9", "127.0.0.1"},
      {"garbage", "127.0.0.1"},
      {"=;=,;", "127.0.0.1"},
      {"\"\"\"", "127.0.0.1"},
  };
  for (const Row& row : rows) {
    check("127.0.0.1:80", {{"Forwarded", row.header}}, row.address, row.https);
  }
}

BOOST_AUTO_TEST_CASE(a_quote_left_open_swallows_nothing_that_a_proxy_wrote) {
  check("127.0.0.1:80", {{"Forwarded", "for=\"1.1.1.1, for=203.0.113.9;proto=https"}},
        "203.0.113.9", true);
  check("127.0.0.1:80", {{"Forwarded", "for=1.1.1.1;host=\"x\\, for=203.0.113.9"}}, "203.0.113.9");
}

BOOST_AUTO_TEST_CASE(two_headers_that_differ_are_both_not_believed) {
  // A proxy that writes only one of them hands the other on as its client sent it.
  for (const auto& [standard, customary] :
       {std::pair<std::string, std::string>{"for=203.0.113.9;proto=https", "1.1.1.1"},
        {"for=1.1.1.1;proto=https", "203.0.113.9"},
        {"for=203.0.113.9;proto=https", "garbage"},
        {"for=_hidden;proto=https", "1.1.1.1"}}) {
    check("127.0.0.1:80", {{"Forwarded", standard}, {"X-Forwarded-For", customary}}, "127.0.0.1");
  }
  check("127.0.0.1:80",
        {{"Forwarded", "for=203.0.113.9;proto=http"},
         {"X-Forwarded-For", "203.0.113.9, 10.0.0.2"},
         {"X-Forwarded-Proto", "https"}},
        "203.0.113.9", true);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_was_asked_without_tls_says_so) {
  const auto is_plain = [](const Headers& headers, const std::string& peer = "127.0.0.1:80") {
    return origin_of(peer, headers, ours).plain;
  };
  BOOST_TEST(is_plain({{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "http"}}));
  BOOST_TEST(is_plain({{"Forwarded", "for=203.0.113.9;proto=HTTP"}}));
  BOOST_TEST(!is_plain({{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "https"}}));
  BOOST_TEST(!is_plain({{"X-Forwarded-For", "203.0.113.9"}}));
  BOOST_TEST(
      !is_plain({{"X-Forwarded-For", "1.1.1.1"}, {"X-Forwarded-Proto", "http"}}, "203.0.113.9:80"));
  BOOST_TEST(origin_of("203.0.113.9:80", {{"X-Forwarded-For", "1.1.1.1"}}, ours).is_forwarded);
  BOOST_TEST(!origin_of("203.0.113.9:80", {}, ours).is_forwarded);
}

BOOST_AUTO_TEST_CASE(limits_count_a_customer_with_ipv6_as_one) {
  BOOST_TEST(limited_address("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  BOOST_TEST(limited_address("2001:db8:1:2::9") == "2001:db8:1:2::/64");
  BOOST_TEST(limited_address("::ffff:192.0.2.1") == "192.0.2.1");
  BOOST_TEST(limited_address("192.0.2.1") == "192.0.2.1");
  BOOST_TEST(limited_address("unix:pid=7") == "unix:pid=7");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::test
