#include "tests/bench/graph_figures.hpp"

#include <fstream>
#include <stdexcept>

namespace tidemark::bench {

using Aim = Measure::Aim;

Measure at_most(std::string name, std::string unit, double value, double baseline,
                double aimed_ratio) {
  Measure measure{std::move(name), std::move(unit), aimed_ratio, Aim::at_most};
  return measure.add(value, baseline);
}

Measure at_least(std::string name, std::string unit, double value, double baseline,
                 double aimed_ratio) {
  Measure measure{std::move(name), std::move(unit), aimed_ratio, Aim::at_least};
  return measure.add(value, baseline);
}

double memory_mb(pid_t process, const std::string& field) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024;
  }
  throw std::runtime_error("there is no " + field + " of the daemon");
}

std::vector<Measure> growth(const std::vector<Measure>& smaller, const std::string& smaller_size,
                            const std::vector<Measure>& larger, const std::string& larger_size) {
  std::vector<Measure> grown;
  for (const Measure& large : larger) {
    if (!large.name.ends_with("_" + larger_size)) continue;
    const std::string stem = large.name.substr(0, large.name.size() - larger_size.size());
    for (const Measure& small : smaller) {
      if (small.name != stem + smaller_size) continue;
      Measure measure{"growth_of_" + stem + smaller_size + "_to_" + larger_size,
                      "at " + larger_size + " vs " + smaller_size, 0, Aim::none};
      grown.push_back(measure.add(median(large.values), median(small.values)));
    }
  }
  return grown;
}

}  // namespace tidemark::bench
