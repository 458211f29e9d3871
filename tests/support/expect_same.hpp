#pragma once

#include <boost/test/unit_test.hpp>
#include <cstddef>

namespace tidemark::test {

// Two sets hold the same; says how many are missing and invented, not which.
template <class Set>
void expect_same(const Set& found, const Set& truth, const char* what) {
  std::size_t missing = 0, invented = 0;
  for (const auto& each : truth) missing += found.contains(each) ? 0U : 1U;
  for (const auto& each : found) invented += truth.contains(each) ? 0U : 1U;
  BOOST_TEST(missing == 0U, missing << " of " << truth.size() << " " << what << " are missing");
  BOOST_TEST(invented == 0U, invented << " " << what << " are invented");
}

}  // namespace tidemark::test
