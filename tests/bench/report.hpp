#pragma once

#include <string>
#include <vector>

namespace tidemark::bench {

// One measure of several interleaved rounds, each with its own baseline: ratios of one round are
// comparable, absolute numbers of different moments are not.
struct Measure {
  std::string name, unit;
  double aim = 0;  // the least ratio
  std::vector<double> values, baselines;

  void add(double value, double baseline) {
    values.push_back(value);
    baselines.push_back(baseline);
  }
};

[[nodiscard]] double median(std::vector<double> values);

// Prints "measure, value, unit, baseline, ratio, aim, ok|short", the medians of the rounds; with
// `json` as JSON lines. Returns whether every aim was reached.
bool print(const std::vector<Measure>& measures, bool json);

// Whether the command line asks for JSON; ends the process with a message for anything else.
[[nodiscard]] bool wants_json(int count, char** arguments);

}  // namespace tidemark::bench
