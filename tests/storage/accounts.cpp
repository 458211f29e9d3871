#include "storage/accounts.hpp"

#include <boost/test/unit_test.hpp>

#include "storage/members.hpp"
#include "tests/storage/memory_store.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::storage {
namespace {

using Ids = std::vector<std::string>;

struct AccountStore : test::MemoryStore {
  void put(const std::string& id, std::uint64_t github_id, const std::string& login = "ada") {
    write([&](Writer& writer) {
      auto member = find_member(writer, id).value_or(Member());
      member.id = id;
      member.github_id = github_id;
      member.login = login;
      put_member(writer, member);
    });
  }
  Ids members_of(std::uint64_t github_id) {
    return read([&](const Reader& reader) { return members_of_account(reader, github_id); });
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(accounts)

BOOST_FIXTURE_TEST_CASE(a_member_is_found_by_their_account, AccountStore) {
  put("0042", 583'231);
  BOOST_TEST(members_of(583'231) == Ids{"0042"}, boost::test_tools::per_element());
  BOOST_TEST(members_of(583'230).empty());
  BOOST_TEST(members_of(~std::uint64_t{0}).empty());
}

BOOST_FIXTURE_TEST_CASE(a_member_whose_account_is_not_known_is_in_none, AccountStore) {
  put("1", 0);
  BOOST_TEST(members_of(0).empty());
  put("1", 5);
  BOOST_TEST(members_of(5) == Ids{"1"}, boost::test_tools::per_element());
  put("1", 0);
  BOOST_TEST(members_of(5).empty());
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(another_login_is_the_same_account, AccountStore) {
  put("1", 5, "ada");
  put("1", 5, "countess");
  BOOST_TEST(members_of(5) == Ids{"1"}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(another_account_takes_the_place_of_the_one_before, AccountStore) {
  put("1", 5);
  put("1", 6);
  BOOST_TEST(members_of(5).empty());
  BOOST_TEST(members_of(6) == Ids{"1"}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(two_members_may_share_an_account_until_one_goes, AccountStore) {
  put("2", 5);
  put("1", 5);
  put("12", 5);
  BOOST_TEST((members_of(5) == Ids{"1", "12", "2"}));
  write([](Writer& writer) { erase_member(writer, "1"); });
  BOOST_TEST((members_of(5) == Ids{"12", "2"}));
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(nothing_moves_when_the_transaction_fails, AccountStore) {
  put("1", 5);
  const auto fails = [](Writer& writer) {
    auto member = find_member(writer, "1").value();
    member.github_id = 6;
    put_member(writer, member);
    throw std::runtime_error("no");
  };
  BOOST_CHECK_THROW(write(fails), std::runtime_error);
  BOOST_TEST(members_of(5) == Ids{"1"}, boost::test_tools::per_element());
  BOOST_TEST(members_of(6).empty());
}

BOOST_FIXTURE_TEST_CASE(whatever_members_do_the_index_agrees, AccountStore) {
  test::Dice dice(tidemark::test::test_seed());
  for (int step = 0; step < 200; ++step) {
    const auto id = std::to_string(dice.below(6));
    if (dice.below(4) == 0) {
      write([&](Writer& writer) { erase_member(writer, id); });
    } else {
      put(id, dice.below(4));
    }
    BOOST_REQUIRE_EQUAL(first_problem(), "");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
