#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

// The house as a test: which room may know which, and what may stand where.

namespace {

namespace fs = std::filesystem;

const fs::path root = TIDEMARK_SOURCE_DIR;

struct Source {
  std::string path;  // from the root
  std::vector<std::string> lines;
  [[nodiscard]] std::string room() const { return path.substr(0, path.find('/')); }
};

std::vector<Source> read_sources() {
  std::vector<Source> sources;
  for (const char* room : {"daemon", "storage", "http", "jobs", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / room)) {
      const std::string extension = entry.path().extension();
      if (entry.path().string().find("node_modules") != std::string::npos) continue;
      if (extension != ".cpp" && extension != ".hpp") continue;
      Source source;
      source.path = fs::relative(entry.path(), root).string();
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) source.lines.push_back(line);
      sources.push_back(std::move(source));
    }
  }
  return sources;
}

const std::vector<Source>& sources() {
  static const std::vector<Source> all = read_sources();
  return all;
}

// "http/client.hpp" of `#include "http/client.hpp"` or <…>; empty for other lines.
std::string included(const std::string& line) {
  static const std::regex pattern(R"(^\s*#\s*include\s*["<]([^">]+)[">])");
  std::smatch match;
  return std::regex_search(line, match, pattern) ? match[1].str() : std::string();
}

void each_include(const std::function<void(const Source&, const std::string&)>& visit) {
  for (const Source& source : sources()) {
    for (const std::string& line : source.lines) {
      if (const std::string name = included(line); !name.empty()) visit(source, name);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rooms)

BOOST_AUTO_TEST_CASE(the_sources_are_found) { BOOST_TEST(sources().size() > 50U); }

BOOST_AUTO_TEST_CASE(rooms_include_only_the_rooms_that_they_may_know) {
  const std::map<std::string, std::set<std::string>> may_know{
      {"storage", {"storage"}},
      {"http", {"http"}},
      {"jobs", {"jobs", "http", "storage"}},
      {"daemon", {"daemon", "jobs", "http", "storage"}},
      {"tests", {"tests", "daemon", "jobs", "http", "storage"}}};
  each_include([&](const Source& source, const std::string& name) {
    const std::string room = name.substr(0, name.find('/'));
    if (!may_know.contains(room)) return;
    BOOST_TEST(may_know.at(source.room()).contains(room), source.path << " includes " << name);
  });
}

BOOST_AUTO_TEST_CASE(rooms_link_only_the_rooms_that_they_may_know) {
  std::ifstream file(root / "CMakeLists.txt");
  std::stringstream text;
  text << file.rdbuf();
  const std::string cmake = text.str();
  for (const char* line :
       {"tidemark_room(storage)\n", "tidemark_room(http)\n", "tidemark_room(jobs http storage)\n",
        "tidemark_room(daemon jobs http storage)\n"}) {
    BOOST_TEST(cmake.find(line) != std::string::npos, line);
  }
}

BOOST_AUTO_TEST_CASE(only_storage_rocks_includes_rocksdb) {
  each_include([](const Source& source, const std::string& name) {
    if (!name.starts_with("rocksdb/")) return;
    const bool allowed =
        source.path.starts_with("storage/rocks/") || source.path.starts_with("tests/");
    BOOST_TEST(allowed, source.path << " includes " << name);
  });
}

BOOST_AUTO_TEST_CASE(jobs_do_not_touch_the_wire) {
  each_include([](const Source& source, const std::string& name) {
    if (source.room() != "jobs") return;
    const bool wire = name.starts_with("boost/beast") || name.starts_with("boost/asio/ip") ||
                      name.starts_with("boost/asio/ssl");
    BOOST_TEST(!wire, source.path << " includes " << name);
  });
}

BOOST_AUTO_TEST_CASE(nothing_runs_without_an_owner) {
  const std::regex word(R"(\bdetached\b)");
  for (const Source& source : sources()) {
    if (source.path.starts_with("tests/")) continue;
    for (const std::string& line : source.lines) {
      const std::string code = line.substr(0, line.find("//"));
      BOOST_TEST(!std::regex_search(code, word), source.path << ": " << line);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_room_and_file_has_a_real_name) {
  const std::regex vague(R"((^|/)(util|utils|common|misc|helpers?)(/|\.|_))");
  for (const Source& source : sources()) {
    BOOST_TEST(!std::regex_search(source.path, vague), source.path);
  }
}

BOOST_AUTO_TEST_CASE(the_top_level_holds_what_was_agreed_and_nothing_else) {
  const std::set<std::string> agreed{"CMakeLists.txt",
                                     "CMakePresets.json",
                                     "LICENSE",
                                     "README.md",
                                     "daemon",
                                     "storage",
                                     "http",
                                     "jobs",
                                     "tests",
                                     "systemd",
                                     "dev",
                                     ".ci",
                                     ".clang-format",
                                     ".clang-tidy",
                                     ".git",
                                     ".gitignore",
                                     "build",
                                     ".demo"};
  for (const auto& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename();
    BOOST_TEST(agreed.contains(name), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
