#include "storage/sessions.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "storage/members.hpp"
#include "tests/storage/memory_store.hpp"
#include "tests/support/simulation.hpp"

namespace tidemark::storage {
namespace {

struct SessionStore : test::MemoryStore {
  void put(const Session& session, std::size_t most = 10) {
    write([&](Writer& writer) { put_session(writer, session, most); });
  }
  std::set<std::string> digests(const std::string& member) {
    const auto list = [&](const Reader& reader) { return list_sessions(reader, member); };
    std::set<std::string> found;
    for (const auto& session : read(list)) found.insert(session.digest);
    return found;
  }
};

using Digests = std::set<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(sessions)

BOOST_FIXTURE_TEST_CASE(every_field_of_a_session_comes_back, SessionStore) {
  put({"0042", "ab", -5, 1'700'000'000'000, 1'700'000'000'001});
  const auto got = read([](const Reader& reader) { return find_session(reader, "0042", "ab"); });
  BOOST_REQUIRE(got);
  BOOST_TEST(got->member == "0042");
  BOOST_TEST(got->digest == "ab");
  BOOST_TEST(got->created_ms == -5);
  BOOST_TEST(got->seen_ms == 1'700'000'000'000);
  BOOST_TEST(got->expires_ms == 1'700'000'000'001);
}

BOOST_FIXTURE_TEST_CASE(a_session_is_its_members_only, SessionStore) {
  put({"1", "ab", 1, 1, 9});
  for (const auto& [member, digest] :
       {std::pair("1", "a"), {"1", "abc"}, {"10", "ab"}, {"", "ab"}, {"1", ""}}) {
    const auto find = [&](const Reader& reader) { return find_session(reader, member, digest); };
    BOOST_TEST(!read(find));
  }
  BOOST_CHECK_THROW(put({"", "ab", 1, 1, 9}), std::invalid_argument);
}

BOOST_FIXTURE_TEST_CASE(beyond_the_limit_the_session_seen_longest_ago_goes, SessionStore) {
  put({"1", "old", 1, 90, 99}, 3);
  put({"1", "idle", 50, 50, 99}, 3);
  put({"1", "busy", 2, 95, 99}, 3);
  put({"2", "other", 0, 0, 99}, 3);
  put({"1", "new", 96, 96, 99}, 3);
  BOOST_TEST((digests("1") == Digests{"old", "busy", "new"}));
  BOOST_TEST((digests("2") == Digests{"other"}));
  put({"1", "newer", 97, 97, 99}, 1);
  BOOST_TEST((digests("1") == Digests{"newer"}));
}

BOOST_FIXTURE_TEST_CASE(a_session_that_is_seen_again_drives_none_out, SessionStore) {
  for (const auto* digest : {"a", "b", "c"}) put({"1", digest, 1, 1, 99}, 3);
  put({"1", "a", 1, 7, 99}, 3);
  BOOST_TEST((digests("1") == Digests{"a", "b", "c"}));
  const auto seen = read([](const Reader& reader) { return find_session(reader, "1", "a"); });
  BOOST_TEST(seen.value().seen_ms == 7);
}

BOOST_FIXTURE_TEST_CASE(a_new_session_stays_even_when_all_others_were_seen_later, SessionStore) {
  for (const auto* digest : {"a", "b", "c"}) put({"1", digest, 1, 50, 99}, 3);
  put({"1", "z", 1, 2, 99}, 3);  // the clock was set back
  BOOST_TEST(digests("1").contains("z"));
  BOOST_TEST(digests("1").size() == 3U);
}

BOOST_FIXTURE_TEST_CASE(ten_sessions_are_kept_unless_told_otherwise, SessionStore) {
  for (int number = 0; number < 12; ++number)
    write([&](Writer& writer) {
      put_session(writer,
                  {"1", std::string(1, static_cast<char>('a' + number)), number, number, 99});
    });
  BOOST_TEST(digests("1").size() == 10U);
  BOOST_TEST(!digests("1").contains("b"));
  BOOST_TEST(digests("1").contains("c"));
}

BOOST_FIXTURE_TEST_CASE(signing_out_ends_one_session_and_leaving_ends_all, SessionStore) {
  for (const auto* member : {"1", "10", "2"})
    for (const auto* digest : {"a", "b"}) put({member, digest, 1, 1, 99});
  write([](Writer& writer) { erase_session(writer, "1", "a"); });
  BOOST_TEST((digests("1") == Digests{"b"}));
  write([](Writer& writer) { erase_sessions(writer, "1"); });
  BOOST_TEST(digests("1").empty());
  write([](Writer& writer) { erase_member(writer, "2"); });
  BOOST_TEST(digests("2").empty());
  BOOST_TEST((digests("10") == Digests{"a", "b"}));
}

BOOST_AUTO_TEST_CASE(a_walk_in_pages_of_any_size_erases_the_old_ones_and_no_other) {
  constexpr std::int64_t now_ms = 100, seen_before_ms = 40;
  test::Dice dice(tidemark::test::test_seed());
  for (std::size_t page = 1; page <= 33; page += 4) {
    SessionStore store;
    std::size_t total = 0;
    std::map<std::string, Digests> expected;
    for (; total < 32; ++total) {
      Session session;
      session.member = std::to_string(dice.below(7));
      session.digest = std::to_string(total);
      session.seen_ms = 30 + static_cast<std::int64_t>(dice.below(20));
      session.expires_ms = 90 + static_cast<std::int64_t>(dice.below(20));
      store.put(session, 99);
      if (session.expires_ms > now_ms && session.seen_ms >= seen_before_ms)
        expected[session.member].insert(session.digest);
    }
    std::size_t steps = 0;
    std::string after;
    do {
      after = store.write([&](Writer& writer) {
        return erase_old_sessions(writer, after, page, now_ms, seen_before_ms);
      });
      BOOST_REQUIRE_LE(++steps, total / page + 1);
    } while (!after.empty());
    for (int member = 0; member < 7; ++member) {
      const auto id = std::to_string(member);
      BOOST_TEST((store.digests(id) == expected[id]), "pages of " << page << ", member " << id);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_walk_goes_on_behind_what_was_erased_and_added_meanwhile, SessionStore) {
  for (const auto* member : {"1", "2", "3"}) put({member, "a", 1, 1, 50});
  const auto walk = [&](const std::string& after) {
    return write([&](Writer& writer) { return erase_old_sessions(writer, after, 1, 99, 0); });
  };
  const auto first = walk("");
  BOOST_TEST(digests("1").empty());
  write([](Writer& writer) { erase_sessions(writer, "2"); });
  put({"0", "a", 1, 1, 50});
  const auto second = walk(first);
  BOOST_TEST(digests("3").empty());
  BOOST_TEST(walk(second).empty());
  BOOST_TEST(digests("0").size() == 1U);  // the next walk's
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
