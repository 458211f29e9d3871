#include <boost/test/unit_test.hpp>

#include "storage/accounts.hpp"
#include "storage/check.hpp"
#include "storage/members.hpp"
#include "storage/migrations.hpp"
#include "storage/rocks/open.hpp"
#include "tests/storage/faulty_files.hpp"
#include "tests/storage/folder.hpp"
#include "tests/storage/member_v1.hpp"

// Format 1 had no index of accounts: step 2 builds it.

namespace tidemark::storage {
namespace {

constexpr int member_count = 1'203;  // a few pages

std::string id_of(int number) { return std::to_string(100'000 + number); }
// Every seventh has no account; two share one.
std::uint64_t account_of(int number) {
  if (number % 7 == 0) return 0;
  return number == 1 ? 2 : static_cast<std::uint64_t>(number);
}

class OldStore {
 public:
  OldStore() { open(); }
  // As a tidemark of that time left it.
  void fill() {
    (void)migrate(*engine_, {migrations().front()}, "here");
    engine_->write([](Writer& writer) {
      for (int number = 0; number < member_count; ++number) {
        Member member;
        member.id = id_of(number);
        member.github_id = account_of(number);
        member.login = "ada";
        test::put_member_v1(writer, member);
      }
    });
  }
  void open() {
    RocksOptions options;
    options.env = env_.get();
    engine_ = open_rocks(folder_.store(), options);
  }
  void kill() {
    files->dead = true;
    engine_.reset();
    files->dead = false;
    files->fail_at = -1;
  }
  std::uint32_t format() {
    std::uint32_t number = 0;
    engine_->read([&](const Reader& reader) { number = format_of(reader); });
    return number;
  }
  std::size_t rows(Table table) {
    std::size_t count = 0;
    engine_->read([&](const Reader& reader) {
      reader.scan(table, "", "", [&](std::string_view, std::string_view) { return ++count > 0; });
    });
    return count;
  }
  std::vector<std::string> problems() {
    CheckReport report;
    engine_->read([&](const Reader& reader) { report = check_store(reader); });
    return report.problems;
  }
  void expect_whole_index() {
    BOOST_TEST(format() == 2U);
    BOOST_TEST(rows(Table::accounts) == member_count - (member_count + 6) / 7);
    BOOST_TEST(problems() == std::vector<std::string>{}, boost::test_tools::per_element());
    engine_->read([](const Reader& reader) {
      for (int number = 3; number < member_count; ++number) {
        const auto members = members_of_account(reader, account_of(number));
        if (account_of(number) == 0) continue;
        BOOST_REQUIRE_EQUAL(members.size(), 1U);
        BOOST_REQUIRE_EQUAL(members[0], id_of(number));
      }
      BOOST_TEST((members_of_account(reader, 2) == std::vector{id_of(1), id_of(2)}));
    });
  }

  Engine& engine() { return *engine_; }

  std::shared_ptr<test::FaultyFiles> files = std::make_shared<test::FaultyFiles>();

 private:
  test::Folder folder_{test::Folder::in_memory()};
  std::unique_ptr<rocksdb::Env> env_ = std::make_unique<test::FaultyEnv>(files);
  std::unique_ptr<Engine> engine_;
};

std::vector<std::string> migrate_to_format_2(OldStore& store) {
  const std::vector<Migration> steps(migrations().begin(), migrations().begin() + 2);
  return migrate(store.engine(), steps, "here");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_index_of_accounts)

BOOST_AUTO_TEST_CASE(an_older_store_gets_its_index_at_start) {
  OldStore store;
  store.fill();
  store.kill();
  store.open();
  BOOST_TEST(store.format() == 1U);
  BOOST_TEST(migrate_to_format_2(store).size() == 1U);
  store.expect_whole_index();
  BOOST_TEST(migrate_to_format_2(store).empty());
}

BOOST_AUTO_TEST_CASE(an_older_store_is_sound_before_its_index_is_built) {
  OldStore store;
  store.fill();
  BOOST_TEST(store.problems() == std::vector<std::string>{}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_member_that_cannot_be_read_stops_the_step_and_nothing_is_changed) {
  OldStore store;
  store.fill();
  const auto key = KeyWriter().text(id_of(member_count - 1)).bytes();
  store.engine().write([&](Writer& writer) { writer.put(Table::members, key, "\1"); });
  BOOST_CHECK_THROW(migrate_to_format_2(store), CorruptRecord);
  BOOST_TEST(store.format() == 1U);
  BOOST_TEST(store.rows(Table::accounts) == 0U);
}

BOOST_AUTO_TEST_CASE(killed_at_any_write_of_the_step_all_of_it_or_nothing_is_there) {
  bool failed = true;
  int before = 0;
  for (int operation = 0; failed; ++operation) {
    BOOST_TEST_CONTEXT("operation " << operation << " of the step fails") {
      OldStore store;
      store.fill();
      store.files->fail_at = store.files->operations() + operation;
      failed = false;
      try {
        (void)migrate_to_format_2(store);
      } catch (const StoreError&) {
        failed = true;
      }
      store.kill();
      store.open();
      if (store.format() == 1) {
        ++before;
        BOOST_TEST(store.rows(Table::accounts) == 0U);
      }
      (void)migrate_to_format_2(store);
      store.expect_whole_index();
    }
  }
  BOOST_TEST(before > 0, "the faults did not reach the step");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
