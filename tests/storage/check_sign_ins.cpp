#include <boost/test/unit_test.hpp>

#include "storage/codec.hpp"
#include "storage/members.hpp"
#include "storage/secrets.hpp"
#include "storage/sign_ins.hpp"
#include "tests/storage/check_fixture.hpp"

// Damage to the tables of people who sign in.

namespace tidemark::storage {
namespace {

using test::CheckFixture;

const std::string& member = test::example_member;
const std::string connecting(64, '6'), arriving(64, 'e'), done(64, 'd');

std::string token_key(const std::string& owner, const std::string& provider) {
  return KeyWriter().text(owner).text(provider).bytes();
}

test::Row sealed(const std::string& owner, const std::string& provider) {
  const auto key = token_key(owner, provider);
  return {Table::secrets, key, test::example_sealer().seal("x", key)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(check_of_sign_ins)

BOOST_FIXTURE_TEST_CASE(a_missing_account_is_found, CheckFixture) {
  for (const auto& row : rows(Table::accounts)) {
    erase(row);
    BOOST_TEST(finds(readable(row.table, row.key), "it is missing"));
    BOOST_TEST(check().problems.size() == 1U);
    put(row);
  }
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(an_account_that_the_member_has_not_is_found, CheckFixture) {
  put({Table::accounts, KeyWriter().u64(99).text(member).bytes(), "\1"});
  BOOST_TEST(finds("accounts[99, \"0123456\"]", "that member has another account"));
  BOOST_TEST(check().problems.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(an_account_of_nobody_is_found, CheckFixture) {
  put({Table::accounts, KeyWriter().u64(99).text("55").bytes(), "\1"});
  BOOST_TEST(finds("accounts[99, \"55\"]", "no such member"));
}

BOOST_FIXTURE_TEST_CASE(a_session_of_nobody_is_found, CheckFixture) {
  put({Table::sessions, KeyWriter().text("55").text("ab").bytes(),
       ValueWriter(1).i64(1).i64(1).i64(1).take()});
  BOOST_TEST(finds("sessions: rows of \"55\"", "who is no member"));
}

BOOST_FIXTURE_TEST_CASE(a_token_without_its_sign_in_is_found, CheckFixture) {
  for (const auto& digest : {connecting, arriving}) {
    const auto provider = digest == connecting ? "github" : "openhumans";
    const auto name = readable(Table::secrets, token_key("~" + digest, provider));
    const auto key = KeyWriter().text(digest).bytes();
    const auto row = read([&](const Reader& reader) { return reader.get(Table::sign_ins, key); });
    erase({Table::sign_ins, key, ""});
    BOOST_TEST(finds(name, "belongs to no sign-in under way"));
    BOOST_TEST(check().problems.size() == 1U);
    put({Table::sign_ins, key, row.value()});
  }
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(a_token_of_a_sign_in_that_is_done_is_found, CheckFixture) {
  put(sealed("~" + done, "github"));
  BOOST_TEST(finds("secrets[\"~" + done, "belongs to no sign-in under way"));
}

BOOST_FIXTURE_TEST_CASE(a_token_of_another_provider_than_its_sign_in_is_found, CheckFixture) {
  put(sealed("~" + arriving, "github"));
  BOOST_TEST(finds("secrets[\"~" + arriving + "\", \"github\"]", "belongs to no sign-in"));
}

BOOST_FIXTURE_TEST_CASE(a_sign_in_without_its_tokens_is_found, CheckFixture) {
  erase({Table::secrets, token_key("~" + arriving, "openhumans"), ""});
  BOOST_TEST(finds("sign_ins[\"" + arriving + "\"]", "its tokens are missing"));
  BOOST_TEST(check().problems.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_sign_in_that_is_done_and_names_a_member_is_found, CheckFixture) {
  put({Table::sign_ins, KeyWriter().text(done).bytes(),
       ValueWriter(1).u64(2).text("github").text(member).i64(0).i64(0).take()});
  BOOST_TEST(finds("sign_ins[\"" + done + "\"]", "names a member"));
}

BOOST_FIXTURE_TEST_CASE(a_sign_in_of_an_unknown_phase_is_found, CheckFixture) {
  for (auto row : rows(Table::sign_ins)) {
    row.value[1] = 3;
    put(row);
    BOOST_TEST(finds(readable(row.table, row.key), "the number 3"));
  }
}

BOOST_FIXTURE_TEST_CASE(a_doomed_token_under_a_strange_name_is_found, CheckFixture) {
  const std::string hex(64, 'a');
  put(sealed("!" + hex, "github"));
  put(sealed("!" + hex, "openhumans"));
  BOOST_TEST(first_problem() == "");
  for (const auto& [owner, provider] : {std::pair("!" + hex, "gitlab"),
                                        {"!" + hex + "a", "github"},
                                        {"!" + hex.substr(1), "github"},
                                        {"!" + hex.substr(1) + "g", "github"},
                                        {"!", "github"}}) {
    const auto row = sealed(owner, provider);
    put(row);
    BOOST_TEST(finds(readable(row.table, row.key), "no token to be revoked is called so"));
    erase(row);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
