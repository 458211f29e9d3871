#include <boost/test/unit_test.hpp>
#include <set>

#include "storage/accounts.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"
#include "storage/quota.hpp"
#include "storage/rows.hpp"
#include "storage/secrets.hpp"
#include "storage/sessions.hpp"
#include "storage/sign_ins.hpp"
#include "tests/storage/example_store.hpp"
#include "tests/storage/memory_store.hpp"

namespace tidemark::storage {
namespace {

// What a row says to who holds the key.
std::string opened(Table table, std::string_view key, std::string_view value) {
  return table == Table::secrets ? test::example_sealer().open(value, key) : std::string(value);
}

struct Found {
  Table table;
  std::string row;
};

std::vector<Found> find_rows(test::MemoryStore& store, const std::string& text) {
  return store.read([&](const Reader& reader) {
    std::vector<Found> rows;
    for (int number = 0; number < 256; ++number) {
      const auto table = static_cast<Table>(number);
      const auto visit = [&](std::string_view key, std::string_view value) {
        const auto plain = opened(table, key, value);
        if (key.find(text) != key.npos || value.find(text) != value.npos ||
            plain.find(text) != plain.npos)
          rows.push_back({table, readable(table, key)});
        return true;
      };
      reader.scan(table, "", "", visit);
    }
    return rows;
  });
}

std::vector<std::string> rows_that_hold(test::MemoryStore& store, const std::string& text) {
  std::vector<std::string> rows;
  for (auto& found : find_rows(store, text)) rows.push_back(std::move(found.row));
  return rows;
}

// What the example leaves out: quota, of the account and from before it was known; a token of each
// provider; a sign-in whose account is not the member's.
void fill_the_rest(Writer& writer) {
  const auto sealer = test::example_sealer();
  const auto& id = test::example_member;
  for (const auto& owner : {account_owner(77), unknown_account_owner(id)}) {
    QuotaWindow window;
    window.owner = owner;
    window.resource = "core";
    put_quota(writer, window);
  }
  put_token(writer, sealer, id, "openhumans", {"adas_oh_access", "adas_oh_refresh", 1, "all"});
  put_session(writer, {id, std::string(64, 'b'), 5, 6, 9});
  SignIn again;
  again.digest = std::string(64, 'f');
  again.provider = "github";
  again.member = id;
  begin_sign_in(writer, sealer, again, {"gho_adas_second", "ghr_adas_second", 0, ""});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(erasing_a_member)

BOOST_FIXTURE_TEST_CASE(nothing_of_the_member_is_left_in_any_table, test::MemoryStore) {
  write([](Writer& writer) {
    test::fill_example(writer);
    fill_the_rest(writer);
  });
  const auto& person = test::example_person;
  std::set<Table> tables;
  for (const auto& found : find_rows(*this, test::example_member)) tables.insert(found.table);
  // These name no member, whatever is in them.
  for (const auto table : {Table::meta, Table::job_queue, Table::schedules})
    BOOST_TEST(tables.insert(table).second);
  // Nor does the graph, which is not the members'.
  for (auto table = Table::graph_users; table <= Table::graph_etags;
       table = static_cast<Table>(static_cast<int>(table) + 1))
    BOOST_TEST(tables.insert(table).second);
  BOOST_TEST(name_of(static_cast<Table>(tables.size())) == "?", "a table has no row of the member");
  const std::vector<std::string> traces = {test::example_member, person.login, person.access,
                                           person.refresh,       "adas_",      account_owner(77),
                                           std::string(64, 'f')};
  for (const auto& trace : traces) BOOST_TEST(!rows_that_hold(*this, trace).empty(), trace);
  write([](Writer& writer) { erase_member(writer, test::example_member); });
  const std::vector<std::string> none;
  for (const auto& trace : traces)
    BOOST_TEST(rows_that_hold(*this, trace) == none, boost::test_tools::per_element());
  const auto same_account = [](const Reader& reader) { return members_of_account(reader, 77); };
  BOOST_TEST(read(same_account).empty());
  BOOST_TEST(first_problem() == "");
}

BOOST_FIXTURE_TEST_CASE(other_members_keep_everything, test::MemoryStore) {
  write([](Writer& writer) { test::fill_example(writer); });
  const auto before = rows_that_hold(*this, "0777");
  const auto tokens = rows_that_hold(*this, test::other_person.access);
  const auto ownerless = rows_that_hold(*this, "arriving");
  BOOST_TEST(tokens.size() == 2U);
  BOOST_TEST(ownerless.size() == 1U);
  write([](Writer& writer) { erase_member(writer, test::example_member); });
  BOOST_TEST(rows_that_hold(*this, "0777") == before, boost::test_tools::per_element());
  BOOST_TEST(rows_that_hold(*this, test::other_person.access) == tokens,
             boost::test_tools::per_element());
  BOOST_TEST(rows_that_hold(*this, "arriving") == ownerless, boost::test_tools::per_element());
  // An id that another one begins with.
  write([](Writer& writer) { erase_member(writer, "077"); });
  BOOST_TEST(rows_that_hold(*this, "0777") == before, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_run_of_the_member_loses_its_lease, test::MemoryStore) {
  write([](Writer& writer) { test::fill_example(writer); });
  const auto running = [](const Reader& reader) {
    return list_jobs(reader, {.state = JobState::running, .key = test::example_member}, 0, 9);
  };
  const auto jobs = read(running);
  BOOST_REQUIRE_EQUAL(jobs.size(), 1U);
  write([](Writer& writer) { erase_member(writer, test::example_member); });
  const auto commit = [&](Writer& writer) { check_lease(writer, jobs[0].id, jobs[0].fence); };
  BOOST_CHECK_THROW(write(commit), LostLease);
}

BOOST_FIXTURE_TEST_CASE(erasing_a_stranger_changes_nothing, test::MemoryStore) {
  write([](Writer& writer) { test::fill_example(writer); });
  const auto before = rows_that_hold(*this, "");
  write([](Writer& writer) { erase_member(writer, "99"); });
  BOOST_TEST(rows_that_hold(*this, "") == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
