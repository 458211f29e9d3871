#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::test {

// One line of a benchmark: "measure, value, unit, baseline, ratio, aim, ok|short".
struct Measure {
  enum class Aim { at_most, at_least };

  std::string name;
  double value = 0;
  std::string unit;
  double baseline = 0;
  double ratio = 0;
  Aim aim = Aim::at_most;
  double aimed_ratio = 0;

  [[nodiscard]] bool ok() const {
    return aim == Aim::at_most ? ratio <= aimed_ratio : ratio >= aimed_ratio;
  }
};

inline void print(const Measure& measure, bool json) {
  std::string aim =
      fmt::format("{} {}", measure.aim == Measure::Aim::at_most ? "<=" : ">=", measure.aimed_ratio);
  std::string_view verdict = measure.ok() ? "ok" : "short";
  std::string line;
  if (json) {
    boost::json::object object;
    object["measure"] = measure.name;
    object["value"] = measure.value;
    object["unit"] = measure.unit;
    object["baseline"] = measure.baseline;
    object["ratio"] = measure.ratio;
    object["aim"] = aim;
    object["verdict"] = verdict;
    line = boost::json::serialize(object);
  } else {
    line = fmt::format("{}, {:.2f}, {}, {:.2f}, {:.3f}, {}, {}", measure.name, measure.value,
                       measure.unit, measure.baseline, measure.ratio, aim, verdict);
  }
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

// Of interleaved rounds: one disturbed round must not decide.
inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace tidemark::test
