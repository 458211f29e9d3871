#include "storage/sign_ins.hpp"

#include <boost/test/unit_test.hpp>

#include "storage/members.hpp"
#include "tests/storage/example_store.hpp"
#include "tests/storage/memory_store.hpp"
#include "tests/storage/says.hpp"

namespace tidemark::storage {
namespace {

const std::string digest(64, 'a');
const Token token{"gho_pending", "ghr_pending", 1'700'000'000'000, "repo"};

SignIn connecting(const std::string& state_digest = digest) {
  SignIn sign_in;
  sign_in.digest = state_digest;
  sign_in.provider = "github";
  sign_in.member = "0042";
  sign_in.created_ms = -3;
  sign_in.expires_ms = 1'700'000'000'000;
  return sign_in;
}

struct SignInStore : test::MemoryStore {
  Sealer sealer = test::example_sealer();

  void begin(const SignIn& sign_in) {
    write([&](Writer& writer) { begin_sign_in(writer, sealer, sign_in, token); });
  }
  std::optional<SignIn> find(const std::string& state_digest = digest) {
    return read([&](const Reader& reader) { return find_sign_in(reader, state_digest); });
  }
  std::optional<Token> tokens(const SignIn& sign_in) {
    return read([&](const Reader& reader) { return find_sign_in_token(reader, sealer, sign_in); });
  }
  std::size_t secrets() {
    return read([&](const Reader& reader) {
      std::size_t count = 0;
      const auto each = [&](std::string_view, std::string_view) { return ++count > 0; };
      reader.scan(Table::secrets, "", "", each);
      return count;
    });
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sign_ins)

BOOST_FIXTURE_TEST_CASE(every_field_of_a_sign_in_comes_back_with_its_tokens, SignInStore) {
  auto put = connecting();
  put.phase = SignInPhase::done;  // begin_sign_in knows better
  begin(put);
  const auto got = find();
  BOOST_REQUIRE(got);
  BOOST_TEST(got->digest == put.digest);
  BOOST_TEST((got->phase == SignInPhase::exchanged));
  BOOST_TEST(got->provider == put.provider);
  BOOST_TEST(got->member == put.member);
  BOOST_TEST(got->created_ms == put.created_ms);
  BOOST_TEST(got->expires_ms == put.expires_ms);
  const auto opened = tokens(*got);
  BOOST_REQUIRE(opened);
  BOOST_TEST(opened->access == token.access);
  BOOST_TEST(opened->refresh == token.refresh);
  BOOST_TEST(opened->expires_ms == token.expires_ms);
  BOOST_TEST(opened->scope == token.scope);
}

BOOST_FIXTURE_TEST_CASE(its_tokens_are_nowhere_in_clear_and_open_with_the_key_only, SignInStore) {
  begin(connecting());
  for (const auto table : {Table::secrets, Table::sign_ins}) {
    const auto each = [&](std::string_view key, std::string_view value) {
      for (const std::string_view text : {"gho_", "ghr_", "repo"}) {
        BOOST_TEST(key.find(text) == key.npos);
        BOOST_TEST(value.find(text) == value.npos);
      }
      return true;
    };
    read([&](const Reader& reader) {
      reader.scan(table, "", "", each);
      return true;
    });
  }
  KeyRing keys;
  keys.add(1, std::string(32, 'x'));
  const auto open = [&](const Reader& reader) {
    return find_sign_in_token(reader, Sealer(keys), connecting());
  };
  BOOST_CHECK_THROW(read(open), StoreError);
}

BOOST_FIXTURE_TEST_CASE(a_sign_in_that_is_done_keeps_neither_member_nor_tokens, SignInStore) {
  begin(connecting());
  write([](Writer& writer) { end_sign_in(writer, digest); });
  const auto done = find();
  BOOST_REQUIRE(done);
  BOOST_TEST((done->phase == SignInPhase::done));
  BOOST_TEST(done->member == "");
  BOOST_TEST(done->provider == "github");
  BOOST_TEST(done->expires_ms == connecting().expires_ms);
  BOOST_TEST(!tokens(*done));
  BOOST_TEST(secrets() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_state_is_found_in_both_phases_and_taken_once, SignInStore) {
  BOOST_TEST(!find());
  begin(connecting());
  BOOST_TEST(find().has_value());
  BOOST_CHECK_EXCEPTION(begin(connecting()), std::invalid_argument, test::says("known already"));
  BOOST_TEST(tokens(connecting())->access == token.access);
  write([](Writer& writer) { end_sign_in(writer, digest); });
  BOOST_TEST(find().has_value());
  BOOST_CHECK_THROW(begin(connecting()), std::invalid_argument);
  BOOST_TEST(secrets() == 0U);
  BOOST_CHECK_THROW(begin(SignIn()), std::invalid_argument);
}

BOOST_FIXTURE_TEST_CASE(erasing_a_sign_in_takes_its_tokens_and_no_others, SignInStore) {
  const std::string other(64, 'b');
  begin(connecting());
  begin(connecting(other));
  write([](Writer& writer) { erase_sign_in(writer, digest); });
  BOOST_TEST(!find());
  BOOST_TEST(!tokens(connecting()));
  BOOST_TEST(tokens(connecting(other)).has_value());
  write([](Writer& writer) { erase_sign_in(writer, digest); });
  BOOST_TEST(secrets() == 1U);
}

BOOST_FIXTURE_TEST_CASE(ending_a_sign_in_that_was_erased_brings_nothing_back, SignInStore) {
  write([](Writer& writer) { end_sign_in(writer, digest); });
  BOOST_TEST(!find());
}

BOOST_FIXTURE_TEST_CASE(one_that_is_held_is_found_behind_any_number_of_spent_ones, SignInStore) {
  const auto held = [&] {
    return read([](const Reader& reader) { return is_sign_in_held(reader); });
  };
  write([&](Writer& writer) {
    for (int i = 1'000; i < 2'500; ++i) {
      const auto spent = connecting(std::to_string(i) + std::string(60, 'b'));
      begin_sign_in(writer, sealer, spent, token);
      end_sign_in(writer, spent.digest);
    }
    put_token(writer, sealer, "0042", "github", token);
    (void)put_doomed_token(writer, sealer, "github", token);
  });
  BOOST_TEST(!held());
  begin(connecting(std::string(64, 'f')));
  BOOST_TEST(held());
}

BOOST_FIXTURE_TEST_CASE(sign_ins_are_listed_in_pages_without_gaps_or_repeats, SignInStore) {
  const std::string letters = "0489acf";
  for (const char letter : letters) begin(connecting(std::string(64, letter)));
  write([](Writer& writer) { end_sign_in(writer, std::string(64, '9')); });
  for (std::size_t size = 1; size <= letters.size() + 1; ++size) {
    std::string seen;
    for (std::string after;;) {
      const auto page =
          read([&](const Reader& reader) { return list_sign_ins(reader, after, size); });
      BOOST_TEST(page.size() <= size);
      if (page.empty()) break;
      BOOST_REQUIRE_LE(seen.size() + page.size(), letters.size());
      for (const auto& sign_in : page) seen += sign_in.digest.front();
      after = page.back().digest;
    }
    BOOST_TEST(seen == letters);
  }
  BOOST_TEST(read([](const Reader& reader) { return list_sign_ins(reader, "", 0); }).empty());
}

BOOST_FIXTURE_TEST_CASE(who_is_erased_while_connecting_leaves_no_tokens_behind, SignInStore) {
  write([](Writer& writer) {
    for (const auto* id : {"0042", "42"}) {
      Member member;
      member.id = id;
      put_member(writer, member);
    }
  });
  begin(connecting());
  auto other = connecting(std::string(64, 'b'));
  other.member = "42";
  begin(other);
  auto arriving = connecting(std::string(64, 'c'));
  arriving.member.clear();
  arriving.provider = "openhumans";
  begin(arriving);
  write([](Writer& writer) { erase_member(writer, "0042"); });
  BOOST_TEST(!find());
  BOOST_TEST(!tokens(connecting()));
  BOOST_TEST(tokens(other).has_value());
  BOOST_TEST(tokens(arriving).has_value());
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
