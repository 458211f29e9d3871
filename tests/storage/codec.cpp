#include "storage/codec.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>
#include <vector>

#include "storage/engine.hpp"
#include "tests/storage/says.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::storage {
namespace {

using test::says;

// Numbers at which encodings change their length or their sign.
template <class Number>
std::vector<Number> interesting(std::mt19937_64& random) {
  using Limits = std::numeric_limits<Number>;
  std::vector<Number> numbers = {Limits::min(), Limits::max(), 0, 1};
  for (unsigned bit = 0; bit < sizeof(Number) * 8; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    for (const std::uint64_t near : {power, power - 1, ~power}) {
      numbers.push_back(static_cast<Number>(near));
    }
  }
  for (int more = 0; more < 50; ++more) {
    numbers.push_back(static_cast<Number>(random() >> (random() % 64)));
  }
  return numbers;
}

template <class Number>
void check_order(std::mt19937_64& random, KeyWriter& (KeyWriter::*write)(Number),
                 Number (KeyReader::*read)()) {
  const std::vector<Number> numbers = interesting<Number>(random);
  for (const Number left : numbers) {
    KeyWriter left_key;
    (left_key.*write)(left);
    KeyReader reader(left_key.bytes());
    BOOST_REQUIRE_EQUAL((reader.*read)(), left);
    reader.end();
    for (const Number right : numbers) {
      KeyWriter right_key;
      (right_key.*write)(right);
      BOOST_REQUIRE_EQUAL(left < right, left_key.bytes() < right_key.bytes());
    }
  }
}

std::string random_text(std::mt19937_64& random, std::size_t length_most, char lowest) {
  std::string text(random() % (length_most + 1), '\0');
  // Few letters, so that texts are often prefixes of each other.
  for (char& letter : text) {
    letter = random() % 4 == 0 ? static_cast<char>(0xff) : static_cast<char>(lowest + random() % 2);
  }
  return text;
}

BOOST_AUTO_TEST_CASE(the_order_of_number_keys_is_the_order_of_the_numbers) {
  std::mt19937_64 random(tidemark::test::test_seed());
  check_order<std::uint8_t>(random, &KeyWriter::u8, &KeyReader::u8);
  check_order<std::uint32_t>(random, &KeyWriter::u32, &KeyReader::u32);
  check_order<std::uint64_t>(random, &KeyWriter::u64, &KeyReader::u64);
  check_order<std::int32_t>(random, &KeyWriter::i32, &KeyReader::i32);
  check_order<std::int64_t>(random, &KeyWriter::i64, &KeyReader::i64);
}

BOOST_AUTO_TEST_CASE(five_bytes_hold_numbers_below_two_to_the_fortieth_in_order) {
  std::mt19937_64 random(tidemark::test::test_seed());
  constexpr std::uint64_t end = std::uint64_t{1} << 40;
  std::vector<std::uint64_t> numbers = {0, 1, 0xffff'ffff, 0x1'0000'0000, end - 1};
  for (int more = 0; more < 100; ++more) numbers.push_back(random() % end >> random() % 40);
  for (const std::uint64_t left : numbers) {
    const std::string key = KeyWriter().u40(left).bytes();
    BOOST_REQUIRE_EQUAL(key.size(), 5u);
    KeyReader reader(key);
    BOOST_REQUIRE_EQUAL(reader.u40(), left);
    reader.end();
    for (const std::uint64_t right : numbers) {
      BOOST_REQUIRE_EQUAL(left < right, key < KeyWriter().u40(right).bytes());
    }
  }
  BOOST_CHECK_THROW(KeyWriter().u40(end), std::invalid_argument);
  KeyReader cut("\1\2\3\4");
  BOOST_CHECK_THROW((void)cut.u40(), CorruptRecord);
}

BOOST_AUTO_TEST_CASE(the_order_of_compound_keys_is_that_of_their_parts) {
  std::mt19937_64 random(tidemark::test::test_seed());
  using Parts = std::tuple<std::string, std::int32_t, std::string>;
  std::vector<std::pair<Parts, std::string>> keys;
  for (int count = 0; count < 300; ++count) {
    Parts parts(random_text(random, 3, 1), static_cast<std::int32_t>(random() % 3) - 1,
                random_text(random, 3, 1));
    KeyWriter key;
    key.text(std::get<0>(parts)).i32(std::get<1>(parts)).text(std::get<2>(parts));
    KeyReader reader(key.bytes());
    const std::string first = reader.text();
    const std::int32_t second = reader.i32();
    BOOST_REQUIRE(Parts(first, second, reader.text()) == parts);
    reader.end();
    keys.emplace_back(std::move(parts), key.bytes());
  }
  for (const auto& [left, left_key] : keys) {
    for (const auto& [right, right_key] : keys) {
      BOOST_REQUIRE_EQUAL(left < right, left_key < right_key);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_bytes_of_a_key_are_those_on_disk) {
  KeyWriter key;
  key.u8(7).u32(0x01020304).i32(-1).text("ab");
  BOOST_TEST(key.bytes() == std::string("\x07\x01\x02\x03\x04\x7f\xff\xff\xff"
                                        "ab\0",
                                        12));
}

BOOST_AUTO_TEST_CASE(a_text_with_a_zero_byte_is_no_key) {
  BOOST_CHECK_THROW(KeyWriter().text(std::string_view("a\0b", 3)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_truncated_key_is_corrupt) {
  const std::string key = KeyWriter().u64(5).text("name").bytes();
  for (std::size_t size = 0; size < key.size(); ++size) {
    const std::string cut = key.substr(0, size);
    auto read = [&cut] {
      KeyReader reader(cut);
      reader.u64();
      reader.text();
    };
    BOOST_CHECK_THROW(read(), CorruptRecord);
  }
  KeyReader too_long(key);
  too_long.u64();
  BOOST_CHECK_THROW(too_long.end(), CorruptRecord);
}

BOOST_AUTO_TEST_CASE(after_prefix_bounds_exactly_the_keys_that_begin_with_it) {
  std::mt19937_64 random(tidemark::test::test_seed());
  for (int count = 0; count < 3000; ++count) {
    const std::string prefix = random_text(random, 3, 1), key = random_text(random, 5, 1);
    const std::string after = after_prefix(prefix);
    const bool inside = key >= prefix && (after.empty() || key < after);
    BOOST_REQUIRE_EQUAL(inside, key.starts_with(prefix));
  }
  BOOST_TEST(after_prefix("\xff\xff").empty());
  BOOST_TEST(after_prefix("").empty());
}

std::string whole_value() {
  ValueWriter value(2);
  value.boolean(true).u64(300).i64(-65).text("tide").text("");
  return value.take();
}

void read_value(std::string_view bytes) {
  ValueReader value(bytes, 2, "row");
  value.boolean();
  value.u64();
  value.i64();
  value.text();
  value.text();
  value.end();
}

BOOST_AUTO_TEST_CASE(values_come_back_as_written) {
  std::mt19937_64 random(tidemark::test::test_seed());
  for (const std::uint64_t number : interesting<std::uint64_t>(random)) {
    ValueWriter writer(1);
    writer.u64(number).i64(static_cast<std::int64_t>(number)).boolean(number % 2 == 0);
    const std::string bytes = writer.take();
    ValueReader reader(bytes, 3, "number");
    BOOST_TEST(reader.version() == 1);
    BOOST_REQUIRE_EQUAL(reader.u64(), number);
    BOOST_REQUIRE_EQUAL(reader.i64(), static_cast<std::int64_t>(number));
    BOOST_REQUIRE_EQUAL(reader.boolean(), number % 2 == 0);
    reader.end();
  }
}

BOOST_AUTO_TEST_CASE(a_truncated_or_longer_value_is_corrupt_at_every_length) {
  const std::string bytes = whole_value();
  BOOST_CHECK_NO_THROW(read_value(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    BOOST_CHECK_THROW(read_value(std::string_view(bytes).substr(0, size)), CorruptRecord);
  }
  BOOST_CHECK_EXCEPTION(read_value(bytes + "x"), CorruptRecord, says("row: the value is too long"));
}

BOOST_AUTO_TEST_CASE(no_bytes_whatever_break_the_reader) {
  std::mt19937_64 random(tidemark::test::test_seed());
  for (int count = 0; count < 20'000; ++count) {
    std::string bytes = whole_value();
    bytes[random() % bytes.size()] = static_cast<char>(random());
    bytes.resize(random() % (bytes.size() + 4), static_cast<char>(random()));
    try {
      read_value(bytes);
    } catch (const StoreError&) {
    }
  }
}

BOOST_AUTO_TEST_CASE(numbers_have_one_encoding) {
  auto read = [](std::string_view bytes) { return ValueReader(bytes, 1, "row").u64(); };
  BOOST_TEST(read("\x01\x7f") == 127u);
  BOOST_CHECK_THROW(read(std::string_view("\x01\xff\x00", 3)), CorruptRecord);  // 127, longer
  BOOST_CHECK_THROW(read("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
                    CorruptRecord);  // 65 bits
  BOOST_CHECK_THROW(ValueReader("\x01\x02", 1, "row").boolean(), CorruptRecord);
}

BOOST_AUTO_TEST_CASE(a_newer_version_is_refused_with_the_remedy) {
  auto open = [] { ValueReader("\x03", 2, "member 7"); };
  BOOST_CHECK_EXCEPTION(open(), StoreError,
                        says("member 7: the value has version 3, this tidemark knows up to 2: "
                             "install the newer version again"));
}

}  // namespace
}  // namespace tidemark::storage
