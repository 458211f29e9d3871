#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>

#include "http/url.hpp"
#include "tests/binary/daemon_process.hpp"
#include "tests/binary/simulator_process.hpp"
#include "tests/support/history.hpp"

using namespace tidemark;
namespace json = boost::json;

namespace {

struct Connecting {
  Connecting() : simulator(arguments(folder)), daemon(folder, more()) {}

  static std::vector<std::string> arguments(const test::DaemonFolder& folder) {
    test::HistorySettings history;
    history.commits = 50;
    history.from_s = 1'735'689'600;
    history.oddities = false;
    return {"--commits", test::write_history(folder.file("commits"), history),
            "--member",  "00000001:mona",
            "--member",  "00000002:mona"};
  }
  [[nodiscard]] std::vector<std::string> more() const {
    auto settings = simulator.settings();
    settings.push_back("github.web_url=" +
                       std::string(simulator.greeting().at("github").as_string()));
    settings.push_back("github.client_id=Iv1.tidemark");
    settings.push_back("github.client_secret_file=" +
                       folder.write("github-secret", "simulated-secret"));
    return settings;
  }
  [[nodiscard]] test::Finished add(std::size_t index) const {
    const auto& member = simulator.greeting().at("members").at(index).as_object();
    const json::object grants{{"openhumans_access_token", member.at("openhumans_access")},
                              {"openhumans_refresh_token", member.at("openhumans_refresh")}};
    return folder.run({"members", "add", std::string(member.at("id").as_string()), "--tokens", "-"},
                      json::serialize(grants));
  }
  // What a person does with the code in some browser.
  void type(const std::string& code, const std::string& allow) const {
    const std::string github(simulator.greeting().at("github").as_string());
    const http::Form form{{"user_code", code}, {"allow", allow}};
    const auto answer = test::ask(
        github.substr(github.find("://") + 3), "POST", "/login/device",
        {{"Cookie", "sim_github=mona"}, {"Content-Type", "application/x-www-form-urlencoded"}},
        http::encode_form(form));
    BOOST_TEST(answer.status == 200);
  }
  // The code that the command was given for its person.
  [[nodiscard]] std::string code_of(const std::string& id) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (true) {
      const auto answer =
          test::ask(folder.file("control.sock"), "GET", "/v1/members/" + id + "/connect");
      if (answer.status == 200 && answer.json.at("state").as_string() == "waiting") {
        return std::string(answer.json.at("user_code").as_string());
      }
      BOOST_REQUIRE(std::chrono::steady_clock::now() < until);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }

  test::DaemonFolder folder;
  test::SimulatorProcess simulator;
  test::ServingDaemon daemon;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(connect_by_code, Connecting)

BOOST_AUTO_TEST_CASE(people_without_a_browser_here_type_a_code_elsewhere_or_refuse) {
  const auto added = add(0);
  BOOST_TEST(added.code == 0, added.errors);
  BOOST_TEST(added.output.find("tidemark members connect 00000001") != std::string::npos);
  BOOST_TEST(add(1).code == 0);
  test::Process willing(folder.launch({"members", "connect", "00000001"}));
  test::Process unwilling(folder.launch({"members", "connect", "00000002"}));
  const std::string code = code_of("00000001");
  type(code, "yes");
  type(code_of("00000002"), "no");
  BOOST_TEST(willing.wait() == 0, willing.errors());
  BOOST_TEST(willing.output().find("/login/device") != std::string::npos);
  BOOST_TEST(willing.output().find(code) != std::string::npos);
  BOOST_TEST(willing.output().find("connected as mona") != std::string::npos);
  BOOST_TEST(unwilling.wait() == 4);
  BOOST_TEST(unwilling.errors().find("tidemark: ") != std::string::npos);
  const auto shown = folder.run({"members", "show", "00000001", "--json"});
  BOOST_TEST(shown.output.find("\"login\":\"mona\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_member_who_is_not_known_cannot_be_connected) {
  const auto unknown = folder.run({"members", "connect", "99"});
  BOOST_TEST(unknown.code == 4);
  BOOST_TEST(unknown.errors.find("there is no member 99") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
