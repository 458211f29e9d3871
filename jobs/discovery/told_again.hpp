#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "jobs/discovery/answers.hpp"
#include "jobs/discovery/crawl.hpp"
#include "jobs/discovery/take.hpp"

namespace tidemark::jobs::discovery {

// How long followers, following and repositories are, by List, less one.
using ListTotals = std::array<std::optional<std::uint64_t>, 3>;
[[nodiscard]] constexpr std::size_t place_of(List list) {
  return static_cast<std::size_t>(list) - 1;
}

// What a question said of the account that REST counts more of.
struct ToldAgain {
  ListTotals totals = {};
  bool gone = false;
};
// Out of an answer for many; it is no reading of that account.
[[nodiscard]] ToldAgain take_out(Answers& answers, UserId doubted);
// What becomes of the oldest batch. False: the answer does not tell.
bool take_told(storage::Writer& writer, Taking& taking, Crawl& crawl, UserId doubted,
               ToldAgain told);
// Nobody else was asked for together with it.
[[nodiscard]] inline bool is_lone(const Batch& batch) { return batch.parents + batch.pages <= 1; }

}  // namespace tidemark::jobs::discovery
