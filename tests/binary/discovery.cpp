#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <thread>

#include "tests/binary/daemon_process.hpp"
#include "tests/binary/simulator_process.hpp"

namespace tidemark::test {

namespace json = boost::json;

namespace {

constexpr const char* token = "ghp_0perat0r5t0ken";

std::string login(int number) {
  const auto digits = std::to_string(number);
  return "dev" + std::string(5 - digits.size(), '0') + digits;
}

// Accounts in a ring, each of which follows its neighbours and is followed by them.
struct Ring {
  explicit Ring(int accounts, const DaemonFolder& folder) {
    std::string edges = "id_1,id_2\n", logins = "id,name\n";
    for (int i = 0; i < accounts; ++i) {
      edges += std::to_string(i) + "," + std::to_string((i + 1) % accounts) + "\n";
      logins += std::to_string(i) + "," + login(i) + "\n";
    }
    edges_file = folder.write("edges.csv", edges);
    logins_file = folder.write("logins.csv", logins);
  }
  [[nodiscard]] std::vector<std::string> arguments() const {
    return {"--edges",   edges_file,       "--logins",
            logins_file, "--github-token", login(0) + ":" + token};
  }
  std::string edges_file, logins_file;
};

// A ring at GitHub, and a daemon that may know the operator's token.
struct Crawling {
  explicit Crawling(int accounts, bool with_token, std::vector<std::string> more_settings = {})
      : ring(accounts, folder),
        simulator(ring.arguments()),
        daemon(folder, settings(with_token, std::move(more_settings))) {}

  [[nodiscard]] std::vector<std::string> settings(bool with_token,
                                                  std::vector<std::string> more) const {
    for (auto& setting : simulator.settings()) more.push_back(std::move(setting));
    if (!with_token) return more;
    const auto file = folder.write("github-token", std::string(token) + "\n");
    std::filesystem::permissions(file, std::filesystem::perms(0600));
    more.push_back("github.token_file=" + file);
    return more;
  }
  // A command that must end so.
  std::string run(std::vector<std::string> words, int code = 0) {
    const auto finished = folder.run(words);
    seen += finished.output + finished.errors;
    BOOST_TEST(finished.code == code, words.front() << ": " << finished.errors);
    return finished.output + finished.errors;
  }
  [[nodiscard]] json::value json_of(std::vector<std::string> words) {
    words.emplace_back("--json");
    const auto finished = folder.run(words);
    seen += finished.output + finished.errors;
    return json::parse(finished.output);
  }
  // Until the account is not there any more.
  [[nodiscard]] bool vanishes(const std::string& name) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < until) {
      if (ask(folder.file("control.sock"), "GET", "/v1/users/" + name).status == 404) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }

  DaemonFolder folder;
  Ring ring;
  SimulatorProcess simulator;
  ServingDaemon daemon;
  std::string seen;
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Everybody's and somebody's, filtered and sorted.
void look_at_repositories(Crawling& world) {
  auto list = [&world](std::vector<std::string> words) {
    words.insert(words.begin(), {"graph", "repositories", "--limit", "1000"});
    return world.json_of(std::move(words)).as_array();
  };
  const auto all = list({});
  std::map<std::string, std::size_t> owned, forks;
  for (const auto& each : all) {
    const auto& row = each.as_object();
    const std::string owner(row.at("owner_login").as_string());
    ++owned[owner];
    if (row.at("fork").as_bool()) ++forks[owner];
  }
  const auto most =
      std::ranges::max_element(owned, {}, &std::pair<const std::string, std::size_t>::second);
  BOOST_REQUIRE(most != owned.end());
  BOOST_TEST(list({most->first}).size() == most->second);
  BOOST_TEST(list({most->first, "--filter", "fork=true"}).size() == forks[most->first]);
  const auto sorted = list({most->first, "--sort", "-stargazers_count"});
  BOOST_TEST(sorted.size() == most->second);
  const auto stars = [](const json::value& row) {
    return row.as_object().at("stargazers_count").to_number<std::int64_t>();
  };
  BOOST_TEST(std::ranges::is_sorted(sorted, std::ranges::greater(), stars));
  const auto filtered = list({"--filter", "owner_github_id=-1"});
  BOOST_TEST(filtered.empty());
  BOOST_TEST(holds(world.run({"graph", "repositories", "--filter", "colour=red"}, 4), "archived"));
  BOOST_TEST(holds(world.run({"graph", "repositories", "nobody-here"}, 4), "nobody-here"));
  BOOST_TEST(
      holds(world.run({"graph", "repositories", "nobody-here", "--sort", "id"}, 4), "nobody-here"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery)

BOOST_AUTO_TEST_CASE(one_seed_becomes_a_whole_graph_that_can_be_asked_exported_and_made_to_forget) {
  Crawling world(100, true, {"discovery.depth=100"});
  const auto followed = world.run({"discover", login(0), "--follow"});
  BOOST_TEST(holds(followed, "the graph holds 100 users (100 read)"), followed);
  const auto points = world.simulator.totals("graphql");
  BOOST_TEST(points.refused == 0u);
  BOOST_TEST(points.while_blocked == 0u);

  BOOST_TEST(world.json_of({"graph", "users", "--limit", "500"}).as_array().size() == 100u);
  BOOST_TEST(world.json_of({"graph", "followers", login(0)}).as_array().size() == 2u);
  BOOST_TEST(holds(world.run({"graph", "following", login(0)}), login(99)));
  BOOST_TEST(holds(world.run({"graph", "path", login(0), login(2)}),
                   login(0) + " → " + login(1) + " → " + login(2)));
  BOOST_TEST(world.json_of({"graph", "mutual", login(0), login(2)}).as_array().size() == 1u);
  BOOST_TEST(holds(world.run({"graph", "neighbours", login(0), "--depth", "2"}), login(98)));
  const std::vector<std::string> far = {"graph", "neighbours", login(0), "--depth", "6"};
  BOOST_TEST(world.json_of(far).at("users").as_array().size() == 12u);
  BOOST_TEST(holds(world.run({"graph", "top", "--limit", "3"}), "COUNT"));
  BOOST_TEST(holds(world.run({"graph", "top", "--by", "known_following"}), "COUNT"));
  BOOST_TEST(holds(world.run({"graph", "user", login(7)}), "complete, GitHub counts 2"));
  look_at_repositories(world);
  const std::vector<std::string> one = {"graph", "followers", login(0), "--filter",
                                        "login=" + login(1)};
  BOOST_TEST(world.json_of(one).as_array().size() == 1u);
  BOOST_TEST(
      holds(world.run({"graph", "users", "--prefix", "dev0009", "--sort", "login"}), login(95)));
  BOOST_TEST(world.json_of({"graph", "users", "--sort", "-following_count"}).as_array().size() ==
             50u);
  BOOST_TEST(holds(world.run({"graph", "users"}), "first 50; for more: --limit N"));
  BOOST_TEST(!holds(world.run({"graph", "users", "--limit", "100"}), "for more"));
  BOOST_TEST(holds(world.run({"graph", "users", "--filter", "nonsense=1"}, 4), "nonsense"));
  BOOST_TEST(holds(world.run({"graph"}), "100 known, 100 read"));
  BOOST_TEST(holds(world.run({"status"}), "graph: 100 users"));

  const auto file = world.folder.file("follows.csv");
  world.run({"graph", "export", "--format", "csv", "--output", file});
  const auto table = world.folder.read("follows.csv");
  BOOST_TEST(std::ranges::count(table, '\n') == 201);
  BOOST_TEST(holds(world.run({"graph", "export"}), login(42)));
  BOOST_TEST(holds(world.run({"graph", "export", "--format", "xls"}, 4), "graphml"));

  BOOST_TEST(holds(world.run({"graph", "forget", login(5)}), "will not be learnt again"));
  BOOST_TEST(world.vanishes(login(5)));
  BOOST_TEST(world.json_of({"graph", "followers", login(4)}).as_array().size() == 1u);
  world.run({"discover", login(4), "--follow"});
  BOOST_TEST(world.vanishes(login(5)));
  BOOST_TEST(holds(world.run({"discover", login(5)}, 4), "is on the deny-list"));
  BOOST_TEST(holds(world.run({"graph", "denied"}), "1 entry"));
  world.run({"check"});
  BOOST_TEST(!holds(world.seen, token));
  BOOST_TEST(!holds(world.daemon.process.errors(), token));
}

BOOST_AUTO_TEST_CASE(who_is_forgotten_stays_so_under_a_new_name_until_allowed) {
  Crawling world(6, true, {"discovery.depth=1"});
  world.run({"discover", login(3), "--follow"});
  world.run({"graph", "forget", login(3)});
  BOOST_TEST(world.vanishes(login(3)));
  (void)world.simulator.admin("POST", "/graph",
                              R"({"rename":[{"login":")" + login(3) + R"(","to":"fresh-name"}]})");
  const auto refused = world.run({"discover", "fresh-name", "--follow"}, 4);
  BOOST_TEST(holds(refused, "tidemark graph allow fresh-name"), refused);
  BOOST_TEST(!holds(world.run({"graph", "seeds"}), "fresh-name"));
  BOOST_TEST(holds(world.run({"discover", "fresh-name"}, 4), "is on the deny-list"));
  BOOST_TEST(holds(world.run({"graph", "denied"}), "1 entry"));
  world.run({"graph", "allow", "fresh-name"});
  BOOST_TEST(holds(world.run({"graph", "denied"}), "0 entries"));
  world.run({"discover", "fresh-name", "--follow"});
  world.run({"graph", "user", "fresh-name"});
  world.run({"check"});
}

BOOST_AUTO_TEST_CASE(without_a_token_the_graph_grows_by_rest) {
  Crawling world(5, false, {"discovery.depth=100"});
  const auto followed = world.run({"discover", login(0), "--follow"});
  BOOST_TEST(holds(followed, "the graph holds 5 users (5 read)"), followed);
  BOOST_TEST(world.simulator.totals("graphql").requests == 0u);
  BOOST_TEST(world.simulator.totals("core").refused == 0u);
  BOOST_TEST(world.json_of({"graph", "following", login(3)}).as_array().size() == 2u);
  BOOST_TEST(holds(world.run({"graph"}), "anonymous"));
}

BOOST_AUTO_TEST_CASE(settings_and_files_name_seeds_and_people_who_must_not_be_in_it) {
  Crawling world(
      12, true, {"discovery.seeds=" + login(0), "discovery.deny=" + login(3), "discovery.depth=1"});
  const auto file = world.folder.write("seeds.csv", "id,name\n1," + login(6) + "\n");
  const auto followed = world.run({"discover", "--file", file, "--depth", "1", "--follow"});
  BOOST_TEST(holds(followed, "the graph holds"), followed);
  BOOST_TEST(world.json_of({"graph", "seeds"}).as_array().size() == 2u);
  BOOST_TEST(holds(world.run({"graph", "user", login(6)}), "complete"));
  world.run({"graph", "user", login(3)}, 4);
  BOOST_TEST(holds(world.run({"graph", "denied"}), "1 entry"));
  world.run({"graph", "allow", login(3)});
  world.run({"graph", "allow", login(3)}, 4);
  world.run({"graph", "seeds", "remove", login(6)});
  world.run({"graph", "seeds", "remove", login(6)}, 4);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_discovered_is_told_with_its_exit_code) {
  Crawling world(3, true);
  BOOST_TEST(holds(world.run({"discover", "a/b"}, 2), "is no GitHub login"));
  BOOST_TEST(holds(world.run({"discover"}, 2), "name a GitHub login"));
  BOOST_TEST(holds(world.run({"discover", "--file", "/nowhere"}, 2), "/nowhere: No such file"));
  const auto file = world.folder.write("bad.txt", "octocat\nno login\n");
  BOOST_TEST(holds(world.run({"discover", "--file", file}, 2), "line 2"));
  BOOST_TEST(holds(world.run({"discover", "nobody-there", "--follow"}, 4), "nobody-there: "));
}

BOOST_AUTO_TEST_CASE(
    a_token_that_github_refuses_is_told_and_who_asks_again_has_the_file_read_anew) {
  Crawling world(3, true);
  world.folder.write("github-token", "ghp_n0tAny0nes");
  world.run({"discover", login(0)});
  std::string told;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!holds(told, "does not accept the token") && std::chrono::steady_clock::now() < until) {
    told = world.run({"graph"});
  }
  BOOST_TEST(holds(told, "github.token_file"), told);
  BOOST_TEST(!holds(told + world.daemon.process.errors(), "ghp_n0tAny0nes"));
  world.folder.write("github-token", token);
  // A person who asks does not wait for the ten minutes to end.
  BOOST_TEST(holds(world.run({"discover", login(0), "--follow"}), "the graph holds 3 users"));
}

BOOST_AUTO_TEST_CASE(a_token_that_is_replaced_in_its_file_is_noticed_by_itself) {
  Crawling world(3, true);
  world.folder.write("github-token", "ghp_n0tAny0nes");
  world.run({"discover", login(0)});
  const auto shows = [&](const std::string& what) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(15);
    std::string told;
    while (!holds(told, what) && std::chrono::steady_clock::now() < until) {
      told = world.run({"graph"});
    }
    return holds(told, what);
  };
  BOOST_TEST(shows("does not accept the token"));
  world.folder.write("github-token", token);
  BOOST_TEST(shows("3 known, 3 read"));
}

BOOST_AUTO_TEST_CASE(where_discovery_is_off_nothing_of_it_is_left_to_run) {
  const DaemonFolder folder;
  const auto unfinished = [&folder] {
    std::size_t count = 0;
    for (const std::string state : {"ready", "running", "waiting"}) {
      const auto listed = folder.run({"jobs", "--kind", "discovery", "--state", state, "--json"});
      count += json::parse(listed.output).as_array().size();
    }
    return count;
  };
  {
    const ServingDaemon daemon(folder, {"discovery.seeds=octocat"});
    BOOST_TEST(unfinished() == 1u);
  }
  ServingDaemon daemon(folder, {"discovery.seeds=octocat", "discovery.enabled=false"});
  BOOST_TEST(unfinished() == 0u);
  const auto refused = folder.run({"discover", "mona"});
  BOOST_TEST(refused.code == 4);
  BOOST_TEST(holds(refused.errors, "discovery.enabled"), refused.errors);
  BOOST_TEST(holds(daemon.process.errors(), "they are not read"));
}

BOOST_AUTO_TEST_CASE(a_token_that_others_may_read_is_a_mistake_of_the_configuration) {
  const DaemonFolder folder;
  const auto file = folder.write("github-token", token);
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  const auto refused = folder.run({"serve", "--set", "github.token_file=" + file});
  BOOST_TEST(refused.code == 2);
  BOOST_TEST(holds(refused.errors, "chmod 600"), refused.errors);
  BOOST_TEST(!holds(refused.errors, token));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::test
