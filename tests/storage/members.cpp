#include "storage/members.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "storage/quota.hpp"
#include "tests/storage/member_v1.hpp"
#include "tests/storage/memory_store.hpp"

namespace tidemark::storage {
namespace {

Member full_member() {
  Member member;
  member.id = "01234567";
  member.state = MemberState::needs_sign_in;
  member.state_reason = "GitHub refused the token";
  member.github_node_id = "MDQ6VXNlcjE=";
  member.github_id = 10'308;
  member.login = "ada";
  member.github_created_s = 1'200'000'000;
  member.adopted = true;
  member.added_ms = 1'700'000'000'000;
  member.last_synced_ms = 1'700'000'000'001;
  member.last_error = "502";
  member.last_error_ms = 1'700'000'000'002;
  member.first_week = Week{-3};
  member.known_until = Week{2'900};
  member.commit_budget = 300;
  member.generation = 7;
  member.update_asked_ms = 1'700'000'000'003;
  member.wants_private = true;
  return member;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(members)

BOOST_FIXTURE_TEST_CASE(every_field_of_a_member_comes_back, test::MemoryStore) {
  const auto put = full_member();
  write([&](Writer& writer) { put_member(writer, put); });
  const auto got = read([](const Reader& reader) { return find_member(reader, "01234567"); });
  BOOST_REQUIRE(got);
  BOOST_TEST(got->id == put.id);
  BOOST_TEST((got->state == put.state));
  BOOST_TEST(got->state_reason == put.state_reason);
  BOOST_TEST(got->github_node_id == put.github_node_id);
  BOOST_TEST(got->github_id == put.github_id);
  BOOST_TEST(got->login == put.login);
  BOOST_TEST(got->github_created_s == put.github_created_s);
  BOOST_TEST(got->adopted);
  BOOST_TEST(got->added_ms == put.added_ms);
  BOOST_TEST(got->last_synced_ms == put.last_synced_ms);
  BOOST_TEST(got->last_error == put.last_error);
  BOOST_TEST(got->last_error_ms == put.last_error_ms);
  BOOST_TEST((got->first_week == put.first_week));
  BOOST_TEST((got->known_until == put.known_until));
  BOOST_TEST(got->commit_budget == put.commit_budget);
  BOOST_TEST(got->generation == put.generation);
  BOOST_TEST(got->update_asked_ms == put.update_asked_ms);
  BOOST_TEST(got->wants_private);
}

BOOST_FIXTURE_TEST_CASE(a_member_of_version_1_is_read_without_the_newer_fields, test::MemoryStore) {
  const auto put = full_member();
  write([&](Writer& writer) { test::put_member_v1(writer, put); });
  const auto got = read([](const Reader& reader) { return find_member(reader, "01234567"); });
  BOOST_REQUIRE(got);
  BOOST_TEST(got->login == put.login);
  BOOST_TEST(got->generation == put.generation);
  BOOST_TEST(got->update_asked_ms == 0);
  BOOST_TEST(!got->wants_private);
}

BOOST_FIXTURE_TEST_CASE(every_state_of_a_member_comes_back_and_has_a_name, test::MemoryStore) {
  std::set<std::string_view> names;
  for (const auto state : {MemberState::active, MemberState::needs_sign_in, MemberState::leaving,
                           MemberState::not_connected}) {
    auto member = full_member();
    member.state = state;
    write([&](Writer& writer) { put_member(writer, member); });
    const auto got = read([](const Reader& reader) { return find_member(reader, "01234567"); });
    BOOST_TEST((got.value().state == state));
    names.insert(name_of(state));
  }
  BOOST_TEST(names.size() == 4U);
  BOOST_TEST(name_of(MemberState::not_connected) == "not connected");
}

BOOST_FIXTURE_TEST_CASE(a_member_without_weeks_has_none, test::MemoryStore) {
  Member member;
  member.id = "1";
  write([&](Writer& writer) { put_member(writer, member); });
  const auto got = read([](const Reader& reader) { return find_member(reader, "1"); });
  BOOST_REQUIRE(got);
  BOOST_TEST(!got->first_week);
  BOOST_TEST(!got->known_until);
  BOOST_TEST(!read([](const Reader& reader) { return find_member(reader, "2"); }));
}

BOOST_FIXTURE_TEST_CASE(members_are_listed_by_id_in_pages_without_gaps_or_repeats,
                        test::MemoryStore) {
  // Ids that begin with one another, and with zeros.
  const std::vector<std::string> ids = {"0", "00", "001", "01", "1", "10", "2"};
  write([&](Writer& writer) {
    for (auto at = ids.rbegin(); at != ids.rend(); ++at) {
      Member member;
      member.id = *at;
      put_member(writer, member);
    }
  });
  for (std::size_t size = 1; size <= ids.size() + 1; ++size) {
    std::vector<std::string> seen;
    for (std::string after;;) {
      const auto page =
          read([&](const Reader& reader) { return list_members(reader, after, size); });
      BOOST_TEST(page.size() <= size);
      if (page.empty()) break;
      BOOST_REQUIRE_LE(seen.size() + page.size(), ids.size());
      for (const auto& member : page) seen.push_back(member.id);
      after = seen.back();
    }
    BOOST_TEST(seen == ids, boost::test_tools::per_element());
  }
  BOOST_TEST(read([](const Reader& reader) { return list_members(reader, "", 0); }).empty());
}

BOOST_FIXTURE_TEST_CASE(an_id_that_tokens_without_a_member_have_is_refused, test::MemoryStore) {
  for (const auto* id : {"~7", "!7"}) {
    Member member;
    member.id = id;
    BOOST_CHECK_THROW(write([&](Writer& writer) { put_member(writer, member); }),
                      std::invalid_argument);
    BOOST_CHECK_THROW(write([&](Writer& writer) { erase_member(writer, id); }),
                      std::invalid_argument);
  }
}

BOOST_FIXTURE_TEST_CASE(an_empty_member_id_is_refused, test::MemoryStore) {
  BOOST_CHECK_THROW(write([](Writer& writer) { put_member(writer, Member{}); }),
                    std::invalid_argument);
  BOOST_CHECK_THROW(write([](Writer& writer) { erase_member(writer, ""); }), std::invalid_argument);
}

BOOST_FIXTURE_TEST_CASE(the_quota_of_an_account_goes_with_its_last_member, test::MemoryStore) {
  write([](Writer& writer) {
    for (const auto* id : {"0001", "0002"}) {
      Member member;
      member.id = id;
      member.github_id = 77;
      put_member(writer, member);
    }
    for (const auto& owner :
         {account_owner(77), account_owner(777), unknown_account_owner("0001")}) {
      QuotaWindow window;
      window.owner = owner;
      window.resource = "graphql";
      put_quota(writer, window);
    }
  });
  const auto owners = [&] {
    std::set<std::string> names;
    for (const auto& window : read([](const Reader& reader) { return list_quotas(reader); })) {
      names.insert(window.owner);
    }
    return names;
  };
  write([](Writer& writer) { erase_member(writer, "0001"); });
  BOOST_TEST((owners() == std::set<std::string>{"github:77", "github:777"}));
  write([](Writer& writer) { erase_member(writer, "0002"); });
  BOOST_TEST((owners() == std::set<std::string>{"github:777"}));
}

BOOST_FIXTURE_TEST_CASE(a_damaged_member_is_named_with_table_and_key, test::MemoryStore) {
  Member member;
  member.id = "0042";
  write([&](Writer& writer) {
    put_member(writer, member);
    const std::string key("0042\0", 5);
    auto value = writer.get(Table::members, key).value();
    value.pop_back();
    writer.put(Table::members, key, value);
  });
  const auto names_it = [](const CorruptRecord& error) {
    return std::string(error.what()).find("members[\"0042\"]") == 0;
  };
  const auto find = [](const Reader& reader) { return find_member(reader, "0042"); };
  BOOST_CHECK_EXCEPTION(read(find), CorruptRecord, names_it);
}

BOOST_FIXTURE_TEST_CASE(a_member_of_a_newer_tidemark_is_refused, test::MemoryStore) {
  Member member;
  member.id = "0042";
  write([&](Writer& writer) {
    put_member(writer, member);
    const std::string key("0042\0", 5);
    auto value = writer.get(Table::members, key).value();
    value[0] = 9;
    writer.put(Table::members, key, value);
  });
  const auto find = [](const Reader& reader) { return find_member(reader, "0042"); };
  BOOST_CHECK_THROW(read(find), StoreError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
