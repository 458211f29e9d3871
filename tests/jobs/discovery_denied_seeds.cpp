#include <boost/test/unit_test.hpp>

#include "jobs/discovery/deny.hpp"
#include "jobs/discovery/graph_jobs.hpp"
#include "jobs/discovery/resolve_seed.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/jobs.hpp"
#include "tests/jobs/discovery_taking.hpp"

namespace tidemark::jobs::discovery {

namespace {

struct SeedRoom : test::TakingRoom {
  UserId resolve(const std::string& login, const Entry& account) {
    UserId id = 0;
    take([&](storage::Writer& writer, Taking& taking) {
      storage::graph::Seed seed;
      seed.login = login;
      storage::graph::put_seed(writer, seed);
      id = resolve_seed(writer, taking, login, account);
    });
    return id;
  }
};

Entry entry_of(UserId id, const std::string& login) {
  Entry entry;
  entry.id = id;
  entry.login = login;
  return entry;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(discovery_denied_seeds, SeedRoom)

BOOST_AUTO_TEST_CASE(a_seed_that_is_somebody_forgotten_under_a_new_name_goes) {
  constexpr UserId forgotten = 77;
  engine->write(
      [&](storage::Writer& writer) { storage::graph::deny_user(writer, forgotten, "", now_ms); });
  for (const std::string asked : {"fresh-name", "redirected-name"}) {
    BOOST_TEST(resolve(asked, entry_of(forgotten, "fresh-name")) == 0U);
    read([&](const storage::Reader& reader) {
      BOOST_TEST(!storage::graph::find_seed(reader, asked));
      BOOST_TEST(!storage::graph::find_user(reader, forgotten));
      const auto denied = storage::graph::DenyList::load(reader);
      for (const auto* name : {asked.c_str(), "fresh-name"}) BOOST_TEST(denied.denies(0, name));
      // Takes the names off the disk.
      BOOST_TEST(storage::find_job(reader, forget_kind, "77").has_value());
    });
  }
}

BOOST_AUTO_TEST_CASE(who_had_the_name_of_somebody_forgotten_before_stays) {
  constexpr UserId forgotten = 77, other = 78;
  engine->write([&](storage::Writer& writer) {
    User user;
    user.id = other;
    user.login = "passed-on";
    put_user(writer, user);
    storage::graph::deny_user(writer, forgotten, "", now_ms);
  });
  BOOST_TEST(resolve("passed-on", entry_of(forgotten, "passed-on")) == 0U);
  read([&](const storage::Reader& reader) {
    BOOST_TEST(storage::graph::find_user(reader, other).has_value());
    BOOST_TEST(!storage::find_job(reader, forget_kind, "78").has_value());
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::jobs::discovery
