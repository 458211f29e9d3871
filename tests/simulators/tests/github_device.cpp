#include <boost/test/unit_test.hpp>

#include "tests/simulators/tests/signing_in_at_github.hpp"

using namespace tidemark::simulators;
namespace http = tidemark::http;
namespace json = boost::json;

namespace {

struct DeviceFlow : SigningInAtGithub {
  json::value start(const std::string& scope = {}) {
    http::Form form{{"client_id", "Iv1.tidemark"}};
    if (!scope.empty()) form.emplace_back("scope", scope);
    json::value started = parsed(post_form("/login/device/code", form));
    if (started.as_object().contains("user_code")) user_code = text_at(started, "/user_code");
    return started;
  }
  // The secret is not needed.
  json::value poll(const json::value& started, const std::string& client = "Iv1.tidemark") {
    return parsed(post_form("/login/oauth/access_token",
                            {{"client_id", client},
                             {"device_code", text_at(started, "/device_code")},
                             {"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}}));
  }
  std::string error_of(const json::value& started) { return text_at(poll(started), "/error"); }
  bool decide(http::Form fields, std::string_view shows) {
    fields.emplace_back("user_code", user_code);
    return visit("/login/device", fields).body.find(shows) != std::string::npos;
  }
  std::string user_code;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(github_device, DeviceFlow)

BOOST_AUTO_TEST_CASE(a_device_gets_codes_to_show_and_to_wait_with) {
  json::value started = start();
  BOOST_TEST(text_at(started, "/device_code").size() == 40u);
  BOOST_TEST(user_code.size() == 9u);
  BOOST_TEST(user_code[4] == '-');
  BOOST_TEST(text_at(started, "/verification_uri") == "https://github.com/login/device");
  BOOST_TEST(number_at(started, "/expires_in") == 900);
  BOOST_TEST(number_at(started, "/interval") == 5);
}

BOOST_AUTO_TEST_CASE(the_person_types_the_code_and_consents) {
  json::value started = start("repo gist");
  BOOST_TEST(error_of(started) == "authorization_pending");
  BOOST_TEST(location_of(visit("/login/device", {}, "")).starts_with("/login?"));
  BOOST_TEST(visit("/login/device").body.find("name=\"user_code\"") != std::string::npos);
  BOOST_TEST(decide({}, "name=\"grant\" value=\"gist\" checked"));
  BOOST_TEST(decide({{"allow", "yes"}, {"choose", "1"}, {"grant", "gist"}}, "all set"));
  now_ms += 5'000;
  json::value granted = poll(started);
  BOOST_TEST(text_at(granted, "/scope") == "gist");
  BOOST_TEST(status_with(text_at(granted, "/access_token")) == 200u);
  now_ms += 5'000;
  BOOST_TEST(error_of(started) == "incorrect_device_code");
  BOOST_TEST(decide({}, "not found"));
}

BOOST_AUTO_TEST_CASE(a_code_may_be_typed_carelessly) {
  start();
  user_code = lower_case(user_code.substr(0, 4) + user_code.substr(5));
  BOOST_TEST(decide({{"allow", "yes"}}, "all set"));
}

BOOST_AUTO_TEST_CASE(polling_too_fast_slows_down) {
  json::value started = start();
  BOOST_TEST(error_of(started) == "authorization_pending");
  now_ms += 4'000;
  json::value slower = poll(started);
  BOOST_TEST(text_at(slower, "/error") == "slow_down");
  BOOST_TEST(number_at(slower, "/interval") == 10);
  now_ms += 9'000;
  BOOST_TEST(number_at(poll(started), "/interval") == 15);
  now_ms += 15'000;
  BOOST_TEST(error_of(started) == "authorization_pending");
}

BOOST_AUTO_TEST_CASE(every_other_end_has_its_error) {
  json::value refused = start();
  BOOST_TEST(decide({{"allow", "no"}}, "not connected"));
  BOOST_TEST(error_of(refused) == "access_denied");
  json::value late = start();
  now_ms += 900'000;
  BOOST_TEST(error_of(late) == "expired_token");
  BOOST_TEST(decide({{"allow", "yes"}}, "not found"));
  BOOST_TEST(error_of(json::object{{"device_code", "other"}}) == "incorrect_device_code");
  BOOST_TEST(text_at(poll(late, "other"), "/error") == "incorrect_client_credentials");
  BOOST_TEST(post_form("/login/device/code", {{"client_id", "other"}}).status == 404u);
}

BOOST_AUTO_TEST_CASE(an_app_may_have_the_device_flow_disabled) {
  json::value started = start();
  github.credentials().device_flow = false;
  BOOST_TEST(error_of(started) == "device_flow_disabled");
  BOOST_TEST(text_at(start(), "/error") == "device_flow_disabled");
}

BOOST_AUTO_TEST_SUITE_END()
