#include "storage/graph/frontier.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "tests/storage/memory_store.hpp"

namespace tidemark::storage::graph {
namespace {

struct Frontier : storage::test::MemoryStore {
  void place(UserId id, std::uint8_t rank, std::uint32_t depth, std::int64_t due_ms) {
    User user;
    user.id = id;
    user.login = "u" + std::to_string(id);
    user.place = Place{rank, depth, due_ms};
    write([&](Writer& writer) { put_user(writer, user); });
  }
  std::vector<UserId> next(std::int64_t now_ms, std::uint32_t depth_most = 9,
                           std::size_t most = 99) {
    std::vector<UserId> ids;
    const auto find = [&](const Reader& reader) {
      return next_in_frontier(reader, now_ms, depth_most, most);
    };
    for (const auto& entry : read(find)) ids.push_back(entry.id);
    return ids;
  }
  std::optional<std::int64_t> due(std::int64_t now_ms) {
    return read([&](const Reader& reader) { return next_due_ms(reader, now_ms); });
  }
};

using Ids = std::vector<UserId>;

ListReading reading_of(UserId user, List list) {
  ListReading reading;
  reading.user = user;
  reading.list = list;
  return reading;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(graph_frontier, Frontier)

BOOST_AUTO_TEST_CASE(accounts_come_by_rank_depth_due_time_and_number) {
  place(1, rank_stale, 0, 5);
  place(2, rank_new, 2, 1);
  place(3, rank_new, 1, 9);
  place(4, rank_new, 1, 8);
  place(6, rank_asked, 7, 9);
  place(5, rank_new, 1, 9);
  BOOST_TEST((next(10) == Ids{6, 4, 3, 5, 2, 1}));
  BOOST_TEST((next(10, 9, 2) == Ids{6, 4}));
  BOOST_TEST(next(10, 9, 0).empty());
  place(3, rank_new, 0, 9);  // a shorter way was found
  BOOST_TEST((next(10) == Ids{6, 3, 4, 5, 2, 1}));
}

BOOST_AUTO_TEST_CASE(what_is_not_due_or_too_deep_is_passed_over) {
  place(1, rank_new, 1, 50);
  place(2, rank_new, 2, 5);
  place(3, rank_new, 3, 5);
  place(4, rank_new, depth_unknown, 5);
  place(5, rank_stale, 0, 5);
  place(6, rank_stale, 0, 60);
  BOOST_TEST((next(10, 2) == Ids{2, 5}));
  BOOST_TEST((next(10, depth_unknown) == Ids{2, 3, 4, 5}));
  BOOST_TEST((next(50, 2) == Ids{1, 2, 5}));
}

BOOST_AUTO_TEST_CASE(the_next_due_time_is_the_earliest_of_all_that_wait) {
  BOOST_TEST(!due(0));
  place(1, rank_new, 1, 50);
  place(2, rank_new, 2, 5);
  place(3, rank_new, 2, 40);
  place(4, rank_stale, 0, 45);
  BOOST_TEST(due(4).value() == 5);
  BOOST_TEST(due(5).value() == 40);
  BOOST_TEST(due(40).value() == 45);
  BOOST_TEST(due(49).value() == 50);
  BOOST_TEST(!due(50));
  BOOST_TEST(!due(std::numeric_limits<std::int64_t>::max()));
}

BOOST_AUTO_TEST_CASE(every_field_of_a_list_reading_comes_back) {
  place(5, rank_new, 1, 1);
  ListReading put = reading_of(5, List::stars);
  put.next = "https://api.github.test/user/5/starred?page=2";
  put.rest = put.compares = true;
  put.total = 1'234;
  put.taken = 100;
  put.failures = 3;
  put.started_ms = 77;
  put.page_size = 25;
  write([&](Writer& writer) {
    put_list_reading(writer, put);
    put_list_reading(writer, reading_of(5, List::followers));
  });
  const auto find = [](const Reader& reader) { return find_list_reading(reader, 5, List::stars); };
  const auto got = read(find).value();
  BOOST_TEST(got.next == put.next);
  BOOST_TEST(got.rest);
  BOOST_TEST(got.compares);
  BOOST_TEST(got.total == put.total);
  BOOST_TEST(got.taken == put.taken);
  BOOST_TEST(got.failures == put.failures);
  BOOST_TEST(got.started_ms == put.started_ms);
  BOOST_TEST(got.page_size == put.page_size);
  write([](Writer& writer) { erase_list_reading(writer, 5, List::stars); });
  BOOST_TEST(!read(find));
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(readings_are_listed_by_account_and_list) {
  write([](Writer& writer) {
    for (const auto& [user, list] : {std::pair<UserId, List>{7, List::followers},
                                     {5, List::repositories},
                                     {5, List::followers}})
      put_list_reading(writer, reading_of(user, list));
  });
  const auto page = [this](const std::optional<std::pair<UserId, List>>& after, std::size_t most) {
    return read([&](const Reader& reader) { return list_readings(reader, after, most); });
  };
  BOOST_TEST(page(std::nullopt, 9).size() == 3U);
  BOOST_TEST(page(std::nullopt, 0).empty());
  const auto rest = page(std::pair(UserId{5}, List::followers), 9);
  BOOST_REQUIRE_EQUAL(rest.size(), 2U);
  BOOST_TEST((rest[0].user == 5 && rest[0].list == List::repositories));
  BOOST_TEST(rest[1].user == 7U);
}

BOOST_AUTO_TEST_CASE(what_was_seen_is_visible_at_once_and_ends_with_its_list) {
  const auto body = [](Writer& writer) {
    note_seen(writer, 5, List::followers, {1, 2});
    note_seen(writer, 5, List::following, {3});
    return was_seen(writer, 5, List::followers, 2);
  };
  BOOST_TEST(write(body));
  const auto seen = [this](List list, std::uint64_t id) {
    return read([&](const Reader& reader) { return was_seen(reader, 5, list, id); });
  };
  BOOST_TEST(!seen(List::followers, 3));
  write([](Writer& writer) { erase_seen(writer, 5, List::followers); });
  BOOST_TEST(!seen(List::followers, 1));
  BOOST_TEST(seen(List::following, 3));
}

BOOST_AUTO_TEST_CASE(a_seed_waits_until_it_was_looked_up) {
  write([](Writer& writer) {
    put_seed(writer, {"Ada", 5, 0, "", 0});
    put_seed(writer, {"bob", 5, 0, "", 2});
    put_seed(writer, {"Carol", 5, 0, "", 0});
  });
  const auto names = [](const std::vector<Seed>& seeds) {
    std::string all;
    for (const auto& seed : seeds) all += seed.login + " ";
    return all;
  };
  const auto waiting = [&](std::size_t most) {
    return names(read([&](const Reader& reader) { return unresolved_seeds(reader, most); }));
  };
  BOOST_TEST(waiting(9) == "Ada bob Carol ");
  BOOST_TEST(waiting(2) == "Ada bob ");
  write([](Writer& writer) {
    put_seed(writer, {"ADA", 5, 17, "", 0});
    put_seed(writer, {"bob", 5, 0, "GitHub knows no such account", 2});
  });
  BOOST_TEST(waiting(9) == "Carol ");
  const auto list = [&](const std::string& after) {
    return names(read([&](const Reader& reader) { return list_seeds(reader, after, 9); }));
  };
  BOOST_TEST(list("") == "ADA bob Carol ");
  BOOST_TEST(list("Bob") == "Carol ");
  const auto find = [](const Reader& reader) { return find_seed(reader, "ada"); };
  BOOST_TEST(read(find)->id == 17U);
  write([](Writer& writer) {
    erase_seed(writer, "aDA");
    erase_seed(writer, "carol");
  });
  BOOST_TEST(list("") == "bob ");
  BOOST_TEST(waiting(9) == "");
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage::graph
