#include "http/async/random.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <vector>

using namespace tidemark;

namespace {

std::vector<std::byte> filled(async::Random& random, std::size_t size) {
  std::vector<std::byte> bytes(size);
  random.fill(bytes);
  return bytes;
}

// Gives the words of a list, one a call.
struct ScriptedRandom final : async::Random {
  explicit ScriptedRandom(std::vector<std::uint64_t> given) : words(std::move(given)) {}
  void fill(std::span<std::byte> bytes) override {
    auto source = std::as_bytes(std::span(&words.at(used++), 1));
    std::copy_n(source.begin(), bytes.size(), bytes.begin());
  }

  std::vector<std::uint64_t> words;
  std::size_t used = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(async_random)

BOOST_AUTO_TEST_CASE(a_seed_gives_the_published_sequence_of_splitmix64) {
  async::SeededRandom random(1234567);
  BOOST_TEST(random.next() == 6457827717110365317U);
  BOOST_TEST(random.next() == 3203168211198807973U);
  BOOST_TEST(random.next() == 9817491932198370423U);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_bytes_and_another_seed_others) {
  for (std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{8}, std::size_t{1000}}) {
    async::SeededRandom one(5);
    async::SeededRandom same(5);
    async::SeededRandom other(6);
    std::vector<std::byte> bytes = filled(one, size);
    BOOST_TEST((bytes == filled(same, size)));
    BOOST_TEST((bytes != filled(other, size)));
  }
}

BOOST_AUTO_TEST_CASE(below_stays_below_and_reaches_every_value) {
  async::SeededRandom random(1);
  BOOST_TEST(random.below(0) == 0U);
  BOOST_TEST(random.below(1) == 0U);
  std::array<int, 6> seen{};
  for (int roll = 0; roll < 6000; ++roll) ++seen.at(random.below(6));
  for (int count : seen) BOOST_TEST((count > 850 && count < 1150));
  std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
  BOOST_TEST(random.below(all) < all);
}

BOOST_AUTO_TEST_CASE(words_that_would_favour_small_results_are_drawn_again) {
  std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
  // 2^64 is one more than a multiple of 3: only the very last word is unfair.
  ScriptedRandom for_three({all, all - 1});
  BOOST_TEST(for_three.below(3) == (all - 1) % 3);
  BOOST_TEST(for_three.used == 2U);
  // 2^64 is a multiple of 4: every word is fair.
  ScriptedRandom for_four({all});
  BOOST_TEST(for_four.below(4) == 3U);
}

BOOST_AUTO_TEST_CASE(secure_bytes_differ_each_time_and_fill_any_size) {
  async::SecureRandom random;
  BOOST_TEST((filled(random, 32) != filled(random, 32)));
  BOOST_TEST(filled(random, 0).empty());
  std::vector<std::byte> large = filled(random, 3'000'001);
  auto is_zero = [](std::byte value) { return value == std::byte{0}; };
  BOOST_TEST(!std::all_of(large.end() - 16, large.end(), is_zero));
}

BOOST_AUTO_TEST_SUITE_END()
