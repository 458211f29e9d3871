#include <boost/test/unit_test.hpp>

#include "daemon/routes/graph/queries.hpp"
#include "daemon/routes/graph/repository_rows.hpp"
#include "daemon/routes/graph/user_rows.hpp"
#include "tests/daemon/graph_room.hpp"

namespace tidemark::daemon::graph {

namespace {

storage::graph::User ada() {
  auto user = test::known_user(7, "AdaLovelace");
  user.profile.name = "Ada";
  user.profile.bio = "Notes on engines";
  user.profile.followers = 100;
  user.profile.created_s = 1'577'836'800;  // 2020-01-01
  return user;
}

bool fits(const storage::graph::User& user, const std::string& query) {
  auto form = http::decode_form(query).value();
  const Filter<User> filter(user_fields(), form);
  BOOST_TEST(form.empty(), query << " was not taken");
  BOOST_TEST(!filter.problem().has_value(), query << " has a problem");
  return filter.accepts(user);
}

std::string problem(const std::string& query) {
  auto form = http::decode_form(query).value();
  const Filter<User> filter(user_fields(), form);
  return filter.problem() ? filter.problem()->parameter + ": " + filter.problem()->problem : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_filters)

BOOST_AUTO_TEST_CASE(texts_compare_as_a_database_does) {
  BOOST_TEST(fits(ada(), "name=Ada"));
  BOOST_TEST(!fits(ada(), "name=ada"));
  BOOST_TEST(fits(ada(), "name__gte=Ac"));
  BOOST_TEST(!fits(ada(), "name__lte=Ac"));
  BOOST_TEST(fits(ada(), "bio__contains=engine"));
  BOOST_TEST(!fits(ada(), "bio__contains=Engine"));
  // Logins are one whatever their case is.
  BOOST_TEST(fits(ada(), "login=adalovelace"));
  BOOST_TEST(fits(ada(), "login__gte=ADA"));
}

BOOST_AUTO_TEST_CASE(what_is_not_known_fits_nothing_but_isnull) {
  BOOST_TEST(fits(ada(), "location__isnull=true"));
  BOOST_TEST(!fits(ada(), "location__isnull=0"));
  BOOST_TEST(fits(ada(), "name__isnull=False"));
  BOOST_TEST(!fits(ada(), "location__gte=A"));
  BOOST_TEST(!fits(ada(), "public_gists__gte=0"));
  BOOST_TEST(!fits(test::named_user(8, "stub"), "followers_count__gte=0"));
}

BOOST_AUTO_TEST_CASE(numbers_and_days_compare_by_value) {
  BOOST_TEST(fits(ada(), "followers_count=100"));
  BOOST_TEST(fits(ada(), "followers_count__gte=9"));
  BOOST_TEST(fits(ada(), "followers_count__lte=100.5"));
  BOOST_TEST(!fits(ada(), "followers_count__gte=100.5"));
  BOOST_TEST(fits(ada(), "created_at=2020-01-01"));
  BOOST_TEST(fits(ada(), "created_at=2020-01-01T01:00:00%2B01:00"));
  BOOST_TEST(fits(ada(), "created_at__lte=2020-01-01+00:00"));
  BOOST_TEST(fits(ada(), "created_at__gte=2019-12-31T23:59:59.9Z"));
  BOOST_TEST(!fits(ada(), "created_at__gte=2020-01-01T00:00:01"));
}

BOOST_AUTO_TEST_CASE(several_filters_must_all_fit) {
  BOOST_TEST(fits(ada(), "name=Ada&followers_count__gte=100&kind=user"));
  BOOST_TEST(!fits(ada(), "name=Ada&followers_count__gte=101"));
  BOOST_TEST(!fits(ada(), "name=Ada&name=Bob"));
}

BOOST_AUTO_TEST_CASE(wrong_values_are_named_in_the_words_of_before) {
  BOOST_TEST(problem("followers_count__gte=many") == "followers_count__gte: Enter a number.");
  BOOST_TEST(problem("followers_count=1e5") == "followers_count: Enter a number.");
  BOOST_TEST(problem("followers_count=--1") == "followers_count: Enter a number.");
  BOOST_TEST(problem("created_at__lte=tomorrow") == "created_at__lte: Enter a valid date/time.");
  BOOST_TEST(problem("created_at=2020-13-01") == "created_at: Enter a valid date/time.");
  BOOST_TEST(problem("name__isnull=perhaps") == "name__isnull: Enter true or false.");
  BOOST_TEST(problem("name=") == "name: Enter a value.");
  BOOST_TEST(problem("kind=person") == "kind: Select a valid choice: user, organization, bot.");
  BOOST_TEST(problem("presence=HERE") == "presence: Select a valid choice: here, gone.");
}

BOOST_AUTO_TEST_CASE(tests_that_a_field_does_not_take_are_left_to_others) {
  for (const std::string query : {"login__contains=a", "email__contains=a", "login__isnull=true",
                                  "followers_count__isnull=true", "unknown=1", "limit=3"}) {
    auto form = http::decode_form(query).value();
    const Filter<User> filter(user_fields(), form);
    BOOST_TEST(form.size() == 1U, query);
    BOOST_TEST(filter.empty(), query);
  }
}

BOOST_AUTO_TEST_CASE(who_asks_for_what_is_not_there_is_told_what_there_is) {
  test::GraphRoom room;
  auto told = [&room](const std::string& target) { return room.get(target).body; };
  for (const std::string path : {"/v1/users", "/v1/users/octocat/followers"}) {
    const auto words = told(path + "?login__contains=a");
    BOOST_TEST(words.find("unknown query parameter login__contains; known here: ") !=
               std::string::npos);
    BOOST_TEST(words.find("limit, cursor; filters: kind, presence; ") != std::string::npos, words);
    BOOST_TEST(words.find("also with __gte, __lte: login, ") != std::string::npos, words);
    BOOST_TEST(
        words.find("also with __gte, __lte, __contains, __isnull: name, bio") != std::string::npos,
        words);
  }
  for (const std::string path : {"/v1/repositories", "/v1/users/octocat/repositories"}) {
    const auto words = told(path + "?nonsense=1");
    BOOST_TEST(words.find("also with __contains, __isnull: description") != std::string::npos,
               words);
    BOOST_TEST(words.find("archived") != std::string::npos, words);
  }
  BOOST_TEST(told("/v1/graph/top?nonsense=1").find("filters") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(repositories_take_their_own_filters) {
  RepositoryRow row;
  row.repository = test::known_repository(5, 1, "Hello");
  row.repository.archived = true;
  row.full_name = "octocat/Hello";
  auto accepts = [&row](const std::string& query) {
    auto form = http::decode_form(query).value();
    const Filter<RepositoryRow> filter(repository_fields(), form);
    BOOST_TEST(form.empty(), query);
    return filter.accepts(row);
  };
  BOOST_TEST(accepts("full_name=Octocat/hello&owner_github_id=1&archived=1&private=false"));
  BOOST_TEST(!accepts("archived=False"));
  BOOST_TEST(!accepts("has_pages=false"));  // not known
  BOOST_TEST(accepts("description__isnull=true&watchers_count__lte=5"));
  BOOST_TEST(!accepts("open_issues_count__gte=0"));
}

BOOST_AUTO_TEST_CASE(every_filter_of_the_replaced_system_is_taken) {
  const auto users = filter_query(rules_of(user_fields()));
  const auto repositories = filter_query(rules_of(repository_fields()));
  auto has = [](const QueryParameters& filters, const std::string& name) {
    return std::ranges::find(filters, name, &QueryParameter::name) != filters.end();
  };
  for (const std::string field :
       {"login", "followers_count", "following_count", "public_gists", "public_repos", "created_at",
        "updated_at", "name", "bio", "location", "company", "email"}) {
    for (const char* test : {"", "__lte", "__gte"}) BOOST_TEST(has(users, field + test), field);
  }
  for (const std::string name : {"name__isnull", "bio__isnull", "name__contains", "bio__contains",
                                 "location__isnull", "company__isnull", "email__isnull"}) {
    BOOST_TEST(has(users, name), name);
  }
  for (const std::string name : {"owner_github_id",
                                 "name",
                                 "full_name",
                                 "description",
                                 "description__isnull",
                                 "description__contains",
                                 "homepage",
                                 "homepage__isnull",
                                 "language",
                                 "language__isnull",
                                 "created_at__gte",
                                 "updated_at__lte",
                                 "has_downloads",
                                 "has_issues",
                                 "has_pages",
                                 "has_projects",
                                 "has_wiki",
                                 "private",
                                 "archived",
                                 "disabled",
                                 "stargazers_count__gte",
                                 "subscribers_count__lte",
                                 "watchers_count",
                                 "open_issues_count__gte"}) {
    BOOST_TEST(has(repositories, name), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon::graph
