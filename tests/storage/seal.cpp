#include "storage/seal.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "storage/rocks/open.hpp"
#include "tests/storage/says.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::storage {
namespace {

using test::says;

KeyRing ring_of(std::initializer_list<std::uint32_t> ids, char salt = 'k') {
  KeyRing ring;
  for (const std::uint32_t id : ids) ring.add(id, std::string(31, salt) + static_cast<char>(id));
  return ring;
}

BOOST_AUTO_TEST_CASE(a_sealed_secret_opens_at_its_place_only) {
  const Sealer sealer(ring_of({1}));
  const std::string sealed = sealer.seal("gho_token", "7/github");
  BOOST_TEST(sealer.open(sealed, "7/github") == "gho_token");
  BOOST_TEST(sealed.find("gho_token") == std::string::npos);
  BOOST_CHECK_EXCEPTION((void)sealer.open(sealed, "8/github"), StoreError,
                        says("'8/github' is not authentic"));
  BOOST_TEST(sealer.open(sealer.seal("", "empty"), "empty").empty());
}

BOOST_AUTO_TEST_CASE(the_layout_is_version_key_nonce_body_tag) {
  const Sealer sealer(ring_of({1, 0x01020304}));
  const std::string sealed = sealer.seal("12345", "p");
  BOOST_TEST(sealed.size() == 1u + 4 + 12 + 5 + 16);
  BOOST_TEST(sealed.substr(0, 5) == "\x01\x01\x02\x03\x04");
  BOOST_TEST(sealer.key_of(sealed) == 0x01020304u);
  BOOST_TEST(sealed != sealer.seal("12345", "p"), "a nonce must not be used twice");
}

BOOST_AUTO_TEST_CASE(no_changed_byte_opens) {
  const Sealer sealer(ring_of({1}));
  const std::string sealed = sealer.seal("secret", "place");
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    BOOST_CHECK_THROW((void)sealer.open(changed, "place"), StoreError);
    BOOST_CHECK_THROW((void)sealer.open(sealed.substr(0, at), "place"), StoreError);
  }
}

BOOST_AUTO_TEST_CASE(a_secret_of_a_missing_key_says_which_key) {
  const std::string sealed = Sealer(ring_of({7})).seal("secret", "place");
  BOOST_CHECK_EXCEPTION((void)Sealer(ring_of({1})).open(sealed, "place"), StoreError,
                        says("sealed with key 7, which the key file does not hold"));
}

struct SealedStore {
  std::unique_ptr<Engine> engine = open_rocks_in_memory();

  void check(const KeyRing& ring) {
    engine->write([&](Writer& writer) { check_keys(writer, Sealer(ring), "/etc/keys"); });
  }
  void put(const Sealer& sealer, std::string_view place, std::string_view secret) {
    engine->write(
        [&](Writer& writer) { writer.put(Table::secrets, place, sealer.seal(secret, place)); });
  }
  std::string open(const Sealer& sealer, std::string_view place) {
    std::string plain;
    engine->read([&](const Reader& reader) {
      plain = sealer.open(reader.get(Table::secrets, place).value(), place);
    });
    return plain;
  }
  std::size_t reseal_with(const Sealer& sealer, std::size_t most) {
    std::size_t count = 0;
    engine->write([&](Writer& writer) { count = reseal(writer, sealer, most); });
    return count;
  }
};

BOOST_FIXTURE_TEST_CASE(a_start_without_the_stores_key_is_refused, SealedStore) {
  check(ring_of({1}));
  check(ring_of({1}));
  BOOST_CHECK_EXCEPTION(check(ring_of({2})), StoreError,
                        says("sealed with key 1, which /etc/keys does not hold"));
  BOOST_CHECK_EXCEPTION(check(ring_of({1}, 'x')), StoreError,
                        says("key 1 in /etc/keys is not the one"));
  check(ring_of({1}));
}

BOOST_FIXTURE_TEST_CASE(rotation_seals_anew_in_pages_and_lets_the_old_key_go, SealedStore) {
  const Sealer old_sealer(ring_of({1})), both(ring_of({1, 2})), fresh(ring_of({2}));
  check(ring_of({1}));
  for (int member = 0; member < 5; ++member) {
    put(old_sealer, "member" + std::to_string(member), "token" + std::to_string(member));
  }
  check(ring_of({1, 2}));
  put(both, "member9", "token9");
  BOOST_TEST(reseal_with(both, 2) == 2u);
  BOOST_CHECK_EXCEPTION(check(ring_of({2})), StoreError, says("sealed with key 1"));
  BOOST_TEST(reseal_with(both, 2) == 2u);
  BOOST_TEST(reseal_with(both, 2) == 1u);
  BOOST_TEST(reseal_with(both, 2) == 0u);
  check(ring_of({2}));
  for (int member = 0; member < 5; ++member) {
    BOOST_TEST(open(fresh, "member" + std::to_string(member)) == "token" + std::to_string(member));
  }
  BOOST_TEST(open(fresh, "member9") == "token9");
}

BOOST_FIXTURE_TEST_CASE(a_secret_moved_to_another_row_is_refused, SealedStore) {
  const Sealer sealer(ring_of({1})), both(ring_of({1, 2}));
  put(sealer, "mine", "token");
  engine->write([](Writer& writer) {
    writer.put(Table::secrets, "yours", writer.get(Table::secrets, "mine").value());
  });
  BOOST_CHECK_EXCEPTION(open(sealer, "yours"), CorruptRecord, says("'yours' is not authentic"));
  // Nobody else's secret waits for it.
  BOOST_TEST(reseal_with(both, 10) == 1u);
  BOOST_TEST(reseal_with(both, 10) == 0u);
  BOOST_TEST(open(Sealer(ring_of({2})), "mine") == "token");
  BOOST_CHECK_THROW(open(both, "yours"), CorruptRecord);
}

BOOST_AUTO_TEST_CASE(random_secrets_come_back) {
  std::mt19937_64 random(tidemark::test::test_seed());
  const Sealer sealer(ring_of({1, 2, 3}));
  for (int count = 0; count < 300; ++count) {
    std::string plain(random() % 300, '\0'), place(random() % 20, '\0');
    for (char& byte : plain) byte = static_cast<char>(random());
    for (char& byte : place) byte = static_cast<char>(random());
    BOOST_REQUIRE(sealer.open(sealer.seal(plain, place), place) == plain);
  }
}

}  // namespace
}  // namespace tidemark::storage
