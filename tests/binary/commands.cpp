#include <sys/stat.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "tests/binary/daemon_process.hpp"
#include "tests/binary/simulator_process.hpp"

namespace tidemark::test {

BOOST_AUTO_TEST_SUITE(commands)

BOOST_AUTO_TEST_CASE(a_member_is_added_shown_and_removed_and_their_tokens_are_nowhere_in_clear) {
  const DaemonFolder folder;
  ServingDaemon daemon(folder, {"log.level=debug"});
  std::string seen;
  auto run = [&](std::vector<std::string> words, int code, std::string input = {}) {
    const auto finished = folder.run(words, std::move(input));
    seen += finished.output + finished.errors;
    BOOST_TEST(finished.code == code, words.front() + ": " + finished.errors);
    return finished.output;
  };
  run({"members", "add", "00012345"}, 0, grants);
  const auto file = folder.write("grants.json", grants);
  run({"members", "add", "00012345", "--tokens", file}, 0);
  run({"members", "add", "nonsense", "--tokens", file}, 4);
  run({"members", "add", "7"}, 2, "gho_Clear1Text2Token3");
  BOOST_TEST(run({"members"}, 0).find("00012345") != std::string::npos);
  BOOST_TEST(run({"members", "show", "00012345"}, 0).find("active") != std::string::npos);
  run({"weeks", "00012345"}, 0);
  run({"sync", "00012345"}, 0);
  BOOST_TEST(run({"jobs"}, 0).find("sync") != std::string::npos);
  run({"jobs", "--json"}, 0);
  run({"quota"}, 0);
  run({"status", "--json"}, 0);
  run({"check"}, 0);
  run({"members", "show", "99"}, 4);
  daemon.process.signal(SIGTERM);
  BOOST_TEST(daemon.process.wait() == 0);
  seen += daemon.process.errors();
  std::filesystem::remove(file);
  for (const std::string secret :
       {"gho_Clear1Text2Token3", "clearAccess4567", "clearRefresh4567"}) {
    BOOST_TEST(seen.find(secret) == std::string::npos, secret);
    BOOST_TEST(!bytes_on_disk(folder.path(), secret), secret);
  }
  BOOST_TEST(bytes_on_disk(folder.path(), "00012345"));  // the search does find what is there
  const ServingDaemon again(folder);
  run({"members", "remove", "00012345"}, 0);
  BOOST_TEST(run({"members"}, 0) == "no members; add one with: tidemark members add ID\n");
  run({"members", "remove", "00012345"}, 4);
}

BOOST_AUTO_TEST_CASE(json_is_what_the_api_answers) {
  const DaemonFolder folder;
  const ServingDaemon daemon(folder);
  for (const std::string command : {"status", "quota"}) {
    const auto printed = boost::json::parse(folder.run({command, "--json"}).output).as_object();
    const auto served = ask(folder.file("control.sock"), "GET", "/v1/" + command).json;
    for (const auto& field : served) BOOST_TEST(printed.contains(field.key()));
  }
  BOOST_TEST(boost::json::parse(folder.run({"members", "--json"}).output).is_array());
  BOOST_TEST(boost::json::parse(folder.run({"jobs", "--json"}).output).is_array());
}

BOOST_AUTO_TEST_CASE(a_followed_sync_that_fails_has_its_exit_code_and_with_json_only_json) {
  const SimulatorProcess simulator({});
  const std::string admin(simulator.greeting().at("admin").as_string());
  const std::string fault =
      R"({"openhumans":[{"kind":"status_json","status":400,"path":"/api/direct-sharing"}]})";
  BOOST_REQUIRE_EQUAL(ask(admin.substr(admin.find("//") + 2), "POST", "/faults", {}, fault).status,
                      200);
  auto settings = simulator.settings();
  settings.push_back("jobs.attempts_max=1");
  const DaemonFolder folder;
  const ServingDaemon daemon(folder, settings);
  BOOST_REQUIRE_EQUAL(folder.run({"members", "add", "7"}, grants).code, 0);
  const auto told = folder.run({"sync", "7", "--follow"});
  BOOST_TEST(told.code == 1);
  BOOST_TEST(told.errors.find("is dead") != std::string::npos, told.errors);
  const auto json = folder.run({"sync", "7", "--follow", "--json"});
  BOOST_TEST(json.code == 1);
  BOOST_TEST(json.errors == "");
  boost::system::error_code error;
  const auto printed = boost::json::parse(json.output, error);
  BOOST_REQUIRE_MESSAGE(!error, json.output);
  BOOST_TEST(printed.at("job").at("state").as_string() == "dead");
}

BOOST_AUTO_TEST_CASE(keys_are_rotated_and_the_store_is_sealed_again) {
  const DaemonFolder folder;
  {
    const ServingDaemon daemon(folder);
    BOOST_REQUIRE_EQUAL(folder.run({"members", "add", "12345678"}, grants).code, 0);
    const auto running = folder.run({"key", "rotate"});
    BOOST_TEST(running.code == 0);
    BOOST_TEST(running.output.find("from its next start") != std::string::npos, running.output);
  }
  {
    ServingDaemon daemon(folder);
    BOOST_TEST(daemon.process.wait_for_error_text("2 secrets sealed again under the newest key"));
  }
  const auto stopped = folder.run({"key", "rotate"});
  BOOST_TEST(stopped.output.find("2 secrets sealed again") != std::string::npos, stopped.output);
  // The first key may go now: nothing is sealed with it any more.
  auto keys = folder.read("key");
  folder.write("key", keys.substr(keys.find('\n') + 1));
  const auto checked = folder.run({"check"});
  BOOST_TEST(checked.code == 0);
}

BOOST_AUTO_TEST_CASE(the_store_is_checked_with_and_without_a_daemon) {
  const DaemonFolder folder;
  {
    const ServingDaemon daemon(folder);
    const auto through = folder.run({"check"});
    BOOST_TEST(through.code == 0);
    BOOST_TEST(through.output.find(" rows read, 0 problems") != std::string::npos);
  }
  const auto direct = folder.run({"check", "--json"});
  BOOST_TEST(direct.code == 0);
  BOOST_TEST(boost::json::parse(direct.output).as_object().at("problems").as_array().empty());
}

BOOST_AUTO_TEST_CASE(each_mistake_of_the_configuration_has_a_line_of_its_own) {
  const DaemonFolder folder;
  const auto refused =
      folder.run({"status", "--set", "log.level=loud", "--set", "jobs.concurrency=0"});
  BOOST_TEST(refused.code == 2);
  BOOST_TEST(std::ranges::count(refused.errors, '\n') == 2);
  BOOST_TEST(refused.errors.starts_with("tidemark: --set: log.level"), refused.errors);
  BOOST_TEST(refused.errors.find("\ntidemark: --set: jobs.concurrency") != std::string::npos,
             refused.errors);
}

BOOST_AUTO_TEST_CASE(configuration_is_explained_without_a_daemon) {
  const DaemonFolder folder;
  BOOST_TEST(folder.run({"config"}).output.find("store.path = ") != std::string::npos);
  BOOST_TEST(folder.run({"config", "--effective"})
                 .output.find("\"" + folder.file("store") + "\"  # --set") != std::string::npos);
  BOOST_TEST(folder.run({"config", "--example"}).output.starts_with("# tidemark's settings"));
  BOOST_TEST(folder.run({"--version"}).output == "tidemark " TIDEMARK_VERSION "\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
