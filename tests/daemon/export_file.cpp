#include "daemon/cli/export_file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "daemon/cli/control.hpp"
#include "tests/support/folder.hpp"

namespace tidemark::daemon {

namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

using Until = ExportFile::Until;

void export_to(const fs::path& file, const std::string& text, Until whole = Until::nameless) {
  ExportFile out(file.string(), whole);
  out.write(text);
  out.keep();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(export_file)

BOOST_AUTO_TEST_CASE(an_export_has_its_name_only_once_it_is_whole) {
  for (const auto whole : {Until::nameless, Until::part}) {
    const test::Folder folder;
    const fs::path file = folder.file("graph.csv"), part = folder.file("graph.csv.part");
    export_to(file, "old", whole);
    BOOST_TEST(content(file) == "old");
    {
      ExportFile cut(file.string(), whole);
      cut.write("new");
      BOOST_TEST(fs::exists(part) == (whole == Until::part));
    }
    BOOST_TEST(content(file) == "old");
    folder.write("graph.csv.part", "left behind");
    export_to(file, "new", whole);
    BOOST_TEST(content(file) == "new");
    BOOST_TEST(!fs::exists(part));
  }
}

BOOST_AUTO_TEST_CASE(where_files_must_have_names_a_signal_removes_the_part) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const test::Folder folder;
    const fs::path file = folder.file("graph.csv");
    export_to(file, "old");
    const pid_t child = ::fork();
    if (child == 0) {
      ExportFile out(file.string(), Until::part);
      out.write("new");
      ::raise(signal);
      ::_exit(0);
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(WIFSIGNALED(status));
    BOOST_TEST(WTERMSIG(status) == signal);
    BOOST_TEST(content(file) == "old");
    BOOST_TEST(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
  }
}

BOOST_AUTO_TEST_CASE(an_export_without_room_leaves_nothing) {
  const test::Folder folder;
  rlimit before{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4'096, before.rlim_max};
  BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  for (const auto whole : {Until::nameless, Until::part}) {
    const std::string text(10'000, 'x');
    BOOST_CHECK_THROW(export_to(folder.file("graph.csv"), text, whole), CommandFailed);
    BOOST_TEST(fs::is_empty(folder.path()));
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_written_and_not_replaced) {
  const test::Folder folder;
  const fs::path pipe = folder.file("pipe");
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  BOOST_REQUIRE(reader >= 0);
  export_to(pipe, "rows");
  BOOST_TEST(fs::is_fifo(pipe));
  char bytes[8] = {};
  BOOST_TEST(::read(reader, bytes, sizeof bytes) == 4);
  BOOST_TEST(std::string(bytes) == "rows");
  ::close(reader);
  BOOST_TEST(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

BOOST_AUTO_TEST_CASE(a_link_stays_and_what_it_leads_to_is_written) {
  const test::Folder folder;
  const fs::path file = folder.file("graph.csv"), link = folder.file("link");
  export_to(file, "old");
  fs::create_symlink("graph.csv", link);
  export_to(link, "new");
  BOOST_TEST(fs::is_symlink(link));
  BOOST_TEST(content(file) == "new");
  // A link into a device, as /dev/stdout is one: what it says when it is full is heard.
  const fs::path full = folder.file("full");
  fs::create_symlink("/dev/full", full);
  BOOST_CHECK_THROW(export_to(full, "rows"), CommandFailed);
  BOOST_TEST(fs::is_symlink(full));
  BOOST_TEST(fs::is_character_file("/dev/full"));
}

BOOST_AUTO_TEST_CASE(a_link_to_what_is_not_there_yet_stays_too_and_a_circle_is_refused) {
  const test::Folder folder;
  const fs::path file = folder.file("graph.csv"), link = folder.file("link");
  fs::create_symlink("second", link);
  fs::create_symlink("graph.csv", folder.file("second"));
  export_to(link, "rows");
  BOOST_TEST(fs::is_symlink(link));
  BOOST_TEST(content(file) == "rows");
  const fs::path circle = folder.file("circle");
  fs::create_symlink("circle", circle);
  BOOST_CHECK_THROW(export_to(circle, "rows"), CommandFailed);
  BOOST_TEST(fs::is_symlink(circle));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_replaced_keeps_its_mode) {
  for (const auto whole : {Until::nameless, Until::part}) {
    const test::Folder folder;
    const fs::path file = folder.file("graph.csv");
    export_to(file, "old", whole);
    for (const auto mode : {fs::perms(0600), fs::perms(0640)}) {
      fs::permissions(file, mode);
      export_to(file, "new", whole);
      BOOST_CHECK(fs::status(file).permissions() == mode);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_open_already_is_written_from_where_it_stands) {
  const test::Folder folder;
  const fs::path file = folder.file("all.csv");
  folder.write("all.csv", "before\n");
  const int open = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  export_to("/dev/fd/" + std::to_string(open), "rows\n");
  fs::create_symlink("/proc/self/fd/" + std::to_string(open), folder.file("out"));
  export_to(folder.file("out"), "more\n");
  ::close(open);
  BOOST_TEST(content(file) == "before\nrows\nmore\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
