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
