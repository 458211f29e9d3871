#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "jobs/discovery/answers.hpp"

// Values out of any answer, and nothing out of nonsense.

using namespace tidemark::jobs::discovery;  // NOLINT: all of it is about this
namespace json = boost::json;
using tidemark::storage::graph::UserKind;

namespace {

Question two_accounts() {
  Question question;
  question.asked.accounts = {AskedAccount{1, "U_1"}, AskedAccount{2, "U_2"}};
  return question;
}

std::string people(std::string_view field, int total, std::string_view nodes,
                   std::string_view next = "") {
  const std::string info = next.empty()
                               ? R"({"hasNextPage":false,"endCursor":null})"
                               : R"({"hasNextPage":true,"endCursor":")" + std::string(next) + "\"}";
  return "\"" + std::string(field) + R"(":{"totalCount":)" + std::to_string(total) +
         R"(,"pageInfo":)" + info + R"(,"nodes":[)" + std::string(nodes) + "]}";
}

std::string person(int id) {
  const std::string number = std::to_string(id);
  return R"({"__typename":"User","id":"U_)" + number + R"(","databaseId":)" + number +
         R"(,"login":"u)" + number + "\"}";
}

std::string account(int id, const std::string& followers = people("followers", 0, "")) {
  std::string text = person(id);
  text.pop_back();
  return text + R"(,"name":null,"bio":"b","createdAt":"2020-01-01T00:00:00Z",)" + followers + "," +
         people("following", 0, "") + "," + people("repositories", 0, "") + "}";
}

Answers read(const Question& question, const std::string& data, const std::string& errors = "[]") {
  return read_answers(question, json::parse(R"({"data":)" + data + R"(,"errors":)" + errors + "}"));
}

Answers read_both(const std::string& first, const std::string& second,
                  const std::string& errors = "[]") {
  return read(two_accounts(), R"({"accounts":[)" + first + "," + second + "]}", errors);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_answers)

BOOST_AUTO_TEST_CASE(profiles_and_lists_are_read_with_their_counts) {
  const Answers answers = read_both(
      account(1, people("followers", 3, person(7) + "," + person(8), "next")), account(2));
  BOOST_REQUIRE(answers.accounts.size() == 2U);
  const AccountAnswer& first = answers.accounts[0];
  BOOST_TEST((first.got == Got::answered));
  BOOST_TEST(first.news.profile->followers == 3U);
  BOOST_TEST(first.news.profile->bio == "b");
  BOOST_TEST(first.news.profile->created_s == 1'577'836'800);
  BOOST_REQUIRE(first.pages.size() == 3U);
  BOOST_TEST(first.pages[0].entries.size() == 2U);
  BOOST_TEST(first.pages[0].next == "next");
  BOOST_TEST(first.pages[0].first);
  BOOST_TEST(answers.accounts[1].pages[0].next.empty());
}

BOOST_AUTO_TEST_CASE(of_accounts_that_are_counted_profiles_and_lengths_are_read) {
  Question question;
  question.asked.counted = {AskedAccount{1, "U_1"}, AskedAccount{2, "U_2"}};
  const std::string totals = R"("followers":{"totalCount":3},"following":{"totalCount":0},)"
                             R"("repositories":{"totalCount":5}})";
  std::string one = person(1);
  one.back() = ',';
  const Answers answers =
      read(question, R"({"counted":[)" + one + R"("bio":"b",)" + totals + ",null]}",
           R"([{"type":"FORBIDDEN","path":["counted",1,"followers"],"message":"no"}])");
  BOOST_REQUIRE(answers.accounts.size() == 2U);
  const AccountAnswer& first = answers.accounts[0];
  BOOST_TEST((first.got == Got::answered));
  BOOST_TEST(first.counted);
  BOOST_TEST(first.news.profile->bio == "b");
  BOOST_TEST(first.news.profile->public_repos == 5U);
  BOOST_REQUIRE(first.pages.size() == 3U);
  BOOST_TEST(first.pages[0].total.value_or(0) == 3U);
  BOOST_TEST((answers.accounts[1].got == Got::nothing));
  BOOST_REQUIRE(answers.accounts[1].pages.size() == 1U);
  BOOST_TEST(answers.accounts[1].pages[0].refused);
}

BOOST_AUTO_TEST_CASE(null_with_not_found_is_gone_and_its_sibling_stays) {
  const Answers answers = read_both("null", account(2), R"([{"type":"NOT_FOUND",
      "path":["accounts",0],"message":"Could not resolve to a node"}])");
  BOOST_TEST((answers.accounts[0].got == Got::gone));
  BOOST_TEST((answers.accounts[1].got == Got::answered));
}

BOOST_AUTO_TEST_CASE(resource_limits_concern_the_account_that_they_name) {
  const Answers answers = read_both(account(1), "null", R"([{"type":"RESOURCE_LIMITS_EXCEEDED",
      "path":["accounts",1,"followers","nodes",3],"message":"Resource limits"}])");
  BOOST_TEST((answers.accounts[0].got == Got::answered));
  BOOST_TEST((answers.accounts[1].got == Got::too_heavy));
}

BOOST_AUTO_TEST_CASE(a_list_that_is_forbidden_is_refused_and_the_others_are_read) {
  std::string text = account(1);
  text = text.replace(text.find("\"following\":{"), 13, "\"following\":null,\"x\":{");
  const Answers answers = read_both(text, account(2), R"([{"type":"FORBIDDEN",
      "path":["accounts",0,"following"],"message":"Resource not accessible"}])");
  const AccountAnswer& first = answers.accounts[0];
  BOOST_TEST((first.got == Got::answered));
  BOOST_REQUIRE(first.pages.size() == 3U);
  BOOST_TEST(first.pages[1].refused);
  BOOST_TEST(first.pages[1].withdrawn);
  BOOST_TEST(first.pages[1].problem == "Resource not accessible");
}

BOOST_AUTO_TEST_CASE(a_refused_list_that_takes_its_account_along_is_told_and_nobody_is_gone) {
  for (const auto* type : {"FORBIDDEN", "NOT_FOUND"}) {
    const Answers answers =
        read_both("null", account(2),
                  R"([{"type":")" + std::string(type) +
                      R"(","path":["accounts",0,"followers"],"message":"no"}])");
    const AccountAnswer& first = answers.accounts[0];
    BOOST_TEST((first.got == Got::nothing));
    BOOST_REQUIRE(first.pages.size() == 1U);
    BOOST_TEST(first.pages[0].refused);
  }
}

BOOST_AUTO_TEST_CASE(null_without_a_word_is_nothing_and_deletes_nobody) {
  const Answers answers = read_both("null", account(2));
  BOOST_TEST((answers.accounts[0].got == Got::nothing));
  const Answers none = read(two_accounts(), "null");
  BOOST_REQUIRE(none.accounts.size() == 2U);
  BOOST_TEST((none.accounts[0].got == Got::nothing));
}

BOOST_AUTO_TEST_CASE(lists_that_make_no_sense_are_nothing) {
  for (
      const auto* followers :
      {R"("followers":{"totalCount":-3,"pageInfo":{"hasNextPage":false},"nodes":[]})",
       R"("followers":{"totalCount":3,"pageInfo":{"hasNextPage":false},"nodes":null})",
       R"("followers":{"totalCount":3,"nodes":[]})", R"("followers":"many")",
       R"("followers":{"totalCount":3,"pageInfo":{"hasNextPage":true,"endCursor":null},"nodes":[]})",
       R"("followers":{"totalCount":3,"pageInfo":{"hasNextPage":true,"endCursor":"a"},"nodes":[]})"}) {
    const Answers answers = read_both(account(1, followers), account(2));
    BOOST_TEST((answers.accounts[0].got == Got::nothing), followers);
    BOOST_TEST((answers.accounts[1].got == Got::answered));
  }
}

BOOST_AUTO_TEST_CASE(entries_that_make_no_sense_are_counted_and_doubles_are_taken_once) {
  const std::string nodes = person(7) + ",null,3,{\"login\":\"x\"}," + person(7) +
                            R"(,{"id":"U_0","databaseId":99999999999999,"login":"y"})";
  const Answers answers = read_both(account(1, people("followers", 6, nodes)), account(2));
  const ListPage& page = answers.accounts[0].pages[0];
  BOOST_TEST(page.entries.size() == 1U);
  BOOST_TEST(page.unreadable == 4U);
}

BOOST_AUTO_TEST_CASE(accounts_are_known_by_number_wherever_they_stand) {
  Answers answers = read_both(account(2), account(1));
  BOOST_TEST(answers.accounts[0].news.account.login == "u1");
  answers = read(two_accounts(), R"({"accounts":[)" + account(2) + "]}");
  BOOST_TEST((answers.accounts[0].got == Got::nothing));
  BOOST_TEST((answers.accounts[1].got == Got::answered));
  answers = read_both(account(3), account(2));
  BOOST_TEST((answers.accounts[0].got == Got::nothing));
}

BOOST_AUTO_TEST_CASE(an_organisation_among_people_is_known_as_one) {
  const Answers answers = read_both(
      R"({"__typename":"Organization","id":"U_1","databaseId":1,"login":"acme"})", account(2));
  BOOST_TEST((answers.accounts[0].got == Got::answered));
  BOOST_TEST((answers.accounts[0].news.account.kind == UserKind::organization));
  BOOST_TEST(answers.accounts[0].pages.empty());
}

BOOST_AUTO_TEST_CASE(a_scope_that_lacks_is_told_apart_from_other_refusals) {
  const std::string errors = R"([{"type":"INSUFFICIENT_SCOPES","path":["accounts",0,"email"],
      "message":"The 'email' field requires one of: ['user:email']"}])";
  const Answers answers = read_both("null", account(2), errors);
  BOOST_TEST(answers.email_refused);
  BOOST_TEST((answers.accounts[0].got == Got::nothing));
  BOOST_TEST(refuses_email(json::parse(R"({"errors":)" + errors + "}")));
  BOOST_TEST(!refuses_email(json::parse(R"({"errors":[{"type":"FORBIDDEN","message":"no"}]})")));
}

BOOST_AUTO_TEST_CASE(a_seed_that_is_null_beside_what_github_could_not_do_may_be_there) {
  Question question;
  question.asked.seeds = {"mona", "nobody"};
  const auto got = [&](const std::string& errors) {
    const auto body = json::parse(R"({"data":{"s0":null,"s1":null},"errors":)" + errors + "}");
    const Answers answers = read_answers(question, body);
    return std::pair(answers.seeds[0].got, answers.seeds[1].got);
  };
  const std::pair both_gone(Got::gone, Got::gone), untold(Got::nothing, Got::nothing);
  BOOST_TEST((got("[]") == both_gone));
  BOOST_TEST((got(R"([{"type":"NOT_FOUND","path":["s1"],"message":"no"}])") == both_gone));
  BOOST_TEST(
      (got(R"([{"message":"Something went wrong while executing your query."}])") == untold));
  BOOST_TEST((got(R"([{"message":"Something went wrong","path":[]}])") == untold));
  BOOST_TEST((got(R"([{"type":"RESOURCE_LIMITS_EXCEEDED","path":["accounts",3],"message":"no"},
                      {"type":"NOT_FOUND","path":["s1"],"message":"no"}])") ==
              std::pair(Got::nothing, Got::gone)));
}

BOOST_AUTO_TEST_CASE(pages_seeds_and_gists_are_read_by_their_names) {
  Question question;
  question.asked.pages.resize(3);
  for (AskedPage& page : question.asked.pages) page.after = "before";
  question.asked.seeds = {"Mona", "nobody", "later"};
  const Answers answers =
      read(question,
           R"({"p0":{"id":"U",)" + people("followers", 300, person(9), "next") +
               R"(},"p1":null,"p2":{"id":"U",)" + people("followers", 9, person(9), "before") +
               R"(},"s0":)" + person(5) +
               R"(,"s1":null,"gists":[{"databaseId":4,"gists":{"totalCount":2}},null,{}]})",
           R"([{"type":"NOT_FOUND","path":["s1"],"message":"no"}])");
  BOOST_TEST((answers.pages[0].got == Got::answered));
  BOOST_TEST(!answers.pages[0].page.first);
  BOOST_TEST((answers.pages[1].got == Got::nothing));
  BOOST_TEST((answers.pages[2].got == Got::nothing), "a page that leads to itself");
  BOOST_TEST((answers.seeds[0].got == Got::answered));
  BOOST_TEST(answers.seeds[0].entry.id == 5U);
  BOOST_TEST((answers.seeds[1].got == Got::gone));
  BOOST_TEST((answers.seeds[2].got == Got::nothing));
  BOOST_REQUIRE(answers.gists.size() == 1U);
  BOOST_TEST(answers.gists[0].count == 2U);
}

BOOST_AUTO_TEST_CASE(any_mangled_answer_is_survived) {
  const std::string whole = R"({"data":{"accounts":[)" +
                            account(1, people("followers", 1, person(7))) + "," + account(2) +
                            R"(]},"errors":[{"type":"NOT_FOUND","path":["accounts",0]}]})";
  const json::value body = json::parse(whole);
  // Each value in turn is replaced by something else.
  std::size_t index = 0, count = 0;
  const std::function<json::value(const json::value&, std::size_t, const json::value&)> mangled =
      [&](const json::value& value, std::size_t at, const json::value& with) -> json::value {
    if (index++ == at) return with;
    if (value.is_object()) {
      json::object object;
      for (const auto& [key, each] : value.get_object()) object[key] = mangled(each, at, with);
      return object;
    }
    if (value.is_array()) {
      json::array array;
      for (const json::value& each : value.get_array()) array.push_back(mangled(each, at, with));
      return array;
    }
    return value;
  };
  for (const json::value& with : {json::value(nullptr), json::value(-1), json::value("text"),
                                  json::value(json::array{}), json::value(json::object{})}) {
    for (std::size_t at = 0;; ++at) {
      index = 0;
      const json::value broken = mangled(body, at, with);
      if (at >= index) break;
      const Answers answers = read_answers(two_accounts(), broken);
      BOOST_TEST(answers.accounts.size() == 2U);
      ++count;
    }
  }
  BOOST_TEST(count > 200U);
}

BOOST_AUTO_TEST_SUITE_END()
