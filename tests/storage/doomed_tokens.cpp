#include <boost/test/unit_test.hpp>
#include <set>

#include "storage/sign_ins.hpp"
#include "tests/storage/example_store.hpp"
#include "tests/storage/memory_store.hpp"

namespace tidemark::storage {
namespace {

KeyRing keys_of(std::initializer_list<std::uint32_t> ids) {
  KeyRing keys;
  for (const auto id : ids) keys.add(id, std::string(32, static_cast<char>('k' + id - 1)));
  return keys;
}

struct TokenStore : test::MemoryStore {
  std::string doom(const Sealer& sealer, const std::string& provider, const std::string& access) {
    return write([&](Writer& writer) {
      return put_doomed_token(writer, sealer, provider, {access, "refresh of " + access, 0, ""});
    });
  }
  std::vector<std::pair<std::string, std::string>> listed(std::size_t most) {
    return read([&](const Reader& reader) { return list_doomed_tokens(reader, most); });
  }
  std::optional<Token> find(const Sealer& sealer, const std::string& owner,
                            const std::string& provider) {
    return read([&](const Reader& reader) { return find_token(reader, sealer, owner, provider); });
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(doomed_tokens)

BOOST_FIXTURE_TEST_CASE(a_doomed_token_is_kept_under_its_digest_until_it_is_erased, TokenStore) {
  const auto sealer = test::example_sealer();
  const auto owner = doom(sealer, "github", "abc");
  BOOST_TEST(owner == "!ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const auto found = find(sealer, owner, "github");
  BOOST_REQUIRE(found);
  BOOST_TEST(found->access == "abc");
  BOOST_TEST(found->refresh == "refresh of abc");
  BOOST_TEST(first_problem() == "");
  write([&](Writer& writer) { erase_token(writer, owner, "github"); });
  BOOST_TEST(!find(sealer, owner, "github"));
  BOOST_TEST(listed(9).empty());
}

BOOST_FIXTURE_TEST_CASE(the_same_token_is_doomed_once, TokenStore) {
  const auto sealer = test::example_sealer();
  BOOST_TEST(doom(sealer, "github", "abc") == doom(sealer, "github", "abc"));
  BOOST_TEST(listed(9).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(doomed_tokens_are_listed_and_tokens_in_use_are_not, TokenStore) {
  write([](Writer& writer) { test::fill_example(writer); });
  const auto sealer = test::example_sealer();
  std::set<std::pair<std::string, std::string>> expected = {
      {doom(sealer, "github", "a"), "github"},
      {doom(sealer, "openhumans", "b"), "openhumans"},
      {doom(sealer, "github", "doomed"), "github"}};
  const auto all = listed(9);
  BOOST_TEST((std::set(all.begin(), all.end()) == expected));
  BOOST_TEST(all.size() == 3U);
  BOOST_TEST(listed(2).size() == 2U);
  BOOST_TEST(listed(0).empty());
}

BOOST_FIXTURE_TEST_CASE(a_token_of_no_known_provider_is_refused, TokenStore) {
  BOOST_CHECK_THROW(doom(test::example_sealer(), "gitlab", "a"), std::invalid_argument);
}

BOOST_FIXTURE_TEST_CASE(rotation_seals_tokens_without_a_member_anew_as_well, TokenStore) {
  const Sealer old_key(keys_of({1})), both(keys_of({1, 2})), new_key(keys_of({2}));
  write([](Writer& writer) { test::fill_example(writer); });
  write([&](Writer& writer) { check_keys(writer, both, "key file"); });
  // Tokens of two members, of their sign-ins and of one that arrives, and a doomed one.
  BOOST_TEST(write([&](Writer& writer) { return reseal(writer, both, 4); }) == 4U);
  BOOST_TEST(write([&](Writer& writer) { return reseal(writer, both, 4); }) == 2U);
  BOOST_TEST(write([&](Writer& writer) { return reseal(writer, both, 4); }) == 0U);
  SignIn sign_in;
  sign_in.digest = std::string(64, 'e');
  sign_in.provider = "openhumans";
  const auto pending = [&](const Sealer& sealer) {
    return read([&](const Reader& reader) { return find_sign_in_token(reader, sealer, sign_in); });
  };
  BOOST_TEST(pending(new_key).value().access == "arriving");
  BOOST_CHECK_THROW(pending(old_key), StoreError);
  const auto doomed = listed(9);
  BOOST_REQUIRE_EQUAL(doomed.size(), 1U);
  BOOST_TEST(find(new_key, doomed[0].first, doomed[0].second).value().access == "doomed");
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
