#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <string>

// Sizes that keep code readable. Formatting is fixed by clang-format, so that a function's end is a
// closing brace in the first column, or in the second level of a class.

namespace {

namespace fs = std::filesystem;

constexpr std::size_t function_lines_most = 70;
constexpr std::size_t file_lines_most = 400;

template <class Visit>
void each_file(Visit visit) {
  const fs::path root = TIDEMARK_SOURCE_DIR;
  for (const char* room : {"daemon", "storage", "http", "jobs", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / room)) {
      const std::string extension = entry.path().extension();
      if (entry.path().string().find("node_modules") != std::string::npos) continue;
      if (extension == ".cpp" || extension == ".hpp") visit(entry.path());
    }
  }
}

bool opens_function(const std::string& line) {
  if (line.empty() || !line.ends_with("{")) return false;
  for (const char* other : {"namespace", "class ", "struct ", "enum ", "union ", "extern "}) {
    const std::size_t at = line.find_first_not_of(' ');
    if (line.compare(at, std::string(other).size(), other) == 0) return false;
  }
  return line.find(')') != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sizes)

BOOST_AUTO_TEST_CASE(no_function_is_longer_than_seventy_lines) {
  each_file([](const fs::path& path) {
    std::ifstream file(path);
    std::size_t number = 0, began = 0;
    std::string end;
    for (std::string line; std::getline(file, line);) {
      ++number;
      const std::size_t indent = line.find_first_not_of(' ');
      if (began == 0 && indent != line.npos && indent <= 2 && opens_function(line)) {
        began = number;
        end = std::string(indent, ' ') + "}";
      } else if (began != 0 && line.starts_with(end) &&
                 line.find_first_not_of(' ') == end.size() - 1) {
        BOOST_TEST(number - began < function_lines_most, path.string() << ":" << began);
        began = 0;
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(no_file_is_longer_than_four_hundred_lines) {
  each_file([](const fs::path& path) {
    std::ifstream file(path);
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line);) ++lines;
    BOOST_TEST(lines <= file_lines_most, path.string());
  });
}

BOOST_AUTO_TEST_SUITE_END()
