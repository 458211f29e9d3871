#include "tests/support/traces.hpp"

#include <fcntl.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_dump_tool.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "tests/support/folder.hpp"

namespace tidemark::test {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string hex(const std::string& text) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string out;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

// The tool tells standard output what it does.
class Silence {
 public:
  Silence() : kept_(::dup(STDOUT_FILENO)) {
    std::fflush(stdout);
    const int nothing = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nothing, STDOUT_FILENO);
    ::close(nothing);
  }
  ~Silence() {
    std::fflush(stdout);
    ::dup2(kept_, STDOUT_FILENO);
    ::close(kept_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  int kept_;
};

// Every entry of the table in hex, with its index and properties.
std::string dump_of(const std::filesystem::path& table) {
  const Folder room;
  const std::string copy = room.file("table.sst");
  std::filesystem::copy_file(table, copy);
  const std::string file = "--file=" + copy;
  const char* const words[] = {"sst_dump", file.c_str(), "--command=raw", "--output_hex"};
  {
    const Silence silence;
    rocksdb::SSTDumpTool tool;
    if (tool.Run(4, words, rocksdb::Options()) != 0)
      throw std::runtime_error("a table that cannot be dumped: " + table.string());
  }
  std::string dump = text_of(room.file("table_dump.txt"));
  if (dump.empty()) throw std::runtime_error("an empty dump of " + table.string());
  return dump;
}

std::vector<std::string> look(const std::filesystem::path& folder,
                              const std::vector<std::string>& texts) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto& path = entry.path();
    const std::string plain = text_of(path);
    const std::string packed = path.extension() == ".sst" ? dump_of(path) : std::string();
    for (const std::string& text : texts) {
      if (plain.find(text) != std::string::npos || packed.find(hex(text)) != std::string::npos)
        found.push_back(path.filename().string() + " holds " + text);
    }
  }
  return found;
}

}  // namespace

std::vector<std::string> traces_in(const std::filesystem::path& folder,
                                   const std::vector<std::string>& texts) {
  constexpr int tries = 50;
  for (int attempt = 1;; ++attempt) {
    try {
      return look(folder, texts);
    } catch (const std::exception&) {
      if (attempt == tries) throw;
    }
    // The store is at work: a file is gone, or not yet whole.
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace tidemark::test
