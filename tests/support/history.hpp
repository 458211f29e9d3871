#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tidemark::test {

// A made-up history in the form of the simulators' commit files: one JSON object a line.
struct HistorySettings {
  std::uint64_t seed = 1;
  std::string author = "mona";
  std::vector<std::string> repositories{"mona/one", "mona/two", "others/three"};
  std::int64_t from_s = 1'041'379'200;   // 2003-01-01
  std::int64_t until_s = 1'767'225'600;  // 2026-01-01
  std::size_t commits = 1'000;
  bool oddities = true;  // week 53, 1970, 2106, other zones, rebases, merges, foreign authors
};
[[nodiscard]] std::vector<std::string> make_history(const HistorySettings& settings);

}  // namespace tidemark::test
