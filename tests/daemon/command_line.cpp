#include "daemon/cli/command_line.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

namespace tidemark::daemon {

namespace {

ParsedCommandLine parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "tidemark");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

Command command_of(std::vector<const char*> arguments) {
  const auto parsed = parse(std::move(arguments));
  BOOST_REQUIRE(parsed.command_line.has_value());
  return parsed.command_line->command;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(nouns_alone_list_and_verbs_after_them_do) {
  BOOST_CHECK(command_of({"jobs"}) == Command::jobs_list);
  BOOST_CHECK(command_of({"jobs", "list"}) == Command::jobs_list);
  BOOST_CHECK(command_of({"jobs", "show", "7"}) == Command::jobs_show);
  BOOST_CHECK(command_of({"jobs", "requeue", "7"}) == Command::jobs_requeue);
  BOOST_CHECK(command_of({"jobs", "drop", "7"}) == Command::jobs_drop);
  BOOST_CHECK(command_of({"members"}) == Command::members_list);
  BOOST_CHECK(command_of({"members", "show", "7"}) == Command::members_show);
  BOOST_CHECK(command_of({"members", "add", "7"}) == Command::members_add);
  BOOST_CHECK(command_of({"members", "remove", "7"}) == Command::members_remove);
  BOOST_CHECK(command_of({"weeks", "7"}) == Command::weeks);
  BOOST_CHECK(command_of({"key", "rotate"}) == Command::key_rotate);
  BOOST_CHECK(command_of({"serve"}) == Command::serve);
}

BOOST_AUTO_TEST_CASE(accounts_filters_and_limits_of_the_graph_are_plain_values) {
  const auto discover = parse({"discover", "octocat", "mona", "--file", "seeds.csv", "--depth", "2",
                               "--limit", "5000", "--follow"})
                            .command_line.value();
  BOOST_CHECK(discover.command == Command::discover);
  BOOST_TEST((discover.logins == std::vector<std::string>{"octocat", "mona"}));
  BOOST_TEST(discover.logins_file == "seeds.csv");
  BOOST_TEST(discover.depth == 2u);
  BOOST_TEST(discover.users_most == 5'000u);
  BOOST_TEST(discover.follow);
  const auto users = parse({"graph", "users", "--filter", "location=Oslo", "--filter",
                            "followers_count__gte=9", "--sort", "-followers_count"})
                         .command_line.value();
  BOOST_CHECK(users.command == Command::graph_users);
  BOOST_TEST(users.filters.size() == 2u);
  BOOST_TEST(users.sort == "-followers_count");
  for (const char* list : {"followers", "following", "repositories"}) {
    const auto some = parse({"graph", list, "octocat", "--filter", "a=b", "--filter", "c=d"});
    BOOST_TEST(some.command_line.value().filters.size() == 2u, list);
    BOOST_TEST(some.command_line.value().id == "octocat", list);
  }
  const auto everybodys =
      parse({"graph", "repositories", "--sort", "-stargazers_count"}).command_line.value();
  BOOST_CHECK(everybodys.command == Command::graph_repositories);
  BOOST_TEST(everybodys.id == "");
  BOOST_TEST(everybodys.sort == "-stargazers_count");
  const auto path = parse({"graph", "path", "octocat", "mona"}).command_line.value();
  BOOST_TEST(path.id == "octocat");
  BOOST_TEST(path.other == "mona");
}

BOOST_AUTO_TEST_CASE(a_limit_is_a_count_of_rows_that_can_be_shown) {
  for (std::vector<const char*> list : {std::vector<const char*>{"graph", "users"},
                                        {"graph", "followers", "a"},
                                        {"graph", "repositories", "a"},
                                        {"graph", "neighbours", "a"},
                                        {"graph", "mutual", "a"},
                                        {"graph", "top"},
                                        {"graph", "seeds"},
                                        {"jobs"},
                                        {"members"},
                                        {"weeks", "7"}}) {
    list.push_back("--limit");
    for (const char* wrong : {"0", "-1", "99999999999999999999", "many", "1.5"}) {
      auto words = list;
      words.push_back(wrong);
      BOOST_TEST(!parse(words).command_line.has_value(), list[1] << " " << wrong);
    }
    list.push_back("100");
    BOOST_TEST(parse(list).command_line.value().limit == 100u);
  }
  // Nobody has more than a hundred of the largest.
  BOOST_TEST(!parse({"graph", "top", "--limit", "101"}).command_line.has_value());
}

BOOST_AUTO_TEST_CASE(graph_alone_is_its_status_and_every_verb_is_known) {
  BOOST_CHECK(command_of({"graph"}) == Command::graph_status);
  BOOST_CHECK(command_of({"graph", "status"}) == Command::graph_status);
  BOOST_CHECK(command_of({"graph", "user", "1"}) == Command::graph_user);
  BOOST_CHECK(command_of({"graph", "followers", "a"}) == Command::graph_followers);
  BOOST_CHECK(command_of({"graph", "following", "a"}) == Command::graph_following);
  BOOST_CHECK(command_of({"graph", "repositories", "a"}) == Command::graph_repositories);
  BOOST_CHECK(command_of({"graph", "neighbours", "a"}) == Command::graph_neighbours);
  BOOST_CHECK(command_of({"graph", "mutual", "a", "b"}) == Command::graph_mutual);
  BOOST_CHECK(command_of({"graph", "top"}) == Command::graph_top);
  BOOST_CHECK(command_of({"graph", "export"}) == Command::graph_export);
  BOOST_CHECK(command_of({"graph", "forget", "a"}) == Command::graph_forget);
  BOOST_CHECK(command_of({"graph", "deny", "a"}) == Command::graph_deny);
  BOOST_CHECK(command_of({"graph", "allow", "a"}) == Command::graph_allow);
  BOOST_CHECK(command_of({"graph", "denied"}) == Command::graph_denied);
  BOOST_CHECK(command_of({"graph", "seeds"}) == Command::graph_seeds);
  BOOST_CHECK(command_of({"graph", "seeds", "remove", "a"}) == Command::graph_unseed);
}

BOOST_AUTO_TEST_CASE(options_for_all_commands_may_stand_before_or_after_them) {
  const auto line = parse({"--json", "sync", "00012345", "--follow", "--socket", "/s", "--set",
                           "log.level=debug", "--config", "/c"})
                        .command_line.value();
  BOOST_CHECK(line.command == Command::sync);
  BOOST_TEST(line.id == "00012345");
  BOOST_TEST(line.follow);
  BOOST_TEST(line.json);
  BOOST_TEST(line.config.value() == "/c");
  BOOST_TEST((line.sets == std::vector<std::string>{"control.socket=/s", "log.level=debug"} ||
              line.sets == std::vector<std::string>{"log.level=debug", "control.socket=/s"}));
}

BOOST_AUTO_TEST_CASE(wrong_arguments_are_exit_code_2_and_help_is_0) {
  for (const auto& wrong :
       std::vector<std::vector<const char*>>{{},
                                             {"nonsense"},
                                             {"jobs", "show"},
                                             {"sync"},
                                             {"key"},
                                             {"status", "--nope"},
                                             {"discover", "octocat", "--depth", "0"},
                                             {"graph", "path", "octocat"},
                                             {"graph", "forget"},
                                             {"members", "add", "7", "ghp_token"},
                                             {"config", "--example", "--effective"}}) {
    const auto parsed = parse(wrong);
    BOOST_TEST(!parsed.command_line.has_value());
    BOOST_CHECK(parsed.exit_code == ExitCode::usage);
  }
  for (const auto* right : {"--help", "--version"}) {
    const auto parsed = parse({right});
    BOOST_TEST(!parsed.command_line.has_value());
    BOOST_CHECK(parsed.exit_code == ExitCode::ok);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
