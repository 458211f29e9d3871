#include "jobs/discovery/rest_values.hpp"
#include "storage/graph/etags.hpp"
#include "storage/graph/repository.hpp"
#include "tests/jobs/discovery_taking.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using namespace tidemark::jobs::discovery;
using storage::graph::ListState;
using test::TakingRoom;
using test::Told;

namespace {

struct Lists : TakingRoom {
  Lists() { name(1, 0); }
  // As it was a week ago, for sure.
  void settle(const Told& told) {
    tell(1, told);
    confirm({1});
    pass_days(7);
  }
  ListPage part(const std::vector<UserId>& ids, std::uint64_t total, bool first,
                const std::string& next) {
    ListPage result = page(List::followers, ids);
    result.total = total;
    result.first = first;
    result.next = next;
    return result;
  }
  void give(const ListPage& one) {
    take([&](auto& writer, auto& now) {
      User user = found(writer, 1);
      take_page(writer, now, user, one);
    });
  }
  std::size_t readings() {
    std::size_t count = 0;
    read([&](const storage::Reader& reader) {
      count = storage::graph::list_readings(reader, std::nullopt, 10).size();
    });
    return count;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(discovery_take_lists, Lists)

BOOST_AUTO_TEST_CASE(a_list_is_complete_once_somebody_else_counted_it) {
  tell(1, {.followers = {2}});
  BOOST_TEST((state(1) == ListState::unconfirmed));
  BOOST_TEST(user(1).list(List::followers).read_ms == 0);
  confirm({1});
  BOOST_TEST((state(1) == ListState::complete));
  BOOST_TEST(user(1).list(List::followers).read_ms == now_ms);
}

BOOST_AUTO_TEST_CASE(an_edge_that_a_confirmed_list_lacks_is_ended) {
  settle({.followers = {2, 3}, .following = {4, 5}});
  tell(1, {.followers = {3}, .following = {4}});
  BOOST_TEST(follows(2, 1));  // not before it is confirmed
  BOOST_TEST(confirm({1}).ended == 2u);
  BOOST_TEST(!follows(2, 1));
  BOOST_TEST(!follows(1, 5));
  BOOST_TEST(follows(3, 1));
  BOOST_TEST(ended_from(2) == 1u);
  BOOST_TEST((state(1) == ListState::complete));
  check();
}

BOOST_AUTO_TEST_CASE(a_list_that_was_cut_without_a_word_ends_nothing) {
  settle({.followers = {2, 3}});
  tell(1, {.followers = {3}});
  confirm({1}, false);
  BOOST_TEST(follows(2, 1));
  BOOST_TEST((state(1) == ListState::unread));
  BOOST_TEST(user(1).place->due_ms <= now_ms);
  // And what was noted of it says nothing of the next reading.
  tell(1, {.followers = {2, 3}});
  BOOST_TEST(confirm({1}).ended == 0u);
  BOOST_TEST(follows(2, 1));
  check();
}

BOOST_AUTO_TEST_CASE(a_list_shorter_than_its_count_is_cut_and_ends_nothing) {
  settle({.followers = {2, 3}});
  tell(1, {.followers = {3}, .counted_more = 1});
  BOOST_TEST((state(1) == ListState::cut));
  BOOST_TEST(confirm({1}).ended == 0u);
  BOOST_TEST(follows(2, 1));
  BOOST_TEST((state(1) == ListState::cut));
}

BOOST_AUTO_TEST_CASE(an_empty_list_ends_nothing) {
  settle({.followers = {2, 3}});
  tell(1, {});
  confirm({1});
  BOOST_TEST(follows(2, 1));
  BOOST_TEST((state(1) == ListState::cut));
}

BOOST_AUTO_TEST_CASE(a_long_list_is_read_page_by_page_and_stands_out_of_the_frontier) {
  tell(1, {});
  give(part({2, 3}, 3, true, "cursor"));
  BOOST_TEST((state(1) == ListState::reading));
  BOOST_TEST(!user(1).place);
  BOOST_TEST(readings() == 1u);
  confirm({1});  // what is not over cannot be confirmed
  BOOST_TEST((state(1) == ListState::reading));
  give(part({4}, 3, false, ""));
  BOOST_TEST((state(1) == ListState::unconfirmed));
  BOOST_TEST(readings() == 0u);
  BOOST_TEST(user(1).place.has_value());
  confirm({1});
  BOOST_TEST((state(1) == ListState::complete));
  check();
}

BOOST_AUTO_TEST_CASE(a_long_list_ends_what_none_of_its_pages_shows) {
  settle({.followers = {2, 3, 4}});
  give(part({3}, 2, true, "cursor"));
  give(part({5}, 2, false, ""));
  confirm({1});
  BOOST_TEST(!follows(2, 1));
  BOOST_TEST(follows(3, 1));
  BOOST_TEST(!follows(4, 1));
  BOOST_TEST(follows(5, 1));
  check();
}

BOOST_AUTO_TEST_CASE(an_entry_that_comes_on_two_pages_counts_once) {
  settle({.followers = {2, 3}});
  give(part({2, 3}, 3, true, "cursor"));
  give(part({3}, 3, false, ""));
  BOOST_TEST((state(1) == ListState::cut));
}

BOOST_AUTO_TEST_CASE(a_first_page_begins_the_reading_anew) {
  settle({.followers = {2, 3, 4}});
  give(part({2}, 3, true, "cursor"));
  give(part({2, 3}, 3, true, "other"));
  give(part({4}, 3, false, ""));
  BOOST_TEST((state(1) == ListState::unconfirmed));
  BOOST_TEST(confirm({1}).ended == 0u);
}

BOOST_AUTO_TEST_CASE(a_list_in_which_somebody_is_hidden_is_cut_and_ends_nothing) {
  settle({.followers = {2, 3}});
  ListPage hidden = part({3}, 2, true, "");
  hidden.unreadable = 1;
  give(hidden);
  confirm({1});
  BOOST_TEST((state(1) == ListState::cut));
  BOOST_TEST(follows(2, 1));
}

BOOST_AUTO_TEST_CASE(an_edge_seen_from_its_other_end_stays_until_the_list_says_it_twice) {
  settle({.followers = {2}});
  tell(2, {.following = {1}});
  confirm({2});
  tell(1, {.followers = {3}});
  const Taking first = confirm({1});
  BOOST_TEST(first.contradicted == std::vector<UserId>{1});
  BOOST_TEST(follows(2, 1));
  BOOST_TEST((state(1) == ListState::cut));
  tell(1, {.followers = {3}});
  BOOST_TEST(confirm({1}).contradicted.empty());
  BOOST_TEST(!follows(2, 1));
  BOOST_TEST((state(1) == ListState::complete));
}

BOOST_AUTO_TEST_CASE(a_list_that_was_not_confirmed_is_not_asked_for_as_unchanged) {
  const std::string target = list_target(1, List::followers);
  const auto validator = [&] {
    std::optional<std::string> etag;
    read([&](const storage::Reader& reader) { etag = storage::graph::find_etag(reader, target); });
    return etag;
  };
  settle({.followers = {2}});
  tell(2, {.following = {1}});
  confirm({2});
  for (const ListState end : {ListState::cut, ListState::complete}) {
    tell(1, {.followers = {3}});
    take([&](auto& writer, auto&) { storage::graph::put_etag(writer, target, "\"3\""); });
    confirm({1});  // seen from the other end first, then believed
    BOOST_TEST((state(1) == end));
    BOOST_TEST(validator().has_value() == (end == ListState::complete));
  }
  tell(1, {.followers = {3, 4}});
  confirm({1}, false);
  BOOST_TEST(!validator().has_value());
}

BOOST_AUTO_TEST_CASE(an_edge_that_both_ends_lack_is_ended_at_once) {
  settle({.followers = {2, 3}});
  tell(2, {.following = {1, 3}});
  confirm({2});
  pass_days(7);
  take([&](auto& writer, auto& now) {
    tell(writer, now, 1, {.followers = {3}});
    tell(writer, now, 2, {.following = {3}});
  });
  BOOST_TEST(confirm({1, 2}).contradicted.empty());
  BOOST_TEST(!follows(2, 1));
  BOOST_TEST(ended_from(2) == 1u);
}

BOOST_AUTO_TEST_CASE(an_edge_that_comes_back_is_there_again) {
  settle({.followers = {2, 3}});
  tell(1, {.followers = {3}});
  confirm({1});
  pass_days(7);
  tell(1, {.followers = {2, 3}});
  BOOST_TEST(follows(2, 1));
}

BOOST_AUTO_TEST_CASE(a_list_that_did_not_change_is_complete_again) {
  settle({.followers = {2}});
  take([&](auto& writer, auto& now) {
    User one = found(writer, 1);
    take_account(writer, now, one, news(1, {.followers = {2}}));
    take_unchanged(writer, now, one, List::followers);
  });
  BOOST_TEST((state(1) == ListState::complete));
  BOOST_TEST(user(1).list(List::followers).read_ms == now_ms);
}

BOOST_AUTO_TEST_CASE(a_repository_that_its_owner_has_no_more_is_marked_as_gone) {
  const auto repositories = [&](const std::vector<std::uint64_t>& ids) {
    ListPage result = page(List::repositories, {});
    for (const auto id : ids) {
      storage::graph::Repository one;
      one.id = id;
      one.name = "r" + std::to_string(id);
      one.is_private = id == 99;
      result.repositories.push_back(one);
    }
    result.total = ids.size();
    return result;
  };
  tell(1, {});
  give(repositories({10, 11, 99}));
  confirm({1});
  BOOST_TEST((state(1, List::repositories) == ListState::complete));
  pass_days(7);
  give(repositories({11, 12}));
  confirm({1});
  read([&](const storage::Reader& reader) {
    BOOST_TEST(storage::graph::find_repository(reader, 10)->gone_ms == now_ms);
    BOOST_TEST(storage::graph::find_repository(reader, 11)->gone_ms == 0);
    BOOST_TEST(storage::graph::find_repository(reader, 12)->owner == 1u);
    BOOST_TEST(!storage::graph::find_repository(reader, 99));  // private
  });
  check();
}

// Edges that came from their other ends between a reading and its confirmation.
BOOST_AUTO_TEST_CASE(one_list_that_may_have_grown_does_not_excuse_another_that_is_far_too_short) {
  tell(1, {});
  for (UserId id = 100; id < 140; ++id) {
    name(id, 1);
    tell(id, {.following = {1}});
  }
  name(200, 1);
  tell(200, {.followers = {1}});
  confirm({1});
  BOOST_TEST((state(1, List::followers) == ListState::cut));
  BOOST_TEST((state(1, List::following) == ListState::cut));
  const User one = user(1);
  BOOST_TEST_REQUIRE(one.place.has_value());
  BOOST_TEST(one.place->due_ms <= now_ms + 86'400'000);
}

BOOST_AUTO_TEST_SUITE_END()
