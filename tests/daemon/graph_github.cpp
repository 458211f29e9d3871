#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "daemon/routes/graph/github_ids.hpp"
#include "daemon/routes/graph/multipart.hpp"
#include "storage/graph/forgotten.hpp"
#include "storage/graph/frontier.hpp"
#include "storage/jobs.hpp"
#include "tests/daemon/graph_room.hpp"

namespace tidemark::daemon {

using graph::GithubTable;
using test::GraphRoom;

namespace {

std::string uuid(std::uint64_t id) { return graph::uuid_of(GithubTable::developers, id); }

std::string logins(GraphRoom& room, const std::string& query) {
  return room.column("/github/developers/" + query, "results", "login");
}

std::string names(GraphRoom& room, const std::string& query) {
  return room.column("/github/repositories/" + query, "results", "name");
}

std::int64_t count(GraphRoom& room, const std::string& target) {
  return room.get(target).json.at("count").as_int64();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_github)

BOOST_AUTO_TEST_CASE(the_root_leads_to_the_four_lists_and_health_is_ok) {
  GraphRoom room;
  const auto root = room.get("/");
  BOOST_TEST(root.status == 302);
  BOOST_TEST(root.headers.find("Location").value() == "github/");
  const auto health = room.get("/health/");
  BOOST_TEST(health.status == 200);
  BOOST_TEST(health.body == "ok");
  BOOST_TEST(health.headers.find("Content-Type").value().starts_with("text/html"));
  BOOST_TEST(room.get("/github/").body ==
             R"({"developers":"http://localhost/github/developers/",)"
             R"("repositories":"http://localhost/github/repositories/",)"
             R"("rate_limit":"http://localhost/github/rate_limit/",)"
             R"("tasks":"http://localhost/github/tasks/"})");
}

BOOST_AUTO_TEST_CASE(a_path_without_its_slash_leads_to_the_one_with_it_and_keeps_the_query) {
  GraphRoom room;
  auto location = [&room](const std::string& method, const std::string& target) {
    const auto answer = room.ask(method, target);
    BOOST_TEST(answer.status == 301, target);
    return std::string(answer.headers.find("Location").value_or(""));
  };
  for (const std::string path : {"/github", "/github/developers", "/github/repositories",
                                 "/github/rate_limit", "/github/tasks", "/github/rate_limit/1"}) {
    BOOST_TEST(location("GET", path) == path + "/");
    BOOST_TEST(location("HEAD", path) == path + "/");
  }
  BOOST_TEST(location("GET", "/github/developers/" + uuid(1)) ==
             "/github/developers/" + uuid(1) + "/");
  BOOST_TEST(location("GET", "/github/developers?page=2&login=a%2Fb") ==
             "/github/developers/?page=2&login=a%2Fb");
  BOOST_TEST(location("GET", "/github?") == "/github/?");
  BOOST_TEST(location("POST", "/github/tasks") == "/github/tasks/");
  // Our own answer, which those who ask for JSON know.
  BOOST_TEST(room.get("/health").json.at("status").as_string() == "ok");
  BOOST_TEST(room.get("/github/nothing").status == 404);
  BOOST_TEST(room.get("/github//developers").status == 404);
}

BOOST_AUTO_TEST_CASE(uuids_are_made_of_numbers_and_back) {
  for (const std::uint64_t id : {1ULL, 583'231ULL, (1ULL << 40) - 1}) {
    BOOST_TEST(graph::number_of(GithubTable::developers, uuid(id)).value() == id);
    BOOST_TEST(!graph::number_of(GithubTable::repositories, uuid(id)).has_value());
  }
  BOOST_TEST(uuid(583'231) == "74696465-6d61-8001-8000-00000008e63f");
  BOOST_TEST(
      graph::number_of(GithubTable::developers, "74696465-6D61-8001-8000-00000008E63F").value() ==
      583'231U);
  for (const std::string bad :
       {"", "1", "74696465-6d61-8001-8000-00000008e63", "74696465-6d61-8001-8000-00000008e63g",
        "74696465-6d61-4001-8000-00000008e63f"}) {
    BOOST_TEST(!graph::number_of(GithubTable::developers, bad).has_value(), bad);
  }
}

BOOST_AUTO_TEST_CASE(a_developer_has_the_documented_fields) {
  GraphRoom room;
  const auto answer = room.get("/github/developers/" + uuid(1) + "/");
  BOOST_TEST(answer.status == 200);
  const auto& json = answer.json;
  BOOST_TEST(json.at("id").as_string() == uuid(1));
  BOOST_TEST(json.at("github_id").as_string() == "1");
  BOOST_TEST(json.at("public_gists").as_int64() == 8);
  BOOST_TEST(json.at("bio").is_null());
  auto list = [&json](const char* name) { return boost::json::serialize(json.at(name)); };
  const auto url = [](std::uint64_t id) {
    return "http://localhost/github/developers/" + uuid(id) + "/";
  };
  BOOST_TEST(list("followers") == "[\"" + url(2) + "\"]");
  BOOST_TEST(list("following") == "[\"" + url(2) + "\",\"" + url(3) + "\"]");
  BOOST_TEST(json.at("repositories").as_array().size() == 2U);
  BOOST_TEST(json.at("url").as_string() == url(1));
  const auto hubot = room.get("/github/developers/" + uuid(3) + "/").json;
  BOOST_TEST(hubot.at("starred_repositories").as_array().size() == 1U);
  for (const std::string& id : {uuid(77), std::string("nonsense"), std::string("1")}) {
    const auto missing = room.get("/github/developers/" + id + "/");
    BOOST_TEST(missing.status == 404);
    BOOST_TEST(missing.body == R"({"detail":"Not found."})");
  }
}

BOOST_AUTO_TEST_CASE(a_repository_has_the_documented_fields) {
  GraphRoom room;
  const auto id = graph::uuid_of(GithubTable::repositories, 101);
  const auto json = room.get("/github/repositories/" + id + "/").json;
  BOOST_TEST(json.at("full_name").as_string() == "octocat/hello");
  BOOST_TEST(json.at("owner_github_id").as_string() == "1");
  BOOST_TEST(json.at("has_issues").as_bool());
  BOOST_TEST(json.at("has_downloads").is_null());
  BOOST_TEST(json.at("subscribers_count").is_null());
  BOOST_TEST(json.at("watchers_count").as_int64() == 101);
  BOOST_TEST(json.at("stargazers").as_array().size() == 1U);
  BOOST_TEST(room.get("/github/repositories/" + uuid(101) + "/").status == 404);
}

BOOST_AUTO_TEST_CASE(lists_come_newest_first_ten_a_page) {
  GraphRoom room;
  for (std::uint64_t id = 20; id < 33; ++id) {
    room.put({test::known_user(id, "dev" + std::to_string(id))});
  }
  // Seventeen were read; the organization and the stub are no developers.
  const auto first = room.get("/github/developers/?followers_count__gte=&color=red").json;
  BOOST_TEST(first.at("count").as_int64() == 17);
  BOOST_TEST(first.at("results").as_array().size() == 10U);
  BOOST_TEST(first.at("previous").is_null());
  BOOST_TEST(first.at("next").as_string() ==
             "http://localhost/github/developers/?followers_count__gte=&color=red&page=2");
  BOOST_TEST(logins(room, "?page=1").starts_with("dev32 dev31 dev30"));
  const auto second = room.get("/github/developers/?page=2").json;
  BOOST_TEST(logins(room, "?page=2") == "dev22 dev21 dev20 ghost hubot Mona octocat");
  BOOST_TEST(second.at("next").is_null());
  BOOST_TEST(second.at("previous").as_string() == "http://localhost/github/developers/");
  for (const std::string page : {"0", "3", "x", "-1", "", "99999999999999999999"}) {
    const auto answer = room.get("/github/developers/?page=" + page);
    BOOST_TEST(answer.status == 404, page);
    BOOST_TEST(answer.body == R"({"detail":"Invalid page."})");
  }
  BOOST_TEST(names(room, "") == "linux world hello");
  BOOST_TEST(count(room, "/github/repositories/") == 3);
}

BOOST_AUTO_TEST_CASE(lists_are_filtered_as_documented) {
  GraphRoom room;
  BOOST_TEST(logins(room, "?followers_count__gte=20&followers_count__lte=30") == "hubot Mona");
  BOOST_TEST(count(room, "/github/developers/?followers_count__gte=20") == 3);
  BOOST_TEST(logins(room, "?name__isnull=true") == "ghost hubot Mona");
  BOOST_TEST(logins(room, "?bio__contains=LINE") == "");
  BOOST_TEST(logins(room, "?bio__contains=line") == "Mona");
  BOOST_TEST(logins(room, "?location=San%20Francisco") == "octocat");
  BOOST_TEST(names(room, "?language=C") == "hello");
  BOOST_TEST(names(room, "?description__contains=hello") == "hello");
  BOOST_TEST(names(room, "?homepage__isnull=true") == "linux hello");
  BOOST_TEST(names(room, "?stargazers_count__lte=102&has_issues=1") == "world hello");
  BOOST_TEST(names(room, "?full_name=Mona/linux") == "linux");
  BOOST_TEST(names(room, "?full_name=Mona/world") == "");
  BOOST_TEST(names(room, "?owner_github_id=1") == "world hello");
  BOOST_TEST(count(room, "/github/repositories/?owner_github_id=1") == 2);
  BOOST_TEST(names(room, "?owner_github_id=-1") == "");
  BOOST_TEST(logins(room, "?login=octocat") == "octocat");
  BOOST_TEST(count(room, "/github/developers/?login=octocat") == 1);
  BOOST_TEST(count(room, "/github/developers/?login=octocat&name__isnull=true") == 0);
  BOOST_TEST(count(room, "/github/developers/?login=github") == 0);  // an organization
  const auto bad = room.get("/github/developers/?followers_count__gte=many");
  BOOST_TEST(bad.status == 400);
  BOOST_TEST(bad.body == R"({"followers_count__gte":["Enter a number."]})");
}

BOOST_AUTO_TEST_CASE(the_lists_of_a_developer_end_at_a_thousand) {
  GraphRoom room;
  std::vector<storage::graph::Edge> edges;
  for (std::uint64_t id = 1'000; id < 2'500; ++id) edges.push_back({id, 1});
  room.follow(edges);
  const auto json = room.get("/github/developers/" + uuid(1) + "/").json;
  BOOST_TEST(json.at("followers").as_array().size() == 1'000U);
}

BOOST_AUTO_TEST_CASE(the_quota_of_the_crawl_is_the_only_rate_limit) {
  GraphRoom room;
  BOOST_TEST(room.get("/github/rate_limit/").body ==
             R"({"count":0,"next":null,"previous":null,"results":[]})");
  BOOST_TEST(room.get("/github/rate_limit/1/").status == 404);
  storage::QuotaWindow window;
  window.owner = "github:operator";
  window.resource = "core";
  window.limit = 5'000;
  window.remaining = 42;
  window.resets_ms = 1'800'000'000'000;
  storage::QuotaWindow member = window;
  member.owner = "github:12345";
  member.remaining = 7;
  room.ledger.load({window, member});
  const auto row = room.get("/github/rate_limit/1/");
  BOOST_TEST(row.status == 200);
  BOOST_TEST(row.json.at("rate_limit").as_int64() == 5'000);
  BOOST_TEST(row.json.at("rate_remaining").as_int64() == 42);
  BOOST_TEST(row.json.at("rate_reset_raw").is_int64());
  BOOST_TEST(room.get("/github/rate_limit/2/").status == 404);
  BOOST_TEST(count(room, "/github/rate_limit/") == 1);
  BOOST_TEST(count(room, "/github/rate_limit/?rate_remaining__gte=43") == 0);
  BOOST_TEST(room.get("/github/rate_limit/?rate_limit=x").status == 400);
}

BOOST_AUTO_TEST_CASE(the_three_tasks_say_what_they_need) {
  GraphRoom room;
  BOOST_TEST(room.get("/github/tasks/").body ==
             R"([{"id":1,"name":"full_profile_sync","username":"required","repo_name":"n/a"},)"
             R"({"id":2,"name":"full_repository_sync","username":"required",)"
             R"("repo_name":"required"},)"
             R"({"id":3,"name":"discovery_scraper","username":"n/a","repo_name":"n/a"}])");
}

BOOST_AUTO_TEST_CASE(tasks_are_taken_as_forms_and_as_json_and_start_real_work) {
  GraphRoom room;
  auto seeds = [&room] {
    std::string all;
    room.engine->read([&](const storage::Reader& reader) {
      for (const auto& seed : storage::graph::list_seeds(reader, "", 10)) all += seed.login + " ";
      all += storage::find_job(reader, "discovery", "all") ? "and a job" : "and no job";
    });
    return all;
  };
  BOOST_TEST(seeds() == "and no job");
  const std::string yes = R"({"success":"yes"})";
  BOOST_TEST(room.ask("POST", "/github/tasks/", "name=discovery_scraper").body == yes);
  BOOST_TEST(seeds() == "and a job");
  auto form = room.ask("POST", "/github/tasks/", "name=full_profile_sync&username=monalisa");
  BOOST_TEST(form.status == 200);
  BOOST_TEST(form.body == yes);
  BOOST_TEST(seeds() == "monalisa and a job");
  auto object =
      room.ask("POST", "/github/tasks/",
               R"({"name":"full_repository_sync","username":"torvalds","repo_name":"linux"})");
  BOOST_TEST(object.body == yes);
  BOOST_TEST(seeds() == "monalisa torvalds and a job");
}

// What `curl -F` and the replaced system's own page sent.
BOOST_AUTO_TEST_CASE(a_task_may_be_a_form_of_many_parts) {
  const std::string type = "multipart/form-data; boundary=----x7";
  const std::string body =
      "------x7\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nfull_profile_sync\r\n"
      "------x7\r\ncontent-disposition: form-data; name=\"username\"\r\n"
      "Content-Type: text/plain\r\n\r\nmona\r\nlisa\r\n------x7--\r\n";
  const auto form = daemon::graph::decode_multipart(type, body);
  BOOST_REQUIRE(form.size() == 2U);
  BOOST_TEST(http::form_value(form, "name").value() == "full_profile_sync");
  BOOST_TEST(http::form_value(form, "username").value() == "mona\r\nlisa");
  BOOST_TEST(
      daemon::graph::decode_multipart("multipart/form-data; boundary=\"----x7\"", body).size() ==
      form.size());
  // A part may be a head alone (RFC 2046, 5.1.1).
  const auto empty = daemon::graph::decode_multipart(
      type, "------x7\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n------x7--\r\n");
  BOOST_REQUIRE(empty.size() == 1U);
  BOOST_TEST(empty.front().second == "");
  // Any piece of it is read without harm, and never as more than it says.
  for (std::size_t bytes = 0; bytes < body.size(); ++bytes) {
    const auto part = daemon::graph::decode_multipart(type, body.substr(0, bytes));
    BOOST_TEST(part.size() <= 2U);
  }
  BOOST_TEST(daemon::graph::decode_multipart("multipart/form-data", body).empty());
  BOOST_TEST(daemon::graph::decode_multipart("multipart/form-data; boundary=y", body).empty());
  GraphRoom room;
  const std::string order =
      "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\ndiscovery_scraper\r\n--b--\r\n";
  const auto answer = room.ask("POST", "/github/tasks/", order, "multipart/form-data; boundary=b");
  BOOST_TEST(answer.body == R"({"success":"yes"})");
}

BOOST_AUTO_TEST_CASE(tasks_that_lack_something_are_refused_in_the_words_of_before) {
  GraphRoom room;
  auto error = [&room](const std::string& body) {
    const auto answer = room.ask("POST", "/github/tasks/", body);
    BOOST_TEST(answer.status == 406, body);
    BOOST_TEST(answer.json.at("success").as_string() == "no");
    return std::string(answer.json.at("error").as_string());
  };
  const std::string no_user = "Missing username. Provide a valid github username";
  const std::string no_repository = "Missing repo_name. Provide a valid repository name";
  BOOST_TEST(error("") == "task name None not recognized");
  BOOST_TEST(error("name=dance") == "task name dance not recognized");
  BOOST_TEST(error(R"({"name":"dance"})") == "task name dance not recognized");
  BOOST_TEST(error("name=%ff") == "task name \ufffd not recognized");
  BOOST_TEST(error("name=full_profile_sync") == no_user);
  BOOST_TEST(error("name=full_profile_sync&username=") == no_user);
  BOOST_TEST(error("name=full_profile_sync&username=not+a+login") == no_user);
  BOOST_TEST(error(R"({"name":"full_profile_sync","username":7})") == no_user);
  BOOST_TEST(error("name=full_repository_sync&username=octocat") == no_repository);
  BOOST_TEST(error("name=full_repository_sync&username=octocat&repo_name=a/b") == no_repository);
  BOOST_TEST(error("name=full_repository_sync&repo_name=hello") == no_user);
  room.write(
      [](storage::Writer& writer) { storage::graph::deny_login(writer, "private-person", 1); });
  BOOST_TEST(error("name=full_profile_sync&username=private-person") ==
             "this account is on the deny-list");
}

BOOST_AUTO_TEST_CASE(where_discovery_is_off_no_task_starts_it) {
  GraphRoom room;
  room.services.discovery_enabled = false;
  for (const std::string order : {"name=discovery_scraper", "name=full_profile_sync&username=mona",
                                  "name=full_repository_sync&username=mona&repo_name=linux"}) {
    const auto answer = room.ask("POST", "/github/tasks/", order);
    BOOST_TEST(answer.status == 406, order);
    BOOST_TEST(answer.body.find("discovery.enabled") != std::string::npos, answer.body);
  }
  room.engine->read([](const storage::Reader& reader) {
    BOOST_TEST(!storage::find_job(reader, "discovery", "all").has_value());
    BOOST_TEST(storage::graph::list_seeds(reader, "", 10).empty());
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
