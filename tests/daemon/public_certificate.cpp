#include "daemon/public_certificate.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <vector>

#include "tests/support/folder.hpp"

using tidemark::daemon::LogLevel;
using tidemark::daemon::PublicCertificate;

namespace {

// A pair of files, and a loader that takes them when they fit.
struct Pair {
  tidemark::test::Folder folder;
  std::string certificate = folder.write("crt", "1"), key = folder.write("key", "1");
  std::vector<std::pair<LogLevel, std::string>> said;
  int loaded = 0;
  bool fits = true;
  PublicCertificate watched{certificate, key, [this](LogLevel level, const std::string& line) {
                              said.emplace_back(level, line);
                            }};

  void change(const std::string& file) {
    const auto before = std::filesystem::last_write_time(file);
    std::filesystem::last_write_time(file, before + std::chrono::seconds(1));
  }
  void refresh(bool anyway = false) {
    watched.refresh(anyway, [this] {
      if (!fits) throw std::runtime_error("the key does not belong to the certificate");
      ++loaded;
    });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(public_certificate, Pair)

BOOST_AUTO_TEST_CASE(files_that_changed_are_loaded_once) {
  refresh();
  BOOST_TEST(loaded == 0);
  change(certificate);
  refresh();
  refresh();
  BOOST_TEST(loaded == 1);
  refresh(true);
  BOOST_TEST(loaded == 2);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_loaded_is_tried_again_and_said_once) {
  change(certificate);
  fits = false;
  for (int minute = 0; minute < 5; ++minute) refresh();
  BOOST_REQUIRE(said.size() == 1u);
  BOOST_TEST((said.front().first == LogLevel::error));
  // What was wrong is mended elsewhere: neither file changes any more.
  fits = true;
  refresh();
  BOOST_TEST(loaded == 1);
  BOOST_TEST(said.size() == 2u);
  refresh();
  BOOST_TEST(loaded == 1);
}

BOOST_AUTO_TEST_CASE(without_files_nothing_is_loaded) {
  PublicCertificate none("", "", [](LogLevel, const std::string&) {});
  none.refresh(true, [] { throw std::logic_error("there is nothing to load"); });
}

BOOST_AUTO_TEST_SUITE_END()
