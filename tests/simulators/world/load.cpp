#include <fmt/format.h>
#include <zlib.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <memory>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/world.hpp"

namespace tidemark::simulators {

namespace {

namespace json = boost::json;

std::string text_of(const json::object& line, std::string_view key) {
  const json::value* found = line.if_contains(key);
  if (found == nullptr || !found->is_string()) {
    throw WorldError(fmt::format("\"{}\" must be a text", key));
  }
  return std::string(found->as_string());
}

std::int64_t number_of(const json::object& line, std::string_view key) {
  const json::value* found = line.if_contains(key);
  boost::system::error_code error;
  std::int64_t number = 0;
  if (found != nullptr) number = found->to_number<std::int64_t>(error);
  if (found == nullptr || error) throw WorldError(fmt::format("\"{}\" must be a number", key));
  return number;
}

std::int64_t moment_of(const json::object& line, std::string_view key) {
  std::string text = text_of(line, key);
  auto moment = parse_moment(text);
  if (!moment) throw WorldError(fmt::format("\"{}\": \"{}\" is no ISO 8601 time", key, text));
  return *moment;
}

}  // namespace

void World::load_line(std::string_view line, const std::string& one_author) {
  boost::system::error_code error;
  json::value parsed = json::parse(line, error);
  if (error || !parsed.is_object()) throw WorldError("not a JSON object");
  const json::object& fields = parsed.as_object();
  Commit commit;
  commit.sha = text_of(fields, "sha");
  commit.authored_s = moment_of(fields, "authored");
  commit.committed_s = moment_of(fields, "committed");
  commit.additions = number_of(fields, "additions");
  commit.deletions = number_of(fields, "deletions");
  commit.headline = text_of(fields, "subject");
  if (const json::value* merge = fields.if_contains("merge"); merge && merge->is_bool()) {
    commit.merge = merge->as_bool();
  }
  std::string author = one_author.empty() ? text_of(fields, "author") : one_author;
  add_commit(text_of(fields, "repo"), std::move(commit), author);
}

void World::load_commits(const std::string& file, const std::string& one_author) {
  // gzopen reads plain files as they are.
  std::unique_ptr<gzFile_s, int (*)(gzFile)> opened(gzopen(file.c_str(), "rb"), gzclose);
  if (!opened) throw WorldError(file + ": cannot be opened; give an NDJSON file, plain or .gz");
  std::string buffer(64 * 1024, '\0');
  std::string line;
  std::size_t line_number = 0;
  while (gzgets(opened.get(), buffer.data(), static_cast<int>(buffer.size())) != nullptr) {
    line += buffer.c_str();
    if (line.back() != '\n' && gzeof(opened.get()) == 0) continue;  // longer than the buffer
    ++line_number;
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    if (!line.empty()) {
      try {
        load_line(line, one_author);
      } catch (const WorldError& error) {
        throw WorldError(fmt::format("{}:{}: {}", file, line_number, error.what()));
      }
    }
    line.clear();
  }
  int code = Z_OK;
  const char* why = gzerror(opened.get(), &code);
  if (code != Z_OK && code != Z_STREAM_END) throw WorldError(file + ": " + why);
}

}  // namespace tidemark::simulators
