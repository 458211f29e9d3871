#pragma once

#include <string>
#include <vector>

namespace tidemark::bench {

// One measure of one or several interleaved rounds, each with its own baseline: ratios of one round
// are comparable, absolute numbers of different moments are not.
struct Measure {
  enum class Aim { at_least, at_most, none };  // none: for people to see, always "ok"

  std::string name, unit;
  double aimed_ratio = 0;
  Aim aim = Aim::at_least;
  std::vector<double> values = {}, baselines = {};

  Measure& add(double value, double baseline) {
    values.push_back(value);
    baselines.push_back(baseline);
    return *this;
  }
};

// Of interleaved rounds: one disturbed round must not decide.
[[nodiscard]] double median(std::vector<double> values);

// Prints "measure, value, unit, baseline, ratio, aim, ok|short", the medians of the rounds; with
// `json` as JSON lines. Returns whether every aim was reached.
bool print(const std::vector<Measure>& measures, bool json);

// Takes --json off the command line; ends the process with a message when it stands twice, or when
// more words are left than `most_others`.
struct Words {
  bool json = false;
  std::vector<std::string> others;
};
[[nodiscard]] Words words_of(int count, char** arguments, std::size_t most_others = 0);

}  // namespace tidemark::bench
