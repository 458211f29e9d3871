#include "storage/purge.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <future>
#include <set>
#include <thread>

#include "storage/check.hpp"
#include "storage/facts.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"
#include "storage/quota.hpp"
#include "storage/rocks/families.hpp"
#include "storage/rocks/open.hpp"
#include "storage/work.hpp"
#include "tests/storage/example_store.hpp"
#include "tests/storage/folder.hpp"
#include "tests/storage/purge_whole.hpp"
#include "tests/support/traces.hpp"

namespace tidemark::storage {
namespace {

const std::string headline = "the headline of a secret design";
const std::vector<std::string> nowhere;

std::set<std::filesystem::path> names_in(const std::filesystem::path& folder) {
  std::set<std::filesystem::path> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename());
  }
  return names;
}

// At one moment: RocksDB may still be deleting files, and then it is another one.
void copy_folder(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::filesystem::remove_all(to);
    const auto before = names_in(from);
    std::error_code failed;
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive, failed);
    if (!failed && names_in(from) == before) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  throw std::runtime_error("the store never rests");
}

// A store of the example's two members, and of many others with facts around theirs.
struct PurgedStore {
  PurgedStore() { open(); }

  void open() {
    close();
    RocksOptions options;
    options.write_buffer_bytes = 256 * 1024;
    engine = open_rocks(folder.store(), options);
  }
  void close() { engine.reset(); }

  void fill() {
    engine->write([](Writer& writer) { test::fill_example(writer); });
    for (int other = 0; other < 60; ++other)
      fill_other(fmt::format("{:07}", 100'000 + other * 777));
    write_facts(test::example_member, headline, 400);
  }
  void fill_other(const std::string& id) {
    engine->write([&](Writer& writer) {
      Member member;
      member.id = id;
      member.login = "login-of-" + id;
      put_member(writer, member);
    });
    write_facts(id, "of " + id, 100);
  }
  void write_facts(const std::string& id, const std::string& text, int count) {
    engine->write([&](Writer& writer) {
      for (int number = 0; number < count; ++number) {
        const auto json = fmt::format(R"({{"headline":"{} {}"}})", text, number * 7'919);
        put_fact(writer, id,
                 {Week{2'900}, FactKind::commit, number, fmt::format("R {:040}", number), 1, json});
      }
    });
  }
  void leave() {
    engine->write([](Writer& writer) { erase_member(writer, test::example_member); });
  }
  bool purge(int pieces) {
    return purge([&pieces] { return pieces-- > 0; });
  }
  bool purge(const std::function<bool()>& goes_on = [] { return true; }) {
    return test::purge_whole(*engine, goes_on);
  }
  bool is_owed() {
    bool owed = false;
    engine->read([&](const Reader& reader) { owed = is_purge_owed(reader); });
    return owed;
  }

  // Everything that is the member's and nobody else's.
  void expect_nothing_of_them(const std::filesystem::path& where) {
    BOOST_TEST(tidemark::test::traces_in(where, traces) == nowhere,
               boost::test_tools::per_element());
  }
  void expect_others_whole() {
    engine->read([](const Reader& reader) {
      std::size_t facts = 0;
      for (int other = 0; other < 60; ++other) {
        const auto id = fmt::format("{:07}", 100'000 + other * 777);
        const auto count = [&facts](const Fact&) { return ++facts > 0; };
        scan_facts(reader, id, Week{0}, Week{9'000}, count);
      }
      BOOST_TEST(facts == 6'000U);
      const auto report = check_store(reader);
      BOOST_TEST(report.problems.empty());
    });
  }

  const std::vector<std::string> traces = {test::example_member, test::example_person.login,
                                           headline};
  test::Folder folder{test::Folder::in_memory()};
  std::unique_ptr<Engine> engine;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(purging, PurgedStore)

BOOST_AUTO_TEST_CASE(an_erased_member_is_in_no_file_of_the_store) {
  fill();
  leave();
  BOOST_TEST(tidemark::test::traces_in(folder.store(), traces).size() >= traces.size());
  BOOST_TEST(is_owed());
  BOOST_TEST(purge());
  BOOST_TEST(!is_owed());
  expect_nothing_of_them(folder.store());
  expect_others_whole();
  open();
  expect_nothing_of_them(folder.store());
  expect_others_whole();
}

BOOST_AUTO_TEST_CASE(work_that_a_member_wants_forgotten_is_in_no_file_either) {
  fill();
  engine->write([](Writer& writer) { erase_work(writer, test::example_member); });
  BOOST_TEST(is_owed());
  BOOST_TEST(purge());
  const std::vector<std::string> work = {headline};
  BOOST_TEST(tidemark::test::traces_in(folder.store(), work) == nowhere,
             boost::test_tools::per_element());
  expect_others_whole();
}

BOOST_AUTO_TEST_CASE(what_was_never_purged_before_a_restart_is_looked_for_everywhere) {
  fill();
  open();
  write_facts(test::example_member, headline, 200);
  leave();
  open();
  BOOST_TEST(tidemark::test::traces_in(folder.store(), traces).size() >= traces.size());
  BOOST_TEST(is_owed());
  BOOST_TEST(purge());
  expect_nothing_of_them(folder.store());
  expect_others_whole();
}

BOOST_AUTO_TEST_CASE(a_death_at_any_piece_leaves_the_purge_owed) {
  fill();
  leave();
  for (int pieces = 0;; ++pieces) {
    BOOST_REQUIRE_LT(pieces, 50);
    if (purge(pieces)) break;
    PurgedStore reborn;
    reborn.close();
    copy_folder(folder.store(), reborn.folder.store());
    reborn.open();
    BOOST_TEST(reborn.is_owed());
    BOOST_TEST(reborn.purge());
    reborn.expect_nothing_of_them(reborn.folder.store());
    if (pieces % 4 == 0) reborn.expect_others_whole();
  }
  expect_nothing_of_them(folder.store());
}

BOOST_AUTO_TEST_CASE(a_reader_from_before_the_erasure_is_waited_for) {
  fill();
  std::promise<void> reading, over;
  auto reader = std::async(std::launch::async, [&] {
    engine->read([&](const Reader& old) {
      reading.set_value();
      over.get_future().wait();
      BOOST_TEST(find_member(old, test::example_member).has_value());
    });
  });
  reading.get_future().wait();
  leave();
  BOOST_TEST(!purge(3));
  over.set_value();
  reader.get();
  BOOST_TEST(purge());
  expect_nothing_of_them(folder.store());
}

BOOST_AUTO_TEST_CASE(writers_go_on_and_who_leaves_meanwhile_stays_owed) {
  fill();
  fill_other("0999");
  leave();
  std::atomic<bool> enough = false;
  auto writing = std::async(std::launch::async, [&] {
    int count = 0;
    while (!enough) write_facts("0999", "of a busy one", 20 + ++count % 50);
    return count;
  });
  int pieces = 0;
  BOOST_TEST(purge([&] {
    if (++pieces == 3) engine->write([](Writer& writer) { erase_member(writer, "0777"); });
    return true;
  }));
  expect_nothing_of_them(folder.store());
  BOOST_TEST(is_owed());
  BOOST_TEST(purge());
  enough = true;
  BOOST_TEST(writing.get() > 0);
  BOOST_TEST(!is_owed());
  expect_nothing_of_them(folder.store());
  const auto facts_of_other = rocks::full_key(Table::facts, "0777");
  BOOST_TEST(tidemark::test::traces_in(folder.store(),
                                       {test::other_person.login, facts_of_other}) == nowhere,
             boost::test_tools::per_element());
  expect_others_whole();
}

BOOST_AUTO_TEST_CASE(who_comes_back_at_once_keeps_what_is_new) {
  fill();
  leave();
  write_facts(test::example_member, "of a new beginning", 30);
  BOOST_TEST(purge());
  BOOST_TEST(
      tidemark::test::traces_in(folder.store(), {headline, test::example_person.login}) == nowhere,
      boost::test_tools::per_element());
  std::size_t facts = 0;
  const auto count = [&facts](const Fact&) { return ++facts > 0; };
  engine->read([&](const Reader& reader) {
    scan_facts(reader, test::example_member, Week{0}, Week{9'000}, count);
  });
  BOOST_TEST(facts == 30U);
}

BOOST_AUTO_TEST_CASE(quota_of_an_account_that_nobody_has_is_erased_for_good) {
  fill();
  const std::string stray = account_owner(777'000'777), unknown = unknown_account_owner("0555555");
  const std::string kept = account_owner(test::other_person.github_id);
  const std::string crawl = account_owner(777'000'778);
  engine->write([&](Writer& writer) {
    for (const auto& owner : {stray, unknown, kept, crawl, std::string("github:anonymous"),
                              std::string("github:app:Iv1.1"), unknown_account_owner("0777")}) {
      for (const auto* resource : {"core", "graphql"}) {
        QuotaWindow window;
        window.owner = owner;
        window.resource = resource;
        put_quota(writer, window);
      }
    }
    const auto erased = erase_stray_quotas(writer, 100, crawl);
    // The first one is the example's.
    const std::vector<std::string> strays = {"github:10308", stray, unknown};
    BOOST_TEST(erased == strays, boost::test_tools::per_element());
    BOOST_TEST(list_quotas(writer).size() == 10U);
    BOOST_TEST(erase_stray_quotas(writer, 100, crawl).empty());
  });
  BOOST_TEST(purge());
  BOOST_TEST(tidemark::test::traces_in(folder.store(), {stray, unknown}) == nowhere,
             boost::test_tools::per_element());
  BOOST_TEST(!tidemark::test::traces_in(folder.store(), {kept}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::storage
