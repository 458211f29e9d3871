#include "tests/bench/sync_recount.hpp"

#include <zlib.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <ctime>
#include <memory>
#include <set>
#include <stdexcept>

namespace tidemark::bench {

namespace json = boost::json;

namespace {

// gzopen reads plain files as well.
std::string content_of(const std::string& name) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(name.c_str(), "rb"), gzclose);
  if (!file) throw std::runtime_error(name + ": cannot be read");
  std::string content, block(std::size_t{1} << 16, '\0');
  int size = 0;
  while ((size = gzread(file.get(), block.data(), static_cast<unsigned>(block.size()))) > 0) {
    content.append(block, 0, static_cast<std::size_t>(size));
  }
  if (size < 0) throw std::runtime_error(name + ": is damaged");
  return content;
}

// "2010-10-14T22:14:06-07:00"
std::time_t time_of(const std::string& text) {
  std::tm local{};
  const char* zone = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &local);
  if (zone == nullptr) throw std::runtime_error(text + ": is no time");
  const std::time_t time = timegm(&local);
  if (*zone == 'Z') return time;
  const int minutes = std::stoi(std::string(zone + 1, 2)) * 60 + std::stoi(std::string(zone + 4));
  return *zone == '-' ? time + std::time_t{minutes} * 60 : time - std::time_t{minutes} * 60;
}

std::string in_utc(std::time_t time, const char* form) {
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof text, form, &parts);
  return text;
}

}  // namespace

Recount recount(const std::string& file, const std::string& author) {
  const std::string content = content_of(file);
  const std::string this_week = in_utc(std::time(nullptr), "%G-W%V");
  Recount result;
  std::set<std::string> years;
  for (std::size_t at = 0; at < content.size();) {
    std::size_t end = content.find('\n', at);
    if (end == std::string::npos) end = content.size();
    const std::string_view line(content.data() + at, end - at);
    at = end + 1;
    if (line.empty()) continue;
    const json::value commit = json::parse(line);
    if (!author.empty() && commit.at("author").as_string() != author) continue;
    const std::time_t time = time_of(std::string(commit.at("committed").as_string()));
    const std::string week = in_utc(time, "%G-W%V");
    if (week >= this_week && week.substr(0, 4) == this_week.substr(0, 4)) continue;
    years.insert(in_utc(time, "%Y"));
    result.commits[std::string(commit.at("sha").as_string())] =
        Recount::Commit{week, commit.at("additions").as_int64(), commit.at("deletions").as_int64()};
  }
  result.active_years = years.size();
  return result;
}

Recount recount_files(const std::map<std::string, std::string>& files) {
  const std::string this_week = in_utc(std::time(nullptr), "%G-W%V");
  Recount result;
  std::set<std::string> weeks;
  for (const auto& [name, text] : files) {
    if (name == "github-profile.json") continue;
    const json::value root = json::parse(text);
    for (const json::value& week : root.at("weeks").as_array()) {
      const std::string week_name(week.at("week").as_string());
      if (!weeks.insert(week_name).second) throw std::runtime_error(week_name + " stands twice");
      // A week of the year 2106 is not over.
      if (!week.at("complete").as_bool() && week_name < this_week) {
        throw std::runtime_error(week_name + " is partial");
      }
      for (const json::value& commit : week.at("commits").as_array()) {
        const std::string sha(commit.at("sha").as_string());
        const bool fresh =
            result.commits
                .try_emplace(sha, Recount::Commit{week_name, commit.at("additions").as_int64(),
                                                  commit.at("deletions").as_int64()})
                .second;
        if (!fresh) throw std::runtime_error("commit " + sha + " stands twice");
      }
    }
  }
  return result;
}

void require_equal(const Recount& uploaded, const Recount& expected) {
  for (const auto& [sha, commit] : expected.commits) {
    const auto found = uploaded.commits.find(sha);
    if (found == uploaded.commits.end()) {
      throw std::runtime_error("commit " + sha + " of " + commit.week + " was not uploaded");
    }
    if (found->second == commit) continue;
    throw std::runtime_error("commit " + sha + " of " + commit.week + " was uploaded in " +
                             found->second.week + ", or with other numbers");
  }
  for (const auto& [sha, commit] : uploaded.commits) {
    if (!expected.commits.contains(sha)) {
      throw std::runtime_error("commit " + sha + " was uploaded, but is not in the file");
    }
  }
}

}  // namespace tidemark::bench
