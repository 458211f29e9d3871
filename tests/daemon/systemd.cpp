#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "tests/support/folder.hpp"
#include "tests/support/process.hpp"

namespace tidemark::daemon {

namespace {

const std::string analyzer = "/usr/bin/systemd-analyze";
const std::string unit = TIDEMARK_SOURCE_DIR "/systemd/tidemark.service";

std::string read(const std::string& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(systemd)

BOOST_AUTO_TEST_CASE(the_unit_is_valid) {
  // Checked with a program that is there: the unit names the installed one.
  const test::Folder folder;
  auto text = read(unit);
  const std::string installed = "ExecStart=/usr/bin/tidemark ";
  const auto at = text.find(installed);
  BOOST_REQUIRE(at != std::string::npos);
  text.replace(at, installed.size(), "ExecStart=/bin/true ");
  const auto checked =
      test::run_process({analyzer, {"verify", folder.write("tidemark.service", text)}});
  BOOST_TEST(checked.code == 0);
  BOOST_TEST(checked.errors == "");
}

BOOST_AUTO_TEST_CASE(the_unit_is_locked_up_to_an_exposure_of_2_of_10) {
  const auto checked =
      test::run_process({analyzer, {"security", "--offline=true", "--threshold=20", unit}});
  BOOST_TEST(checked.code == 0, checked.output.substr(checked.output.rfind("Overall")));
}

BOOST_AUTO_TEST_CASE(the_unit_asks_for_what_the_daemon_does) {
  const auto text = read(unit);
  for (const std::string line :
       {"Type=notify", "WatchdogSec=30", "DynamicUser=yes", "StateDirectory=tidemark",
        "RuntimeDirectory=tidemark", "LoadCredential=tidemark-key", "Restart=on-failure"}) {
    BOOST_TEST(text.find("\n" + line + "\n") != std::string::npos, line);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
