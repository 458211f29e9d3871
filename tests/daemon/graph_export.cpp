#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <set>
#include <sstream>

#include "daemon/routes/graph/export.hpp"
#include "tests/daemon/graph_room.hpp"
#include "tests/support/process.hpp"

namespace tidemark::daemon {

using test::GraphRoom;
using test::joined;

namespace {

// RFC 4180, read the plain way.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> line(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted) {
      if (text[i] != '"') {
        line.back() += text[i];
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        line.back() += text[++i];
      } else {
        quoted = false;
      }
    } else if (text[i] == '"') {
      quoted = true;
    } else if (text[i] == ',') {
      line.emplace_back();
    } else if (text.compare(i, 2, "\r\n") == 0) {
      lines.push_back(line);
      line.assign(1, "");
      ++i;
    } else {
      line.back() += text[i];
    }
  }
  BOOST_TEST(line.size() == 1U);  // every line is ended
  BOOST_TEST(!quoted);
  return lines;
}

// What libxml2 makes of it.
test::Finished xml(const std::string& document, std::vector<std::string> arguments) {
  arguments.emplace_back("-");
  test::Launch launch;
  launch.program = "/usr/bin/xmllint";
  launch.arguments = std::move(arguments);
  launch.input = document;
  return test::run_process(launch);
}

std::string path(const std::string& document, const std::string& expression) {
  auto text = xml(document, {"--nonet", "--xpath", expression}).output;
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string from_csv(const std::string& value) {
  std::string field;
  graph::append_csv_field(field, value);
  return field;
}

std::string from_xml(const std::string& value) {
  std::string text;
  graph::append_xml(text, value);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(graph_export)

BOOST_AUTO_TEST_CASE(ndjson_holds_all_of_the_graph_an_object_a_line) {
  GraphRoom room;
  std::istringstream lines(joined(room.stream("/v1/graph/export")));
  std::map<std::string, int> types;
  for (std::string line; std::getline(lines, line);) {
    const auto object = boost::json::parse(line).as_object();
    ++types[std::string(object.at("type").as_string())];
    if (object.contains("login") && object.at("id").as_int64() == 2) {
      BOOST_TEST(object.at("bio").as_string() == "line \"one\"\nline two <&>");
    }
  }
  BOOST_TEST((types == std::map<std::string, int>{
                           {"user", 6}, {"repository", 3}, {"follows", 5}, {"stars", 1}}));
  const auto stars = joined(room.stream("/v1/graph/export?what=stars"));
  BOOST_TEST(stars == "{\"type\":\"stars\",\"from\":3,\"to\":101}\n");
}

BOOST_AUTO_TEST_CASE(csv_is_read_back_as_it_was) {
  GraphRoom room;
  const auto users = read_csv(joined(room.stream("/v1/graph/export?format=csv&what=users")));
  BOOST_REQUIRE(users.size() == 7U);
  for (const auto& line : users) BOOST_TEST(line.size() == users[0].size());
  BOOST_TEST(users[0][2] == "login");
  BOOST_TEST(users[2][2] == "Mona");
  BOOST_TEST(users[2][7] == "line \"one\"\nline two <&>");
  const auto follows = joined(room.stream("/v1/graph/export?format=csv"));
  BOOST_TEST(follows == "follower_id,followed_id\r\n1,2\r\n1,3\r\n2,1\r\n3,4\r\n4,5\r\n");
  const auto repositories =
      read_csv(joined(room.stream("/v1/graph/export?format=csv&what=repositories")));
  BOOST_REQUIRE(repositories.size() == 4U);
  for (const auto& line : repositories) BOOST_TEST(line.size() == repositories[0].size());
  BOOST_TEST(repositories[1][3] == "octocat/hello");
}

BOOST_AUTO_TEST_CASE(a_field_of_csv_is_no_formula_of_a_spreadsheet) {
  BOOST_TEST(from_csv("plain text") == "plain text");
  BOOST_TEST(from_csv("a,b") == "\"a,b\"");
  BOOST_TEST(from_csv("say \"hi\"") == "\"say \"\"hi\"\"\"");
  BOOST_TEST(from_csv("two\r\nlines") == "\"two\r\nlines\"");
  BOOST_TEST(from_csv("") == "");
  for (const std::string evil : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"}) {
    BOOST_TEST(from_csv(evil) == "\"'" + evil + "\"");
  }
  BOOST_TEST(from_csv("1-1=0") == "1-1=0");
}

BOOST_AUTO_TEST_CASE(graphml_is_well_formed_and_every_edge_joins_two_nodes) {
  GraphRoom room;
  auto odd = test::known_user(70, "odd");
  odd.profile.bio = "<b> & ]]> \"quotes\" 'too'\r\n\tcontrol \x01 end";
  odd.profile.name = "Zoë \xf0\x9f\x8c\x8a";
  room.put({odd});
  room.follow({{70, 1}, {1, 70}, {70, 9'999}});  // the last one is nobody
  for (const std::string what : {"follows", "all"}) {
    const auto document = joined(room.stream("/v1/graph/export?format=graphml&what=" + what));
    const auto checked = xml(document, {"--noout", "--nonet"});
    BOOST_TEST(checked.code == 0, checked.errors);
    const bool all = what == "all";
    BOOST_TEST(path(document, "count(//*[local-name()='node'])") == (all ? "10" : "7"));
    BOOST_TEST(path(document, "count(//*[local-name()='edge'])") == (all ? "11" : "7"));
    // Ids that an edge names and no node has.
    BOOST_TEST(path(document,
                    "count(//*[local-name()='edge']/@*[not(. = //*[local-name()='node']/@id)])") ==
               "0");
    const std::string data = "//*[@id='u70']/*[@key='";
    BOOST_TEST(path(document, "string(" + data + "name'])") == "Zoë \xf0\x9f\x8c\x8a");
    BOOST_TEST(path(document, "string(" + data + "bio'])") ==
               "<b> & ]]> \"quotes\" 'too'\r\n\tcontrol \xef\xbf\xbd end");
  }
}

BOOST_AUTO_TEST_CASE(what_xml_cannot_hold_becomes_a_replacement_and_the_rest_stays) {
  const std::string replacement = "\xef\xbf\xbd";
  BOOST_TEST(from_xml("é€🌊") == "é€🌊");
  for (const std::string bad : {"\x01", "\x1f", "\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80",
                                "\xef\xbf\xbe", "\xf4\x90\x80\x80"}) {
    const auto text = from_xml("a" + bad + "b");
    BOOST_TEST(text.starts_with("a" + replacement));
    BOOST_TEST(text.ends_with("b"));
    BOOST_TEST(xml("<x>" + text + "</x>", {"--noout"}).code == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_large_graph_goes_out_in_slices_of_bounded_size) {
  GraphRoom room;
  std::vector<storage::graph::User> crowd;
  std::vector<storage::graph::Edge> edges;
  for (std::uint64_t id = 1'000; id < 13'000; ++id) {
    crowd.push_back(test::named_user(id, "login" + std::to_string(id)));
    edges.push_back({1, id});
  }
  room.put(crowd);
  room.follow(edges);
  const auto chunks = room.stream("/v1/graph/export?format=graphml");
  BOOST_TEST(chunks.size() > 5U);
  for (const auto& chunk : chunks) BOOST_TEST(chunk.size() < 512U * 1024U);
  const auto document = joined(chunks);
  BOOST_TEST(path(document, "count(//*[local-name()='node'])") == "12006");
  BOOST_TEST(path(document, "count(//*[local-name()='edge'])") == "12005");
}

BOOST_AUTO_TEST_CASE(accounts_that_come_while_graphml_goes_out_leave_no_loose_edge) {
  GraphRoom room;
  graph::GraphExport exporting(graph::graphml_rows(),
                               {graph::ExportPart::users, graph::ExportPart::follows}, true,
                               room.services.now_ms());
  std::string document;
  int slices = 0;
  while (!exporting.over()) {
    room.engine->read([&](const storage::Reader& reader) { document += exporting.slice(reader); });
    if (++slices == 1) {
      auto late = test::known_user(3'000, "late");
      late.first_seen_ms = room.services.now_ms() + 5;
      room.put({late});
      room.follow({{3'000, 1}, {1, 3'000}});
    }
  }
  BOOST_TEST(slices > 1);
  BOOST_TEST(path(document, "count(//*[local-name()='edge'])") == "5");
}

// What a transaction brings was seen when it began, and is there when it ends.
BOOST_AUTO_TEST_CASE(graphml_begins_between_two_transactions) {
  GraphRoom room;
  auto late = test::known_user(3'000, "late");
  late.first_seen_ms = room.services.now_ms() - 1;
  std::future<std::string> document;
  room.engine->write([&](storage::Writer& writer) {
    document = std::async(std::launch::async, [&room] {
      return joined(room.stream("/v1/graph/export?format=graphml"));
    });
    document.wait_for(std::chrono::milliseconds(200));
    storage::graph::put_user(writer, late);
    const std::vector<storage::graph::Edge> edges{{1, 3'000}};
    storage::graph::put_edges(writer, storage::graph::EdgeKind::follows, edges);
  });
  const std::string text = document.get();
  BOOST_TEST(path(text, "count(//*[local-name()='edge'])") == "6");
  BOOST_TEST(text.find("late") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(orders_that_make_no_sense_are_refused_and_exports_are_few_at_a_time) {
  GraphRoom room;
  for (const std::string query : {"format=pdf", "what=everything", "format=csv&what=all",
                                  "format=graphml&what=users", "limit=1"}) {
    BOOST_TEST(room.get("/v1/graph/export?" + query).status == 400, query);
  }
  // An answer that is dropped leaves its place to others.
  for (int i = 0; i < 5; ++i) BOOST_TEST(room.get("/v1/graph/export").status == 200);
  const auto answer = room.get("/v1/graph/export?format=csv&what=users");
  BOOST_TEST(answer.headers.find("Content-Type").value() ==
             "text/csv; charset=utf-8; header=present");
  BOOST_TEST(answer.headers.find("Content-Disposition").value() ==
             "attachment; filename=\"tidemark-users.csv\"");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
