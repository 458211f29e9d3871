#include "jobs/discovery/crawl.hpp"
#include "jobs/discovery/deny.hpp"
#include "jobs/discovery/depths.hpp"
#include "jobs/discovery/graph_jobs.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "storage/codec.hpp"
#include "storage/cursors.hpp"
#include "storage/graph/names.hpp"
#include "storage/graph/repository.hpp"
#include "storage/jobs.hpp"
#include "storage/purge.hpp"
#include "tests/jobs/discovery_taking.hpp"
#include "tests/support/simulation.hpp"

using namespace tidemark;  // NOLINT: a test of everything together
using namespace tidemark::jobs::discovery;
using storage::graph::ListState;
using storage::graph::Presence;
using test::TakingRoom;
using test::Told;

namespace {

// Jobs on this store, run by hand.
struct Jobs : TakingRoom {
  using Make = std::unique_ptr<jobs::JobKind> (*)(DiscoveryServices);

  Jobs() : ledger(simulation.clock(), simulation.random()) {
    now_ms = simulation.clock().wall_now().time_since_epoch().count();
  }

  // True: done. `stopped` before its first piece: it is to go on later.
  bool run(Make make, bool stopped = false) {
    bool done = false;
    simulation.run([&]() -> async::Task<void> {
      const auto pool = storage::make_inline_pool();
      storage::Store store(*engine, *pool);
      http::Client client(simulation.executor(), simulation.clock(), simulation.connector(),
                          http::ClientLimits{}, "tidemark-test");
      http::github::ApiSettings api_settings;
      http::github::Api github(client, simulation.clock(), api_settings);
      DiscoveryServices services{.store = store,
                                 .clock = simulation.clock(),
                                 .random = simulation.random(),
                                 .github = github,
                                 .ledger = ledger,
                                 .token = [] { return std::string(); },
                                 .settings = settings};
      const std::unique_ptr<jobs::JobKind> kind = make(services);
      const std::optional<storage::Job> job = claim(kind->name());
      BOOST_REQUIRE(job);
      jobs::Run run(*job, store, simulation.clock());
      if (stopped) run.stop();
      const jobs::RunResult result = co_await kind->run(run);
      const auto* end = std::get_if<jobs::Done>(&result);
      done = end != nullptr;
      if (done && end->removed) co_return;
      engine->write([&](storage::Writer& writer) {
        if (done) return finish_job(writer, job->id, job->fence, now_ms);
        suspend_job(writer, job->id, job->fence, now_ms, "stopped", now_ms);
      });
    });
    return done;
  }
  std::optional<storage::Job> claim(const std::string& kind) {
    std::optional<storage::Job> job;
    engine->write([&](storage::Writer& writer) {
      const auto is_it = [&](const storage::Job& each) { return each.kind == kind; };
      job = storage::claim_job(writer, now_ms + 1'000'000'000'000, is_it);
    });
    return job;
  }
  void tidy() {
    engine->write([&](storage::Writer& writer) {
      storage::Job job;
      job.kind = std::string(graph_tidy_kind);
      job.key = std::string(job_key);
      storage::enqueue_job(writer, std::move(job), now_ms);
    });
    BOOST_TEST(run(make_graph_tidy_job));
  }
  void order_forgetting(UserId id) {
    engine->write(
        [&](storage::Writer& writer) { (void)deny_and_forget(writer, found(writer, id), now_ms); });
  }
  bool is_enqueued(std::string_view kind) {
    bool there = false;
    read([&](const storage::Reader& reader) {
      there = storage::find_job(reader, kind, "all").has_value();
    });
    return there;
  }
  void pass_in_simulation(std::int64_t days) {
    pass_days(days);
    simulation.run([&]() -> async::Task<void> {
      const auto time = std::chrono::hours(24 * days);
      co_await simulation.clock().sleep_for(time);
    });
  }

  // All that the crawl may know of the person beside the graph.
  void note_in_cursors() {
    Crawl crawl;
    for (const UserId id : {person, UserId{3}}) demote(crawl.adaptation, id, now_ms);
    for (const auto& accounts : {std::vector<UserId>{1, person}, std::vector<UserId>{person}}) {
      Batch batch;
      batch.accounts = accounts;
      batch.samples = {person};
      batch.doubts = {{person, {1, 2, 3}, {}, {}, {}}};
      crawl.batches.push_back(batch);
    }
    RestReading reading;
    reading.id = person;
    crawl.by_rest = reading;
    crawl.for_rest = {reading, RestReading{}};
    reading.id = 0;
    reading.login = entry(person).login;
    crawl.for_rest.push_back(reading);
    crawl.adaptation.gists.passed_over = {{person, now_ms}, {3, now_ms}};
    crawl.gists_after = person;
    crawl.swept_after = person;
    crawl.apart_after = person;
    engine->write([&](storage::Writer& writer) {
      put_crawl(writer, crawl);
      Taking now = taking();
      for (const UserId id : {UserId{1}, person, UserId{3}}) {
        User each = found(writer, id);
        each.read_ms = now_ms;
        shorten(writer, now, each, 0);
        put_user(writer, each);
      }
      const auto all = json_of({person, 1, 0}), after = json_of({3, 1, person});
      storage::put_cursor(writer, cursor_owner, "deeper 1", all);
      storage::put_cursor(writer, cursor_owner, "deeper 2", after);
      storage::put_cursor(writer, cursor_owner, leaving_name, std::to_string(person));
      // A walk that came as far as the person.
      storage::put_cursor(writer, cursor_owner, "limits", json_of({1, 9, 2, 9, 0, person}));
    });
  }
  static std::string json_of(const std::vector<UserId>& numbers) {
    std::string text = "[";
    for (const UserId number : numbers) text += std::to_string(number) + ",";
    text.back() = ']';
    return text;
  }
  // Of every table, in any form in which a row may hold it.
  std::vector<std::string> rows_with(UserId id) {
    const std::vector<std::string> forms{std::to_string(id), storage::KeyWriter().u40(id).bytes(),
                                         storage::ValueWriter(1).u64(id).take().substr(1)};
    std::vector<std::string> rows;
    read([&](const storage::Reader& reader) {
      for (int number = 0; number < 256; ++number) {
        const auto table = static_cast<storage::Table>(number);
        const auto each = [&](std::string_view key, std::string_view value) {
          for (const std::string& form : forms) {
            const bool named = key.find(form) != key.npos || value.find(form) != value.npos;
            if (named)
              rows.push_back("table " + std::to_string(number) + ": " + std::string(value));
          }
          return true;
        };
        reader.scan(table, "", "", each);
      }
    });
    return rows;
  }

  static constexpr UserId person = 0x5a'5b5c'5d5e;
  test::Simulation simulation{1};
  jobs::QuotaLedger ledger;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(discovery_forget, Jobs)

BOOST_AUTO_TEST_CASE(nothing_is_kept_of_who_is_forgotten_and_nothing_is_learnt_again) {
  name(1, 0);
  tell(1, {.followers = {2, 3}, .following = {3}});
  confirm({1});
  tell(3, {.followers = {1}, .following = {1, 2}});
  order_forgetting(3);
  BOOST_TEST(run(make_forget_job));
  BOOST_TEST(!is_known(3));
  BOOST_TEST(!follows(3, 1));
  BOOST_TEST(!follows(1, 3));
  BOOST_TEST(!follows(3, 2));
  BOOST_TEST(follows(2, 1));
  read([](const storage::Reader& reader) { BOOST_TEST(storage::is_purge_owed(reader)); });
  BOOST_TEST(is_enqueued(jobs::sign_in::tidy_kind));
  familiar.clear();
  tell(1, {.followers = {2, 3}, .following = {3}});
  BOOST_TEST(!is_known(3));
  BOOST_TEST(!follows(3, 1));
  check();
}

BOOST_AUTO_TEST_CASE(a_list_that_waits_to_be_confirmed_does_not_remember_who_is_forgotten) {
  name(1, 0);
  tell(1, {.followers = {2, 3, 4}});
  confirm({1});
  pass_days(7);
  tell(1, {.followers = {3, 4}});
  engine->write([&](storage::Writer& writer) {
    Crawl crawl;
    Batch batch;
    batch.accounts = batch.samples = {1};
    crawl.batches.push_back(batch);
    put_crawl(writer, crawl);
  });
  order_forgetting(3);
  BOOST_TEST(run(make_forget_job));
  read([](const storage::Reader& reader) {
    BOOST_TEST(!storage::graph::was_seen(reader, 1, List::followers, 3));
  });
  // The others are compared all the same, with a number that nobody has in the place of that one.
  BOOST_TEST(confirm({1}).ended == 1u);
  BOOST_TEST(!follows(2, 1));
  BOOST_TEST(follows(4, 1));
  BOOST_TEST((state(1) == ListState::complete));
}

BOOST_AUTO_TEST_CASE(no_row_of_any_table_names_who_is_forgotten) {
  name(1, 0);
  name(person, 0);
  tell(1, {.followers = {person, 3}});
  confirm({1});
  tell(person, {.followers = {1}, .following = {3}});
  note_in_cursors();
  BOOST_TEST(rows_with(person).size() > 10u);
  order_forgetting(person);
  BOOST_TEST(run(make_forget_job));
  for (const std::string& row : rows_with(person)) BOOST_TEST(false, row);
  read([](const storage::Reader& reader) {
    const Crawl crawl = load_crawl(reader);
    BOOST_TEST(crawl.adaptation.demoted.contains(3));
    BOOST_TEST(!crawl.by_rest);
    BOOST_TEST(crawl.for_rest.size() == 1u);
    BOOST_REQUIRE(crawl.batches.size() == 1u);
    // The others are still to be compared with somebody's.
    BOOST_TEST((crawl.batches[0].samples == std::vector<UserId>{1}));
    BOOST_TEST(crawl.batches[0].doubts.empty());
  });
  check();
}

BOOST_AUTO_TEST_CASE(a_long_list_that_shows_somebody_forgotten_again_does_not_note_them) {
  name(1, 0);
  tell(1, {.followers = {person, 3}});
  confirm({1});
  order_forgetting(person);
  BOOST_TEST(run(make_forget_job));
  auto first = page(List::followers, {3, person});
  first.total = 3;
  first.next = "more";
  take([&](auto& writer, auto& now) {
    User one = found(writer, 1);
    take_page(writer, now, one, first);
  });
  for (const std::string& row : rows_with(person)) BOOST_TEST(false, row);
  read([](const storage::Reader& reader) {
    BOOST_TEST(storage::graph::was_seen(reader, 1, List::followers, 3));
    const auto reading = storage::graph::find_list_reading(reader, 1, List::followers);
    BOOST_TEST(reading->taken == 2u);  // they count
  });
  check();
}

BOOST_AUTO_TEST_CASE(a_celebrity_is_forgotten_piece_by_piece_and_after_a_stop_from_there_on) {
  name(1, 0);
  take([&](auto& writer, auto&) {
    std::vector<storage::graph::Edge> edges;
    for (UserId id = 1'000; id < 8'000; ++id) edges.push_back({id, 1});
    storage::graph::put_edges(writer, storage::graph::EdgeKind::follows, edges);
  });
  order_forgetting(1);
  BOOST_TEST(!run(make_forget_job, true));
  BOOST_TEST(run(make_forget_job));
  read([](const storage::Reader& reader) {
    using namespace storage::graph;
    BOOST_TEST(count_neighbours(reader, EdgeKind::follows, Direction::incoming, 1, 10) == 0u);
    // Its key would tell who it was.
    BOOST_TEST(!storage::find_job(reader, forget_kind, "1"));
  });
  BOOST_TEST(!follows(1'000, 1));
  check();
}

BOOST_AUTO_TEST_CASE(what_is_older_than_the_retention_goes) {
  settings.retention_ms = 100LL * 86'400'000;
  name(1, 0);
  name(5, 0);
  tell(1, {.followers = {2, 3}});
  confirm({1});
  pass_in_simulation(7);
  tell(1, {.followers = {3}});
  confirm({1});
  take([&](auto& writer, auto& now) {
    User five = found(writer, 5);
    take_gone(writer, now, five);
    (void)take_entry(writer, now, {2, "U_2", "another"}, 1);
  });
  tidy();
  BOOST_TEST(ended_from(2) == 1u);
  BOOST_TEST(is_known(5));
  pass_in_simulation(101);
  tidy();
  BOOST_TEST(ended_from(2) == 0u);
  BOOST_TEST(!is_known(5));
  read([](const storage::Reader& reader) {
    BOOST_TEST(!storage::graph::find_login(reader, "user2"));
    BOOST_TEST(storage::graph::find_login(reader, "another")->id == 2u);
  });
  BOOST_TEST(is_enqueued(jobs::sign_in::tidy_kind));  // it owes a purge
  check();
}

BOOST_AUTO_TEST_CASE(without_a_retention_everything_is_kept) {
  settings.retention_ms = 0;
  name(5, 0);
  take([&](auto& writer, auto& now) {
    User five = found(writer, 5);
    take_gone(writer, now, five);
  });
  pass_in_simulation(5'000);
  tidy();
  BOOST_TEST(is_known(5));
}

BOOST_AUTO_TEST_CASE(readings_that_nobody_goes_on_with_are_dropped) {
  name(1, 0);
  take([&](auto& writer, auto& now) {
    User one = found(writer, 1);
    take_account(writer, now, one, news(1));
    ListPage first = page(List::followers, {2});
    first.total = 2;
    first.next = "cursor";
    take_page(writer, now, one, first);
    one.list(List::followers).state = ListState::cut;  // somebody gave it up
    put_user(writer, one);
  });
  tidy();
  read([](const storage::Reader& reader) {
    BOOST_TEST(storage::graph::list_readings(reader, std::nullopt, 10).empty());
  });
}

BOOST_AUTO_TEST_SUITE_END()
