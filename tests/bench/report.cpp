#include "tests/bench/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <cstdlib>

namespace tidemark::bench {

namespace {

std::string line_of(const Measure& measure, double ratio, bool reached, bool json) {
  const double value = median(measure.values), baseline = median(measure.baselines);
  const std::string aim =
      measure.aim == Measure::Aim::none
          ? "none"
          : fmt::format("{} {:.3g}",
                        measure.aim == Measure::Aim::at_most ? "<=" : ">=", measure.aimed_ratio);
  const std::string verdict = reached ? "ok" : "short";
  if (!json) {
    return fmt::format("{}, {:.6g}, {}, {:.6g}, {:.3g}, {}, {}", measure.name, value, measure.unit,
                       baseline, ratio, aim, verdict);
  }
  boost::json::object object;
  object["measure"] = measure.name;
  object["value"] = value;
  object["unit"] = measure.unit;
  object["baseline"] = baseline;
  object["ratio"] = ratio;
  object["aim"] = aim;
  object["verdict"] = verdict;
  return boost::json::serialize(object);
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

bool print(const std::vector<Measure>& measures, bool json) {
  bool all = true;
  for (const Measure& measure : measures) {
    std::vector<double> ratios;
    for (std::size_t round = 0; round < measure.values.size(); ++round) {
      ratios.push_back(measure.values[round] / measure.baselines[round]);
    }
    const double ratio = median(ratios);
    const bool reached = measure.aim == Measure::Aim::none      ? true
                         : measure.aim == Measure::Aim::at_most ? ratio <= measure.aimed_ratio
                                                                : ratio >= measure.aimed_ratio;
    all = all && reached;
    std::puts(line_of(measure, ratio, reached, json).c_str());
  }
  std::fflush(stdout);
  return all;
}

Words words_of(int count, char** arguments, std::size_t most_others) {
  Words words;
  for (int place = 1; place < count; ++place) {
    const std::string word = arguments[place];
    if (word == "--json" && !words.json) {
      words.json = true;
    } else {
      words.others.push_back(word);
    }
  }
  if (words.others.size() <= most_others) return words;
  fmt::print(stderr, "{}: what is \"{}\"? --json prints JSON lines\n", arguments[0],
             words.others.back());
  std::exit(2);
}

}  // namespace tidemark::bench
