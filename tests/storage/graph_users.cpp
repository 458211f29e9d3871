#include <boost/test/unit_test.hpp>
#include <limits>

#include "storage/graph/frontier.hpp"
#include "storage/graph/names.hpp"
#include "storage/graph/user.hpp"
#include "tests/storage/memory_store.hpp"

namespace tidemark::storage::graph {
namespace {

User account(UserId id, std::string login) {
  User user;
  user.id = id;
  user.login = std::move(login);
  user.node_id = "U_" + std::to_string(id);
  user.first_seen_ms = user.last_seen_ms = 5;
  return user;
}

struct GraphStore : storage::test::MemoryStore {
  void put(const User& user) {
    write([&](Writer& writer) { put_user(writer, user); });
  }
  std::optional<User> find(UserId id) {
    return read([&](const Reader& reader) { return find_user(reader, id); });
  }
  // 0: nobody; a former holder is the opposite of its number.
  std::int64_t holder(const std::string& login) {
    const auto found = read([&](const Reader& reader) { return find_login(reader, login); });
    if (!found) return 0;
    const auto id = static_cast<std::int64_t>(found->id);
    return found->former ? -id : id;
  }
  std::vector<UserId> list(UserOrder order, const std::string& prefix = "") {
    return read([&](const Reader& reader) {
      // Page by page, one account each.
      std::vector<UserId> ids;
      std::optional<UserPosition> after;
      for (bool more = true; more;) {
        more = false;
        const auto visit = [&](const User& user, const UserPosition& position) {
          ids.push_back(user.id);
          after = position;
          more = true;
          return false;
        };
        scan_users(reader, order, after, prefix, visit);
      }
      return ids;
    });
  }
  Totals sums() {
    return read([](const Reader& reader) { return totals(reader); });
  }
};

using Ids = std::vector<UserId>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(graph_users, GraphStore)

BOOST_AUTO_TEST_CASE(every_field_of_an_account_comes_back) {
  User user = account(user_id_most, "Grace");
  put(user);
  BOOST_TEST((find(user.id) == user));
  user.kind = UserKind::bot;
  user.presence = Presence::gone;
  user.depth = 0;
  user.last_seen_ms = 3;  // a clock may go backwards
  user.read_ms = std::numeric_limits<std::int64_t>::min();
  user.gone_ms = std::numeric_limits<std::int64_t>::max();
  user.profile = {"Grace Hopper", "Arlington", "bio", "@navy", "g@navy.test", -5, 6, 7, 8, 9, 10};
  user.fruitless = 11;
  user.place = Place{rank_stale, 0xffff'fffe, -3};
  for (const List list : all_lists)
    user.list(list) = {ListState::cut, 17 * static_cast<int>(list), 9};
  put(user);
  BOOST_TEST((find(user.id) == user));
  user.profile.public_gists = std::nullopt;
  user.read_ms = 0;
  user.place = std::nullopt;
  put(user);
  BOOST_TEST((find(user.id) == user));
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(an_account_known_by_name_costs_less_than_a_hundred_bytes) {
  constexpr std::int64_t now_ms = 1'795'000'000'000;
  User user = account(123'456'789, "a-login-of-some-length");
  user.node_id = "MDQ6VXNlcjEyMzQ1Njc4OQ==";
  user.depth = 3;
  user.first_seen_ms = user.last_seen_ms = now_ms;
  user.place = Place{2, 3, now_ms};
  put(user);
  const auto bytes = read([](const Reader& reader) {
    std::size_t sum = 0;
    for (const auto table : {Table::graph_users, Table::graph_names, Table::graph_frontier}) {
      const auto add = [&](std::string_view, std::string_view value) {
        sum += value.size();
        return true;
      };
      reader.scan(table, "", "", add);
    }
    return sum;
  });
  BOOST_TEST(bytes < 100U);
}

BOOST_AUTO_TEST_CASE(an_account_is_found_by_login_in_any_case_and_by_node_id) {
  put(account(5, "OctoCat"));
  BOOST_TEST(holder("octocat") == 5);
  BOOST_TEST(holder("OCTOCAT") == 5);
  BOOST_TEST(holder("octoca") == 0);
  BOOST_TEST(holder("") == 0);
  BOOST_TEST(holder(std::string("octocat\0x", 9)) == 0);
  const auto by_node = [](const Reader& reader) { return find_node_id(reader, "U_5").value(); };
  BOOST_TEST(read(by_node) == 5U);
}

BOOST_AUTO_TEST_CASE(a_former_login_leads_to_the_account_until_another_takes_it) {
  User user = account(5, "before");
  put(user);
  user.login = "After";
  put(user);
  BOOST_TEST(holder("before") == -5);
  BOOST_TEST(holder("after") == 5);
  BOOST_TEST((list(UserOrder::login) == Ids{5}));
  put(account(6, "Before"));
  BOOST_TEST(holder("before") == 6);
  BOOST_TEST(first_problem() == "");
  // Its own again.
  user.login = "last";
  put(user);
  user.login = "AFTER";
  put(user);
  BOOST_TEST(holder("after") == 5);
  BOOST_TEST(holder("last") == -5);
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(a_login_that_another_has_now_is_taken_from_its_former_owner) {
  put(account(5, "shared"));
  put(account(6, "Shared"));
  BOOST_TEST(holder("shared") == 6);
  BOOST_TEST(find(5)->login == "");
  BOOST_TEST((list(UserOrder::login) == Ids{6}));
  BOOST_TEST(first_problem() == "");
  put(account(5, "found-again"));
  BOOST_TEST((list(UserOrder::login) == Ids{5, 6}));
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(former_names_are_forgotten_after_a_while) {
  for (UserId id = 1; id <= 3; ++id) {
    User user = account(id, "old" + std::to_string(id));
    put(user);
    user.login = "new" + std::to_string(id);
    user.last_seen_ms = static_cast<std::int64_t>(id) * 10;
    put(user);
  }
  std::string after;
  int pieces = 0;
  for (bool more = true; more; ++pieces) {
    const auto next =
        write([&](Writer& writer) { return erase_former_names(writer, 25, after, 2); });
    more = next.has_value();
    after = next.value_or("");
  }
  BOOST_TEST(pieces == 2);
  BOOST_TEST(holder("old1") == 0);
  BOOST_TEST(holder("old2") == 0);
  BOOST_TEST(holder("old3") == -3);
  BOOST_TEST(holder("new1") == 1);
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(an_erased_account_leaves_no_name_behind) {
  User user = account(5, "before");
  put(user);
  user.login = "after";
  user.read_ms = 9;
  user.place = Place{rank_new, 1, 5};
  put(user);
  write([&](Writer& writer) { erase_user(writer, user); });
  BOOST_TEST(holder("before") == 0);
  BOOST_TEST(holder("after") == 0);
  BOOST_TEST(!find(5));
  BOOST_TEST((sums() == Totals()));
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(each_order_lists_accounts_page_by_page) {
  const auto read_account = [](UserId id, std::string login, std::int64_t created_s,
                               std::uint64_t followers) {
    User user = account(id, std::move(login));
    user.read_ms = 9;
    user.profile.created_s = created_s;
    user.profile.followers = followers;
    return user;
  };
  put(read_account(4, "ab", -7, 10));
  put(read_account(3, "Aa", 50, 10));
  put(read_account(2, "b", 0, std::numeric_limits<std::uint64_t>::max()));
  put(account(1, "abc"));
  BOOST_TEST((list(UserOrder::id) == Ids{1, 2, 3, 4}));
  BOOST_TEST((list(UserOrder::login) == Ids{3, 4, 1, 2}));
  BOOST_TEST((list(UserOrder::login, "AB") == Ids{4, 1}));
  BOOST_TEST((list(UserOrder::login, "abcd").empty()));
  // Of accounts that were read, the others' numbers are not known.
  BOOST_TEST((list(UserOrder::created) == Ids{3, 2, 4}));
  BOOST_TEST((list(UserOrder::followers) == Ids{2, 3, 4}));
  const auto strange = [](const Reader& reader) {
    int seen = 0;
    const auto count = [&](const User&, const UserPosition&) { return ++seen > 0; };
    scan_users(reader, UserOrder::login, UserPosition{std::string("a\0b", 3), 0, 0}, "", count);
    scan_users(reader, UserOrder::created,
               UserPosition{"", std::numeric_limits<std::int64_t>::min(), 0}, "", count);
    return seen;
  };
  BOOST_TEST(read(strange) == 4);  // a cursor may hold anything
}

BOOST_AUTO_TEST_CASE(totals_move_with_the_accounts) {
  User user = account(5, "a");
  user.place = Place{rank_new, 1, 5};
  put(user);
  User company = account(6, "b");
  company.kind = UserKind::organization;
  company.read_ms = 3;
  put(company);
  BOOST_TEST((sums() == Totals{1, 0, 0, 1, 0, 1, 1}));
  company.place = Place{rank_stale, 0, 9};  // to be read again: nobody waits for that
  put(company);
  BOOST_TEST((sums() == Totals{1, 0, 0, 1, 0, 2, 1}));
  company.place = Place{rank_asked, 0, 9};
  put(company);
  BOOST_TEST((sums() == Totals{1, 0, 0, 1, 0, 2, 2}));
  company.place.reset();
  put(company);
  user.place.reset();
  user.read_ms = 9;
  user.presence = Presence::gone;
  put(user);
  BOOST_TEST((sums() == Totals{1, 1, 1, 1, 0, 0}));
  user.kind = UserKind::organization;  // somebody made one of the account
  put(user);
  BOOST_TEST((sums() == Totals{0, 0, 1, 2, 0, 0}));
  BOOST_TEST(first_problem() == "");
}

BOOST_AUTO_TEST_CASE(a_number_that_fits_into_no_edge_is_refused) {
  BOOST_CHECK_THROW(put(account(0, "a")), std::invalid_argument);
  BOOST_CHECK_THROW(put(account(user_id_most + 1, "a")), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage::graph
