#include "tests/simulators/world.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/simulators/gzip.hpp"
#include "tests/simulators/moment.hpp"

using namespace tidemark::simulators;

namespace {

constexpr auto line =
    R"({"repo":"acme/tool","sha":"aaa","author":"u1","authored":"2024-02-29T23:30:00-05:00",)"
    R"("committed":"2024-03-01T10:00:00+05:30","merge":true,"additions":5,"deletions":2,"subject":"Fix"})";

struct CommitFile {
  explicit CommitFile(const std::string& bytes)
      : path(std::filesystem::temp_directory_path() / ("commits-" + std::to_string(getpid()))) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  ~CommitFile() { std::filesystem::remove(path); }
  std::string path;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(worlds)

BOOST_AUTO_TEST_CASE(commits_are_read_from_plain_and_gzipped_lines) {
  for (bool packed : {false, true}) {
    std::string text = std::string(line) + "\n\n";
    CommitFile file(packed ? gzip(text) : text);
    World world;
    world.load_commits(file.path, "");
    const Repository& repository = *world.find_repository("ACME/tool");
    BOOST_TEST(repository.commits.size() == 1u);
    const Commit& commit = repository.commits[0];
    BOOST_TEST(commit.author->login == "u1");
    BOOST_TEST(format_moment(commit.authored_s) == "2024-03-01T04:30:00Z");
    BOOST_TEST(format_moment(commit.committed_s) == "2024-03-01T04:30:00Z");
    BOOST_TEST(commit.additions == 5);
    BOOST_TEST(commit.merge);
    BOOST_TEST(repository.owner->organization);
    BOOST_TEST(world.busiest()->login == "u1");
  }
}

BOOST_AUTO_TEST_CASE(a_bad_line_is_named) {
  CommitFile file(std::string(line) + "\n{\"repo\":\"a/b\"}\n");
  World world;
  BOOST_CHECK_EXCEPTION(
      world.load_commits(file.path, ""), WorldError, [&](const WorldError& error) {
        return std::string(error.what()) == file.path + ":2: \"sha\" must be a text";
      });
  BOOST_CHECK_THROW(world.load_commits("/nowhere/commits", ""), WorldError);
}

BOOST_AUTO_TEST_CASE(all_commits_may_belong_to_one_account) {
  CommitFile file(std::string(line) + "\n");
  World world;
  world.load_commits(file.path, "everyone");
  BOOST_TEST(world.busiest()->login == "everyone");
  BOOST_TEST(world.find_login("u1") == nullptr);
}

BOOST_AUTO_TEST_CASE(extras_are_the_same_for_the_same_seed) {
  auto make = [](World& world, std::uint64_t seed) {
    for (int i = 0; i < 100; ++i) {
      Commit commit;
      commit.authored_s = commit.committed_s = 1'700'000'000 + i * 86400;
      world.add_commit("acme/tool", commit, "alice");
    }
    world.add_extras(seed);
    std::string all;
    for (const Item& each : world.items()) all += std::to_string(each.created_s) + each.state + " ";
    return all;
  };
  World first, second, third;
  std::string made = make(first, 1);
  BOOST_TEST(first.items().size() == 5u + 6u + 10u);
  BOOST_TEST(made == make(second, 1));
  BOOST_TEST(made != make(third, 2));
  BOOST_TEST(first.owned_by(*first.find_login("alice")).size() == 1u);
}

BOOST_AUTO_TEST_CASE(node_ids_are_made_as_github_makes_them) {
  BOOST_TEST(make_node_id("U", 583231) == "U_kgDOAAjmPw");
}

BOOST_AUTO_TEST_CASE(moments_are_read_and_written) {
  BOOST_TEST(*parse_moment("1970-01-01") == 0);
  BOOST_TEST(*parse_moment("2106-02-07T06:28:16Z") == 4294967296);
  BOOST_TEST(*parse_moment("1969-12-31T23:59:59Z") == -1);
  BOOST_TEST(format_moment(-1) == "1969-12-31T23:59:59Z");
  BOOST_TEST(format_http(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  BOOST_TEST(format_moment(plus_years(*parse_moment("2024-02-29T12:00:00Z"), 1)) ==
             "2025-02-28T12:00:00Z");
  for (const char* wrong :
       {"", "soon", "2024-13-01", "2024-01-01T25:00:00Z", "2024-01-01T00:00:00x", "2024-1-1"}) {
    BOOST_TEST(!parse_moment(wrong).has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()
