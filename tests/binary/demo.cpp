#include <boost/test/unit_test.hpp>

#include "tests/support/folder.hpp"
#include "tests/support/process.hpp"

namespace tidemark::test {

BOOST_AUTO_TEST_SUITE(demo)

BOOST_AUTO_TEST_CASE(it_goes_from_the_landing_page_to_a_full_heat_map_through_a_quota_wait) {
  const Folder folder;
  Launch launch;
  launch.program = TIDEMARK_SOURCE_DIR "/tests/binary/demo";
  launch.arguments = {"--no-wait"};
  launch.environment = {{"TIDEMARK_DEMO_BUILD", TIDEMARK_BINARY_DIR},
                        {"TIDEMARK_DEMO_HOME", folder.file("demo")},
                        {"TIDEMARK_DEMO_WINDOW_S", "2"}};
  const Finished demo = run_process(launch, Process::Milliseconds(60'000));
  BOOST_TEST(demo.code == 0, demo.errors);
  std::size_t at = 0;
  for (const char* words :
       {"Open http://127.0.0.1:", "sign in with Open Humans as Mona", "the landing page",
        "Who are you?", "Welcome. One step is left", "GitHub is connected.",
        "waiting for quota until", "is in sync", "Everything is up to date since",
        "The heat map is full", "waited for quota"}) {
    const auto found = demo.output.find(words, at);
    BOOST_TEST(found != std::string::npos, words << " is missing in: " << demo.output);
    if (found != std::string::npos) at = found;
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
