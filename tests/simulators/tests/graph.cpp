#include "tests/simulators/graph/graph.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "tests/simulators/graph/expected.hpp"
#include "tests/simulators/graph/make.hpp"
#include "tests/simulators/graph/oddities.hpp"

using namespace tidemark::simulators;

namespace {

std::vector<std::uint32_t> list(std::span<const std::uint32_t> places) {
  return {places.begin(), places.end()};
}

// A file of this test alone.
struct Written {
  explicit Written(const std::string& text) { std::ofstream(path) << text; }
  ~Written() { std::filesystem::remove(path); }
  std::string path =
      (std::filesystem::temp_directory_path() / ("tidemark-graph-" + std::to_string(::getpid())))
          .string();
};

std::string error_of(const std::string& edges) {
  World world;
  Written file(edges);
  try {
    load_graph(world, file.path, {});
  } catch (const WorldError& error) {
    return std::string(error.what()).substr(file.path.size());
  }
  return "no error";
}

ExpectedQuestion asked(const std::string& seed,
                       std::uint32_t depth = std::numeric_limits<std::uint32_t>::max()) {
  ExpectedQuestion question;
  question.seeds = {seed};
  question.depth = depth;
  return question;
}

std::string digest(const World& world) {
  return std::string(summary_of(world, expected_graph(world, {})).at("follows_digest").as_string());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(graph)

BOOST_AUTO_TEST_CASE(follows_are_kept_sorted_in_both_directions_and_once) {
  Graph made;
  made.add({{3, 1}, {0, 1}, {0, 1}, {0, 2}});
  made.add({{2, 1}, {0, 1}});
  BOOST_TEST(list(made.followers(1)) == (std::vector<std::uint32_t>{0, 2, 3}),
             boost::test_tools::per_element());
  BOOST_TEST(made.follows() == 4u);
  BOOST_TEST(made.follow(1, 0));
  BOOST_TEST(!made.follow(1, 0));
  BOOST_TEST(made.unfollow(0, 2));
  BOOST_TEST(!made.unfollow(0, 2));
  BOOST_TEST(made.follows() == 4u);
  made.follow(1, 1);
  made.clear(1);
  BOOST_TEST(made.follows() == 0u);
  BOOST_TEST(made.following(77).empty());
}

BOOST_AUTO_TEST_CASE(edges_of_a_file_are_followed_both_ways_with_names_and_numbers) {
  World world;
  Written edges("id_1,id_2\r\n0,1\n\"1\",7\n4,4\n0,1\n");
  load_graph(world, edges.path, {});
  const Account* one = world.find_login("user1");
  BOOST_REQUIRE(one != nullptr);
  BOOST_TEST(one->database_id == database_id_offset + 1);
  BOOST_TEST(world.graph().followers(one->index).size() == 2u);
  BOOST_TEST(world.graph().following(world.find_login("user4")->index).size() == 1u);
  BOOST_TEST(world.graph().follows() == 5u);
  BOOST_TEST(world.find_node(one->node_id) == one);
}

BOOST_AUTO_TEST_CASE(names_of_a_file_may_have_more_columns_and_be_taken) {
  World world;
  Written logins("id,name,ml_target\n5,Mona,0\n6,mona,1\n9,,0\n");
  load_graph(world, {}, logins.path);
  BOOST_TEST(world.find_login("MONA")->database_id == database_id_offset + 5);
  BOOST_TEST(world.find_login("mona-6")->database_id == database_id_offset + 6);
  BOOST_TEST(world.find_login("user9") != nullptr);
}

BOOST_AUTO_TEST_CASE(bad_lines_are_errors_with_file_and_line) {
  BOOST_TEST(error_of("0,1\n1;2\n") == ":2: expected \"id_1,id_2\", found \"1;2\"");
  BOOST_TEST(error_of("0,1\n0,2\n-1,2\n").starts_with(":3:"));
  BOOST_TEST(error_of("0,99999999999\n").starts_with(":1:"));
  World world;
  BOOST_CHECK_THROW(load_graph(world, "/no/such/file", {}), WorldError);
}

BOOST_AUTO_TEST_CASE(a_made_up_graph_follows_from_its_seed_and_hangs_together) {
  World one, same, other;
  for (auto [world, seed] : {std::pair{&one, 7}, {&same, 7}, {&other, 8}}) {
    make_graph(*world, static_cast<std::uint64_t>(seed), 2000, 15'000);
  }
  BOOST_TEST(one.graph().follows() == 15'000u);
  BOOST_TEST(digest(one) == digest(same));
  BOOST_TEST(digest(one) != digest(other));
  ExpectedGraph reached = expected_graph(one, asked("dev001234"));
  BOOST_TEST(reached.users.size() == 2000u);
  BOOST_TEST(reached.follows.size() == 15'000u);
  std::size_t most = 0, mutual = 0;
  for (const Account& each : one.accounts()) {
    auto following = one.graph().following(each.index);
    most = std::max(most, one.graph().followers(each.index).size());
    for (std::uint32_t to : following) {
      auto back = one.graph().following(to);
      mutual += std::binary_search(back.begin(), back.end(), each.index) ? 1u : 0u;
    }
  }
  BOOST_TEST(most > 200u);
  BOOST_TEST(mutual > 1500u);
  BOOST_TEST(mutual < 9000u);
  BOOST_CHECK_THROW(make_graph(one, 1, 10, 5), WorldError);
}

BOOST_AUTO_TEST_CASE(a_large_graph_is_loaded_at_once) {
  std::string text;
  for (std::uint64_t i = 0; i < 300'000; ++i) {
    text += std::to_string(i * 7919 % 40'000) + "," + std::to_string(i * 104'729 % 39'989) + "\n";
  }
  Written edges(text);
  World world;
  auto begin = std::chrono::steady_clock::now();
  load_graph(world, edges.path, {});
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  BOOST_TEST(world.graph().follows() > 500'000u);
  BOOST_TEST(took.count() < 5.0);  // unoptimized, on a busy machine; released well under a second
}

BOOST_AUTO_TEST_CASE(depth_and_lists_bound_what_can_be_known) {
  World world;
  for (const char* each : {"a", "b", "c", "d"}) world.add_generated(each, world.next_id());
  world.graph().add({{0, 1}, {1, 2}, {3, 2}});
  ExpectedGraph near = expected_graph(world, asked("a", 0));
  BOOST_REQUIRE(near.users.size() == 2u);
  BOOST_TEST(near.users[0].read);
  BOOST_TEST(!near.users[1].read);
  BOOST_TEST(near.follows.size() == 1u);
  BOOST_TEST(expected_graph(world, asked("a", 1)).users.size() == 3u);
  BOOST_TEST(expected_graph(world, asked("a")).users.size() == 4u);
  ExpectedQuestion following_only = asked("a");
  following_only.followers = false;
  ExpectedGraph one_way = expected_graph(world, following_only);
  BOOST_TEST(one_way.users.size() == 3u);
  BOOST_TEST(one_way.follows.size() == 2u);
  BOOST_CHECK_THROW((void)expected_graph(world, asked("nobody")), WorldError);
}

BOOST_AUTO_TEST_CASE(hidden_accounts_and_organisations_are_not_expected) {
  World world;
  for (const char* each : {"a", "b", "c"}) world.add_generated(each, world.next_id());
  world.graph().add({{0, 1}, {1, 2}, {0, 2}});
  world.known("b").suspended = true;
  world.known("c").organization = true;
  BOOST_TEST(expected_graph(world, asked("a")).users.size() == 1u);
  ExpectedQuestion with_organizations = asked("a");
  with_organizations.organizations = true;
  ExpectedGraph with = expected_graph(world, with_organizations);
  BOOST_TEST(with.users.size() == 2u);
  BOOST_TEST(with.follows.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_summary_counts_further_pages_and_ideal_points) {
  World world;
  world.set_profile_seed(1, false);
  std::vector<Follow> follows;
  for (std::uint32_t i = 0; i < 250; ++i) {
    world.add_generated("u" + std::to_string(i), world.next_id());
    if (i > 0) follows.push_back({i, 0});
  }
  world.graph().add(follows);
  boost::json::object told = summary_of(world, expected_graph(world, asked("u0")));
  BOOST_TEST(told.at("users").to_number<int>() == 250);
  BOOST_TEST(told.at("further_pages").to_number<int>() == 2);
  BOOST_TEST(told.at("ideal_points").to_number<int>() == 7 + 1);
  std::string lines = lines_of(world, expected_graph(world, asked("u0")));
  BOOST_TEST(lines.starts_with(R"({"user":10000000,"login":"u0","depth":0,"read":true})"));
  BOOST_TEST(std::count(lines.begin(), lines.end(), '\n') == 250 + 249);
}

BOOST_AUTO_TEST_SUITE_END()
