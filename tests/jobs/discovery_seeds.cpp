#include "jobs/discovery/seeds.hpp"

#include <boost/test/unit_test.hpp>
#include <map>

#include "jobs/discovery/deny.hpp"
#include "jobs/discovery/limits.hpp"
#include "jobs/discovery/resolve_seed.hpp"
#include "jobs/discovery/services.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"
#include "storage/jobs.hpp"
#include "storage/rocks/open.hpp"

using namespace tidemark;
using namespace tidemark::jobs::discovery;
namespace graph = tidemark::storage::graph;

namespace {

constexpr std::int64_t now_ms = 1'000'000;
using Logins = std::vector<std::string>;

std::string joined(const Logins& logins) {
  std::string text;
  for (const auto& login : logins) text += login + " ";
  return text;
}

std::string only_problem(std::string_view file) {
  const auto read = read_seeds(file);
  BOOST_REQUIRE_EQUAL(read.problems.size(), 1);
  return read.problems.front();
}

struct Room {
  std::unique_ptr<storage::Engine> engine = storage::open_rocks_in_memory();
  NamedSeeds name(const Logins& logins, const SeedOptions& options = {}) const {
    NamedSeeds named;
    engine->write(
        [&](storage::Writer& writer) { named = name_seeds(writer, logins, options, now_ms); });
    return named;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_seeds)

BOOST_AUTO_TEST_CASE(logins_are_what_github_allows) {
  for (const std::string good : {"a", "octocat", "Octo-Cat", "007", "old--name", "mona_acme",
                                 "a234567890123456789012345678901234567-9"}) {
    BOOST_TEST(is_login(good), good);
  }
  for (const std::string bad :
       {"", "-", "-a", "a-", "a b", "a/b", "a.b", "ä", "@octocat", "mona_", "_acme", "a_b_c",
        "mona_waytoolong", "mona-_acme", "a2345678901234567890123456789012345678-0", "a\n"}) {
    BOOST_TEST(!is_login(bad), bad);
  }
}

BOOST_AUTO_TEST_CASE(a_file_has_one_login_a_line_and_comments) {
  const auto read = read_seeds("# ours\noctocat\r\n\n  mona  # the painter\nOctoCat\nhubot");
  BOOST_TEST(read.problems.empty());
  BOOST_TEST(joined(read.logins) == "octocat mona hubot ");
  BOOST_TEST(read_seeds("").logins.empty());
}

BOOST_AUTO_TEST_CASE(csv_has_its_logins_in_a_column_that_its_first_line_names) {
  BOOST_TEST(joined(read_seeds("id,name\n0,dev00000\n1,dev00001\n").logins) ==
             "dev00000 dev00001 ");
  // `login` says more than `name`, which may be what people call themselves.
  BOOST_TEST(joined(read_seeds("\xef\xbb\xbfName,LOGIN\n\"Lisa, Mona\",mona\n").logins) == "mona ");
  BOOST_TEST(joined(read_seeds("bio,login\n\"two\nlines, a # and \"\"quotes\"\"\",mona\nx,hubot")
                        .logins) == "mona hubot ");
  BOOST_TEST(joined(read_seeds("login\nmona\n").logins) == "mona ");
  BOOST_TEST(only_problem("a,b\n1,2\n").starts_with("line 1: this is CSV without a column"));
}

BOOST_AUTO_TEST_CASE(what_is_no_login_is_told_with_its_line_ten_times_at_most) {
  BOOST_TEST(only_problem("octocat\n\nnot a login\n").starts_with("line 3: \"not a login\" is no"));
  BOOST_TEST(only_problem("bio,login\n\"a\nb\",-\n").starts_with("line 2: \"-\" is no"));
  BOOST_TEST(only_problem("id,login\n7\n").starts_with("line 2: \"\" is no"));
  std::string many;
  for (int line = 0; line < 50; ++line) many += "a b\n";
  BOOST_TEST(read_seeds(many).problems.size() == 10u);
}

BOOST_AUTO_TEST_CASE(a_seed_waits_to_be_looked_up_and_the_crawl_is_asked_for_by_a_person) {
  const Room room;
  const auto named = room.name({"octocat", "mona"}, {.depth_most = 3});
  BOOST_TEST(joined(named.named) == "octocat mona ");
  BOOST_TEST(named.crawl.job.kind == "discovery");
  BOOST_TEST(named.crawl.job.priority == 10u);
  room.engine->read([](const storage::Reader& reader) {
    BOOST_TEST(graph::unresolved_seeds(reader, 10).size() == 2u);
    BOOST_TEST(graph::find_seed(reader, "OCTOCAT").value().depth_most == 3u);
  });
  BOOST_TEST(room.name({"hubot"}).crawl.joined);
}

BOOST_AUTO_TEST_CASE(a_seed_that_is_known_is_looked_up_again_for_a_person_only) {
  const Room room;
  room.engine->write([](storage::Writer& writer) {
    graph::Seed seed;
    seed.login = "octocat";
    seed.id = 583'231;
    graph::put_seed(writer, seed);
  });
  const auto by_settings = room.name({"octocat"}, {.again = false});
  BOOST_TEST(joined(by_settings.known) == "octocat ");
  BOOST_TEST(by_settings.crawl.job.id == 0u);
  BOOST_TEST(joined(room.name({"octocat"}).named) == "octocat ");
  room.engine->read([](const storage::Reader& reader) {
    BOOST_TEST(graph::unresolved_seeds(reader, 10).size() == 1u);
  });
}

BOOST_AUTO_TEST_CASE(denied_people_are_no_seeds_and_whoever_is_known_is_forgotten) {
  const Room room;
  (void)room.name({"octocat"});
  room.engine->write([](storage::Writer& writer) {
    graph::User user;
    user.id = 7;
    user.login = "octocat";
    graph::put_user(writer, user);
    BOOST_TEST(!deny_login(writer, "stranger", now_ms).has_value());
    const auto ordered = deny_login(writer, "OctoCat", now_ms);
    BOOST_REQUIRE(ordered.has_value());
    BOOST_TEST(ordered->job.kind == "forget");
    BOOST_TEST(ordered->job.key == "7");
    BOOST_TEST(graph::DenyList::load(writer).denies(7, "renamed"));
    BOOST_TEST(!graph::find_seed(writer, "octocat").has_value());
  });
  const auto named = room.name({"octocat", "Stranger"});
  BOOST_TEST(joined(named.denied) == "octocat Stranger ");
  BOOST_TEST(named.named.empty());
}

BOOST_AUTO_TEST_CASE(whoever_took_over_a_login_is_not_confused_with_who_had_it) {
  const Room room;
  room.engine->write([](storage::Writer& writer) {
    graph::User user;
    user.id = 7;
    user.login = "octocat";
    graph::put_user(writer, user);
    user.login = "renamed";
    graph::put_user(writer, user);
    BOOST_TEST(!deny_login(writer, "octocat", now_ms).has_value());
    BOOST_TEST(!graph::DenyList::load(writer).denies(7, "renamed"));
  });
}

BOOST_AUTO_TEST_CASE(the_size_limit_of_a_person_stays_below_that_of_the_settings) {
  const Room room;
  DiscoverySettings settings;
  settings.users_most = 1'000;
  room.engine->write([&](storage::Writer& writer) {
    BOOST_TEST(users_limit(writer, settings) == 1'000u);
    put_users_limit(writer, 10);
    BOOST_TEST(users_limit(writer, settings) == 10u);
    put_users_limit(writer, 5'000);
    BOOST_TEST(users_limit(writer, settings) == 1'000u);
  });
}

// They may just have put the right token there. Quota comes back when it does, whoever asks.
BOOST_AUTO_TEST_CASE(a_wait_that_is_not_for_quota_ends_when_a_person_asks) {
  const Room room;
  const auto suspend = [&](std::string_view reason) {
    room.engine->write([&](storage::Writer& writer) {
      const auto any = [](const storage::Job&) { return true; };
      const auto job = storage::claim_job(writer, now_ms, any);
      BOOST_REQUIRE(job);
      storage::suspend_job(writer, job->id, job->fence, now_ms + 600'000, reason, now_ms);
    });
  };
  const auto state = [&] {
    storage::Job job;
    room.engine->read([&](const storage::Reader& reader) {
      job = storage::find_job(reader, discovery_kind, job_key).value();
    });
    return std::string(storage::name_of(job.state));
  };
  room.name({"octocat"});
  suspend("GitHub does not accept the token of the setting github.token_file");
  BOOST_TEST(state() == "waiting");
  BOOST_TEST(room.name({"mona"}).crawl.joined);
  BOOST_TEST(state() == "ready");
  suspend("tidemark is stopping");
  room.engine->write([](storage::Writer& writer) { (void)start_crawl(writer, now_ms); });
  BOOST_TEST(state() == "ready");
  suspend("waiting for GitHub quota (graphql): 0 of 5000 left");
  room.name({"hubot"});
  BOOST_TEST(state() == "waiting");
}

BOOST_AUTO_TEST_CASE(of_too_many_seeds_with_a_problem_each_day_others_are_looked_up) {
  const Room room;
  constexpr std::size_t seeds = 60, most = 10;
  constexpr std::int64_t begin_ms = 20'000 * seeds_again_ms;
  std::map<std::string, int> turns;
  room.engine->write([](storage::Writer& writer) {
    for (std::size_t each = 0; each < seeds; ++each) {
      graph::Seed seed;
      seed.login = "seed" + std::to_string(each);
      seed.problem = unknown_seed;
      graph::put_seed(writer, seed);
    }
  });
  for (std::int64_t day = 0; day < 60; ++day) {
    room.engine->write([&](storage::Writer& writer) {
      const std::int64_t today_ms = begin_ms + day * seeds_again_ms;
      BOOST_TEST(may_look_again_at_seeds(writer, today_ms));
      look_again_at_seeds(writer, today_ms, most);
      BOOST_TEST(!may_look_again_at_seeds(writer, today_ms));
      const auto waiting = graph::unresolved_seeds(writer, seeds);
      BOOST_TEST(waiting.size() <= most);
      BOOST_TEST(seeds_looked(writer).problems == seeds);
      BOOST_TEST(seeds_looked(writer).again == waiting.size());
      for (const graph::Seed& seed : waiting) {
        ++turns[seed.login];
        note_seed_problem(writer, seed.login, std::string(unknown_seed));
      }
    });
  }
  BOOST_TEST(turns.size() == seeds);
}

BOOST_AUTO_TEST_SUITE_END()
