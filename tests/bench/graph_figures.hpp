#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/bench/report.hpp"

namespace tidemark::bench {

[[nodiscard]] Measure at_most(std::string name, std::string unit, double value, double baseline,
                              double aimed_ratio = 1);
[[nodiscard]] Measure at_least(std::string name, std::string unit, double value, double baseline,
                               double aimed_ratio);

// In mebibytes, as the kernel counts: VmRSS is now, VmHWM the most there was.
[[nodiscard]] double memory_mb(pid_t process, const std::string& field);

// How measures of the same name but for the size behind it ("bytes_per_row_10m") grow from the
// smaller size to the larger.
[[nodiscard]] std::vector<Measure> growth(const std::vector<Measure>& smaller,
                                          const std::string& smaller_size,
                                          const std::vector<Measure>& larger,
                                          const std::string& larger_size);

}  // namespace tidemark::bench
