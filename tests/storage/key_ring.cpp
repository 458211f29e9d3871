#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "storage/seal.hpp"
#include "tests/storage/folder.hpp"
#include "tests/storage/says.hpp"

namespace tidemark::storage {
namespace {

using test::says;
namespace fs = std::filesystem;

struct KeyFile : test::Folder {
  fs::path file = path() / "tidemark-key";
  const std::string key = std::string(62, '0') + "fF";

  void write(const std::string& text, mode_t mode = 0600) const {
    std::ofstream(file, std::ios::trunc) << text;
    BOOST_REQUIRE(::chmod(file.c_str(), mode) == 0);
  }
  void refuses(const std::string& text, const std::string& words) const {
    write(text);
    BOOST_CHECK_EXCEPTION(KeyRing::load(file), std::runtime_error, says(words));
    BOOST_CHECK_EXCEPTION(KeyRing::load(file), std::runtime_error, says(file.string()));
  }
};

BOOST_FIXTURE_TEST_SUITE(key_rings, KeyFile)

BOOST_AUTO_TEST_CASE(a_new_file_is_private_and_loads) {
  const KeyRing made = KeyRing::create(file);
  const KeyRing loaded = KeyRing::load(file);
  BOOST_TEST(loaded.newest() == 1u);
  BOOST_REQUIRE(loaded.find(1) != nullptr);
  BOOST_TEST(loaded.find(1)->size() == 32u);
  BOOST_TEST(*loaded.find(1) == *made.find(1));
  BOOST_TEST((fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
  BOOST_CHECK_EXCEPTION(KeyRing::create(file), std::runtime_error, says("exists already"));
  BOOST_TEST(*KeyRing::load(file).find(1) == *made.find(1));
}

BOOST_AUTO_TEST_CASE(rotation_keeps_the_old_keys_and_seals_with_the_new_one) {
  const KeyRing first = KeyRing::create(file);
  std::ofstream(file.string() + ".new") << "left by a crash";
  const KeyRing second = KeyRing::rotate(file);
  const KeyRing loaded = KeyRing::load(file);
  BOOST_TEST(loaded.newest() == 2u);
  BOOST_TEST(*loaded.find(1) == *first.find(1));
  BOOST_TEST(*loaded.find(2) == *second.find(2));
  BOOST_TEST(*loaded.find(2) != *loaded.find(1));
  BOOST_TEST(!fs::exists(file.string() + ".new"));
  BOOST_TEST((fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_use_is_refused) {
  for (const mode_t mode : {0644, 0604, 0620, 0602, 0610}) {
    write("1 " + key + "\n", mode);
    BOOST_CHECK_EXCEPTION(KeyRing::load(file), std::runtime_error, says("chmod 600"));
  }
  write("1 " + key + "\n", 0400);
  BOOST_TEST(KeyRing::load(file).newest() == 1u);
}

BOOST_AUTO_TEST_CASE(keys_are_read_in_either_case_with_or_without_a_last_newline) {
  write("3 " + key + "\n10 " + std::string(64, 'A'));
  const KeyRing ring = KeyRing::load(file);
  BOOST_TEST(ring.newest() == 10u);
  BOOST_TEST(*ring.find(10) == std::string(32, '\xaa'));
  BOOST_TEST(ring.find(3)->back() == '\xff');
  BOOST_TEST(ring.find(4) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_malformed_file_is_refused_with_its_line) {
  refuses("", "it holds no key");
  refuses("1 " + key + "\nhello\n", "line 2: the line does not begin with a key id");
  refuses("0 " + key + "\n", "line 1: the line does not begin with a key id");
  refuses("-1 " + key + "\n", "line 1: the line does not begin with a key id");
  refuses("4294967296 " + key + "\n", "line 1: the line does not begin with a key id");
  refuses("1" + key + "\n", "line 1");
  refuses("1\n", "line 1: no space");
  refuses("1 " + key + "0\n", "line 1: the key is not exactly 64");
  refuses("1 " + key.substr(1) + "\n", "line 1: the key is not exactly 64");
  refuses("1 " + key.substr(1) + "g\n", "line 1: the key is not exactly 64");
  refuses("1 " + key + "\n2 " + key + "\n1 " + key + "\n", "line 3: this key id is there twice");
  refuses("2 " + key + "\n1 " + key + "\n", "line 2: key ids must grow");
  refuses("1 " + key + "\n\n", "line 2");
  refuses(std::string(70'000, '1'), "larger than 64 KiB");
}

BOOST_AUTO_TEST_CASE(an_error_never_quotes_a_key) {
  write("1 " + key + "extra\n");
  try {
    KeyRing::load(file);
    BOOST_ERROR("loaded");
  } catch (const std::runtime_error& error) {
    BOOST_TEST(std::string(error.what()).find(key.substr(40)) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_missing_file_or_folder_is_named) {
  BOOST_CHECK_EXCEPTION(KeyRing::load(file), std::runtime_error,
                        says(file.string() + ": opening it failed (No such file"));
  BOOST_CHECK_EXCEPTION(KeyRing::rotate(file), std::runtime_error, says("opening it failed"));
  BOOST_CHECK_EXCEPTION(KeyRing::create(path() / "none" / "key"), std::runtime_error,
                        says("making it failed (No such file"));
  BOOST_CHECK_EXCEPTION(KeyRing::load(path()), std::runtime_error, says("tidemark"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tidemark::storage
