#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>

#include "daemon/json_text.hpp"
#include "daemon/routes/answers.hpp"
#include "storage/week.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

BOOST_AUTO_TEST_SUITE(graph_json_text)

BOOST_AUTO_TEST_CASE(every_byte_is_written_as_the_json_library_writes_it) {
  for (int byte = 0; byte < 256; ++byte) {
    for (const std::string around : {"", "a", "\"\\", "ü\n"}) {
      const std::string text = around + static_cast<char>(byte) + around;
      JsonText written;
      BOOST_TEST(written.text(text).bytes() == json::serialize(json::value(json::string(text))),
                 byte);
    }
  }
}

BOOST_AUTO_TEST_CASE(objects_and_lists_are_the_bytes_of_the_json_library) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  json::object inner{{"a", 0}, {"b", most}, {"c", true}, {"d", nullptr}};
  json::object whole{{"first", json::array{"x", "", inner, json::array{}}},
                     {"second", json::object{}},
                     {"third", "text\twith \"all\" of it\x01"},
                     {"fourth", nullptr},
                     {"fifth", 12}};
  JsonText text(0);
  text.object().array("first").text("x").text("");
  text.object().number("a", std::uint64_t{0}).number("b", most).flag("c", true).null("d");
  text.end_object().array().end_array().end_array();
  text.object("second").end_object().text("third", "text\twith \"all\" of it\x01");
  text.text_or_null("fourth", "").number("fifth", std::optional<std::uint64_t>(12)).end_object();
  BOOST_TEST(text.bytes() == json::serialize(whole));
}

BOOST_AUTO_TEST_CASE(random_texts_are_the_bytes_of_the_json_library) {
  std::mt19937_64 random(test::test_seed());
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (auto length = random() % 40; length > 0; --length) text += static_cast<char>(random());
    JsonText written;
    written.object().text("t", text).end_object();
    BOOST_TEST(written.bytes() == json::serialize(json::object{{"t", text}}));
  }
}

BOOST_AUTO_TEST_CASE(instants_are_written_as_everywhere_else) {
  std::mt19937_64 random(test::test_seed());
  for (int round = 0; round < 2'000; ++round) {
    const auto unix_ms =
        static_cast<std::int64_t>(random() % 8'000'000'000'000) - 2'000'000'000'000;
    json::object usual;
    add_time(usual, "seen", unix_ms);
    usual["at"] = storage::format_time(unix_ms / 7);
    JsonText text;
    text.object().instant("seen", unix_ms).seconds("at", unix_ms / 7).end_object();
    BOOST_TEST(text.bytes() == json::serialize(usual));
  }
  JsonText nothing;
  nothing.object().instant("seen", 0).seconds("at", 0).end_object();
  BOOST_TEST(nothing.bytes() == R"({"seen":null,"seen_ms":null,"at":null})");
}

BOOST_AUTO_TEST_CASE(lines_are_documents_of_their_own) {
  JsonText text;
  text.object().number("a", std::uint64_t{1}).end_object().line();
  text.object().flag("b", false).end_object().line();
  BOOST_TEST(text.bytes() == "{\"a\":1}\n{\"b\":false}\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
