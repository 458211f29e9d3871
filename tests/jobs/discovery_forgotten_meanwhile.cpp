#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "jobs/discovery/deny.hpp"
#include "jobs/discovery/leave_out.hpp"
#include "storage/graph/forgotten.hpp"
#include "tests/jobs/discovery_world.hpp"

// Somebody is forgotten while the crawl that knows them is at work: its own copy of what it notes
// must not bring them back.

using namespace tidemark;  // NOLINT: a test of everything together
using test::DiscoveryWorld;

namespace {

struct Forgetting : DiscoveryWorld {
  Forgetting() {
    make_people(60, 240);
    name_seed("u0");
    person = world.find_login("u17")->database_id;
    before_github = [this](const http::Request&) {
      if (!forgotten && is_time(cursor())) forget();
    };
  }
  void forget() {
    forgotten = true;
    engine->write([&](storage::Writer& writer) {
      const auto user = storage::graph::find_user(writer, person);
      const std::int64_t now_ms = simulation.clock().wall_now().time_since_epoch().count();
      (void)jobs::discovery::deny_and_forget(writer, *user, now_ms);
      while (!storage::graph::forget_user(writer, *user, 1'000)) {
      }
    });
  }

  UserId person = 0;
  bool forgotten = false;
  std::function<bool(const jobs::discovery::Crawl&)> is_time;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(discovery_forgotten_meanwhile, Forgetting)

BOOST_AUTO_TEST_CASE(an_account_that_was_too_heavy_is_not_noted_any_more) {
  simulators::Fault heavy;
  heavy.kind = simulators::FaultKind::heavy_accounts;
  heavy.logins = {"u17"};
  heavy.weight = 120;
  github.faults().add(heavy);
  is_time = [this](const auto& crawl) { return crawl.adaptation.demoted.contains(person); };
  BOOST_TEST((crawl().state == storage::JobState::done));
  BOOST_TEST(forgotten);
  BOOST_TEST(!cursor().adaptation.demoted.contains(person));
  BOOST_TEST(!known().users.contains(person));
  check();
}

BOOST_AUTO_TEST_CASE(a_sample_is_replaced_and_the_crawl_goes_on) {
  is_time = [this](const auto& crawl) {
    const auto has_it = [this](const auto& batch) {
      return std::ranges::count(batch.samples, person) > 0;
    };
    return std::ranges::any_of(crawl.batches, has_it);
  };
  settings.samples = 60;  // whoever it is
  BOOST_TEST((crawl().state == storage::JobState::done));
  BOOST_TEST(forgotten);
  BOOST_TEST(cursor().batches.empty());
  BOOST_TEST(!known().users.contains(person));
  check();
}

BOOST_AUTO_TEST_CASE(one_that_waits_for_rest_is_not_read) {
  simulators::Fault heavy;
  heavy.kind = simulators::FaultKind::heavy_accounts;
  heavy.logins = {"u17"};
  github.faults().add(heavy);
  is_time = [this](const auto& crawl) {
    return crawl.by_rest && crawl.by_rest->id == person && !crawl.by_rest->lists.empty();
  };
  BOOST_TEST((crawl().state == storage::JobState::done));
  BOOST_TEST(forgotten);
  const auto left = cursor();
  BOOST_TEST(!left.by_rest);
  BOOST_TEST(!left.adaptation.demoted.contains(person));
  BOOST_TEST(!known().users.contains(person));
  check();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(discovery_words)

BOOST_AUTO_TEST_CASE(words_that_are_kept_do_not_say_whose_address_it_was) {
  BOOST_TEST(jobs::discovery::without_accounts(
                 "Bad (HTTP 502 of https://a.test/user/5/followers?page=2)") ==
             "Bad (HTTP 502 of https://a.test/user/…/followers?page=2)");
  BOOST_TEST(jobs::discovery::without_accounts(
                 "it (HTTP 403 of https://a.test/users/mona) and /user/77") ==
             "it (HTTP 403 of https://a.test/users/…) and /user/…");
  BOOST_TEST(jobs::discovery::without_accounts("https://a.test/user") == "https://a.test/user");
}

BOOST_AUTO_TEST_SUITE_END()
