#include <boost/test/unit_test.hpp>

#include "storage/graph/user_rows.hpp"
#include "tests/storage/check_fixture.hpp"

namespace tidemark::storage::graph {
namespace {

using storage::test::CheckFixture;
using storage::test::Row;

constexpr UserId linus = 1'024'025, octocat = 583'231;

// As it stands in the table, without what should move with it.
void change(CheckFixture& store, UserId id, const std::function<void(User&)>& body) {
  store.write([&](Writer& writer) {
    User user = find_user(writer, id).value();
    body(user);
    put_user_row(writer, user);
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_check)

BOOST_FIXTURE_TEST_CASE(each_row_that_should_lead_to_an_account_is_missed, CheckFixture) {
  std::size_t tried = 0;
  for (const auto table : {Table::graph_names, Table::graph_orders, Table::graph_frontier,
                           Table::graph_repository_owners}) {
    for (const auto& row : rows(table)) {
      erase(row);
      // A former name is missed by the row that names it from its account, and the other way round.
      const bool former = table == Table::graph_names && (row.key[0] == '\3' || row.value.back());
      BOOST_TEST(finds(former ? "graph_names[" : readable(table, row.key), row.key[0] == '\3'
                                                                               ? "is missing"
                                                                           : former ? "any more"
                                                                                    : "is missing"),
                 readable(table, row.key));
      put(row);
      ++tried;
    }
  }
  BOOST_TEST(tried == 15U);
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(each_row_that_leads_to_nobody_is_found, CheckFixture) {
  for (const UserId id : {linus, octocat}) {
    const Row user{Table::graph_users, user_key(id), ""};
    erase(user);
  }
  BOOST_TEST(finds("graph_names[1, \"linus\"]", "there is no account 1024025"));
  BOOST_TEST(finds("graph_names[1, \"torvalds\"]", "there is no account 1024025"));
  BOOST_TEST(finds("graph_names[2, \"U_octocat\"]", "there is no account 583231"));
  BOOST_TEST(finds("graph_names[3, 1024025, 1, \"torvalds\"]", "there is no account"));
  BOOST_TEST(finds("graph_orders[2, 0, 1024025]", "does not belong there"));
  BOOST_TEST(finds("graph_orders[3, 0, 1024025]", "does not belong there"));
  BOOST_TEST(finds("graph_frontier[2, 2, 6, 583231]", "does not belong there"));
  BOOST_TEST(finds("graph_readings[1024025, 1]", "there is no account 1024025"));
  BOOST_TEST(finds("counts[\"\", 3]", "not those of the graph's tables"));
}

BOOST_FIXTURE_TEST_CASE(an_account_that_changed_alone_is_found, CheckFixture) {
  change(*this, linus, [](User& user) {
    user.login = "octocat";
    user.profile.followers = 7;
    user.place->due_ms = 100;
  });
  BOOST_TEST(finds("graph_names[1, \"octocat\"]", "account 1024025 is called so"));
  BOOST_TEST(finds("graph_names[1, \"linus\"]", "is called otherwise"));
  BOOST_TEST(finds("graph_orders[3, -7, 1024025]", "is missing for account 1024025"));
  BOOST_TEST(finds("graph_orders[3, 0, 1024025]", "does not belong there"));
  BOOST_TEST(finds("graph_frontier[3, 0, 100, 1024025]", "is missing for account"));
  BOOST_TEST(finds("graph_frontier[3, 0, 99, 1024025]", "does not belong there"));
}

BOOST_FIXTURE_TEST_CASE(wrong_totals_are_found, CheckFixture) {
  write([](Writer& writer) {
    auto sums = totals(writer);
    ++sums.waiting;
    put_totals(writer, sums);
  });
  BOOST_TEST(finds("counts[\"\", 3]", "not those of the graph's tables"));
  write([](Writer& writer) { put_totals(writer, Totals()); });
  BOOST_TEST(finds("counts[\"\", 3]", "not those of the graph's tables"));
}

BOOST_FIXTURE_TEST_CASE(a_repository_of_two_owners_is_found, CheckFixture) {
  auto row = rows(Table::graph_repositories).at(0);
  row.key = KeyWriter().u64(octocat).u64(2'325'298).bytes();
  put(row);
  BOOST_TEST(finds("graph_repository_owners[2325298]", "account 583231 as well"));
  erase(rows(Table::graph_repositories).at(1));
  BOOST_TEST(finds("graph_repository_owners[2325298]", "not among those of account 1024025"));
}

BOOST_FIXTURE_TEST_CASE(a_seed_that_nobody_would_look_up_is_found, CheckFixture) {
  const auto waiting = KeyWriter().u8(2).text("somebody").bytes();
  const Row row{Table::graph_seeds, waiting, ValueWriter(1).take()};
  erase(row);
  BOOST_TEST(finds("graph_seeds[2, \"somebody\"]", "nobody would look the seed up"));
  put(row);
  put({row.table, KeyWriter().u8(2).text("torvalds").bytes(), row.value});
  BOOST_TEST(finds("graph_seeds[2, \"torvalds\"]", "no such seed waits"));
}

BOOST_FIXTURE_TEST_CASE(a_salt_of_a_wrong_length_is_found, CheckFixture) {
  put({Table::meta, "graph_salt", ValueWriter(1).text("salt").take()});
  BOOST_TEST(finds("meta[\"graph_salt\"]", "wrong length"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage::graph
