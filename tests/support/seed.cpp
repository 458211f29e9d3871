#include <boost/test/framework.hpp>
#include <boost/test/tree/test_unit.hpp>
#include <cstdlib>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>

#include "tests/support/simulation.hpp"

namespace tidemark::test {

namespace {

std::uint64_t seed_of_this_run() {
  const char* given = std::getenv("TIDEMARK_SEED");
  if (given == nullptr || *given == '\0') {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
  }
  try {
    std::size_t used = 0;
    std::uint64_t seed = std::stoull(given, &used);
    if (given[used] == '\0') return seed;
  } catch (const std::logic_error&) {
    // Falls through to the one message for all that is no number.
  }
  throw std::runtime_error(std::string("TIDEMARK_SEED is '") + given +
                           "': give a number from 0 to 18446744073709551615, or unset it");
}

}  // namespace

std::uint64_t test_seed() {
  static const std::uint64_t seed = [] {
    std::uint64_t value = seed_of_this_run();
    std::string name = "no test";
    if (boost::unit_test::framework::test_in_progress()) {
      name = boost::unit_test::framework::current_test_case().full_name();
    }
    // Once a run: the same seed serves every test, and a failing simulation repeats it.
    std::cerr << "TIDEMARK_SEED=" << value << " (first asked for by " << name << ")\n";
    return value;
  }();
  return seed;
}

}  // namespace tidemark::test
