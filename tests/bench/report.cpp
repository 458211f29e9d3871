#include "tests/bench/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace tidemark::bench {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

bool print(const std::vector<Measure>& measures, bool json) {
  bool all = true;
  for (const Measure& measure : measures) {
    std::vector<double> ratios;
    for (std::size_t round = 0; round < measure.values.size(); ++round) {
      ratios.push_back(measure.values[round] / measure.baselines[round]);
    }
    const double ratio = median(ratios);
    const bool reached = ratio >= measure.aim;
    all = all && reached;
    const char* form =
        json ? R"({{"measure":"{}","value":{:.6g},"unit":"{}","baseline":{:.6g},"ratio":{:.3g},)"
               R"("aim":{:.3g},"verdict":"{}"}})"
             : "{}, {:.6g}, {}, {:.6g}, {:.3g}, {:.3g}, {}";
    const std::string line =
        fmt::format(fmt::runtime(form), measure.name, median(measure.values), measure.unit,
                    median(measure.baselines), ratio, measure.aim, reached ? "ok" : "short");
    std::puts(line.c_str());
  }
  return all;
}

bool wants_json(int count, char** arguments) {
  if (count == 1) return false;
  if (count == 2 && std::string_view(arguments[1]) == "--json") return true;
  std::fputs("usage: bench [--json]\n", stderr);
  std::exit(2);
}

}  // namespace tidemark::bench
