#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "jobs/leave/leave_job.hpp"
#include "storage/codec.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"
#include "storage/secrets.hpp"
#include "tests/daemon/service_room.hpp"

namespace tidemark::daemon {

namespace {

constexpr const char* grants =
    R"({"id":"00012345","github_token":"gho_Aa1Bb2Cc3Dd4","openhumans_access_token":"accessXYZ1",)"
    R"("openhumans_refresh_token":"refreshXYZ1","openhumans_expires_in_s":36000})";

std::string text(const boost::json::value& value) { return boost::json::serialize(value); }

}  // namespace

BOOST_AUTO_TEST_SUITE(routes_members)

BOOST_AUTO_TEST_CASE(tokens_that_are_replaced_or_removed_wait_to_be_ended_unless_they_go_on) {
  test::ServiceRoom room;
  room.ask("POST", "/v1/members", grants);
  const auto doomed = [&] {
    std::vector<std::string> tokens;
    room.engine->read([&](const storage::Reader& reader) {
      for (const auto& [owner, provider] : storage::list_doomed_tokens(reader, 10)) {
        tokens.push_back(storage::find_token(reader, room.sealer, owner, provider)->access);
      }
    });
    std::ranges::sort(tokens);
    return tokens;
  };
  using Texts = std::vector<std::string>;
  room.ask("POST", "/v1/members", grants);
  BOOST_TEST(doomed().empty());
  room.ask("POST", "/v1/members", R"({"id":"00012345","github_token":"gho_another0001"})");
  BOOST_TEST((doomed() == Texts{"gho_Aa1Bb2Cc3Dd4"}));
  BOOST_TEST(room.ask("DELETE", "/v1/members/00012345").status == 204);
  BOOST_TEST((doomed() == Texts{"accessXYZ1", "gho_Aa1Bb2Cc3Dd4", "gho_another0001"}));
  BOOST_TEST(room.get("/v1/members/00012345").status == 404);
  room.engine->read([&](const storage::Reader& reader) {
    BOOST_TEST(storage::find_job(reader, "tidy", "all").has_value());
  });
  // Brought again, they are in use.
  room.ask("POST", "/v1/members", grants);
  BOOST_TEST((doomed() == Texts{"gho_another0001"}));
}

BOOST_AUTO_TEST_CASE(a_damaged_record_of_one_member_hides_no_other) {
  test::ServiceRoom room;
  room.ask("POST", "/v1/members", grants);
  room.engine->write([](storage::Writer& writer) {
    writer.put(storage::Table::members, storage::KeyWriter().text("00012344").bytes(), "\x02no");
  });
  const auto list = room.get("/v1/members?limit=1");
  BOOST_TEST(list.status == 200);
  BOOST_TEST(list.json.at("members").as_array().size() == 1u);
  BOOST_REQUIRE(list.json.at("damaged").as_array().size() == 1u);
  const auto what = text(list.json.at("damaged").at(0));
  BOOST_TEST(what.find("00012344") != std::string::npos, what);
  BOOST_TEST(what.find("restore a backup") != std::string::npos, what);
}

BOOST_AUTO_TEST_CASE(dead_jobs_are_told_with_the_status) {
  test::ServiceRoom room;
  BOOST_TEST(room.get("/v1/status").json.at("dead").as_array().empty());
  room.ask("POST", "/v1/members", grants);
  room.engine->write([](storage::Writer& writer) {
    const auto any = [](const storage::Job&) { return true; };
    const auto now_ms = storage::find_job(writer, "sync", "00012345")->due_ms;
    const auto job = storage::claim_job(writer, now_ms, any).value();
    storage::fail_job(writer, job.id, job.fence, "members[\"00012345\"]: damaged", std::nullopt,
                      now_ms);
  });
  const auto dead = room.get("/v1/status").json.at("dead").as_array();
  BOOST_REQUIRE(dead.size() == 1u);
  BOOST_TEST(dead[0].at("key").as_string() == "00012345");
  BOOST_TEST(dead[0].at("last_error").as_string() == "members[\"00012345\"]: damaged");
}

BOOST_AUTO_TEST_CASE(a_new_member_is_sealed_in_the_store_and_their_sync_is_queued) {
  test::ServiceRoom room;
  const auto answer = room.ask("POST", "/v1/members", grants);
  BOOST_TEST(answer.status == 201);
  BOOST_TEST(answer.headers.find("Location").value() == "/v1/members/00012345");
  BOOST_TEST(answer.json.at("state").as_string() == "active");
  BOOST_TEST(answer.json.at("job").as_object().at("state").as_string() == "ready");
  const auto now_ms = room.services.now_ms();
  room.engine->read([&](const storage::Reader& reader) {
    const auto github = storage::find_token(reader, room.sealer, "00012345", "github");
    const auto openhumans = storage::find_token(reader, room.sealer, "00012345", "openhumans");
    BOOST_REQUIRE(github && openhumans);
    BOOST_TEST(github->access == "gho_Aa1Bb2Cc3Dd4");
    BOOST_TEST(github->expires_ms == 0);
    BOOST_TEST(openhumans->access == "accessXYZ1");
    BOOST_TEST(openhumans->refresh == "refreshXYZ1");
    BOOST_TEST(openhumans->expires_ms == now_ms + 36'000'000);
    const auto job = storage::find_job(reader, "sync", "00012345");
    BOOST_REQUIRE(job);
    BOOST_TEST(job->priority == 50);
  });
}

BOOST_AUTO_TEST_CASE(no_answer_ever_holds_a_token) {
  test::ServiceRoom room;
  std::string seen = room.ask("POST", "/v1/members", grants).body;
  seen += room.ask("POST", "/v1/members", grants).body;
  // An error with a token in it, as a careless upstream might word it.
  room.write([](storage::Writer& writer) {
    auto member = storage::find_member(writer, "00012345").value();
    member.last_error = "GET /user with accessXYZ1 and ghp_0123456789abcdef failed";
    storage::put_member(writer, member);
  });
  for (const std::string target : {"/v1/members", "/v1/members/00012345", "/v1/jobs",
                                   "/v1/members/00012345/weeks", "/v1/status", "/v1/quota"}) {
    seen += room.get(target).body;
  }
  for (const std::string bad :
       {R"({"id":"00012345","github_token":"gho_Aa1Bb2Cc3Dd4 "})",
        R"({"id":"x","github_token":"gho_Aa1Bb2Cc3Dd4"})", R"({"gho_Aa1Bb2Cc3Dd4)"}) {
    seen += room.ask("POST", "/v1/members", bad).body;
  }
  for (const std::string secret :
       {"gho_Aa1Bb2Cc3Dd4", "accessXYZ1", "refreshXYZ1", "ghp_0123456789abcdef"}) {
    BOOST_TEST(seen.find(secret) == std::string::npos, secret);
  }
  BOOST_TEST(seen.find("GET /user with [secret] and [secret] failed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(new_tokens_for_a_known_member_replace_only_what_was_given_and_wake_them) {
  test::ServiceRoom room;
  room.ask("POST", "/v1/members", grants);
  room.write([](storage::Writer& writer) {
    auto member = storage::find_member(writer, "00012345").value();
    member.state = storage::MemberState::needs_sign_in;
    member.state_reason = "GitHub refused the token";
    storage::put_member(writer, member);
  });
  const auto refused = room.ask("POST", "/v1/members/00012345/sync");
  BOOST_TEST(refused.status == 409);
  BOOST_TEST(refused.json.at("detail").as_string() ==
             "member 00012345 must sign in again (GitHub refused the token); give new tokens "
             "with: tidemark members add 00012345");
  const auto answer =
      room.ask("POST", "/v1/members", R"({"id":"00012345","github_token":"gho_fresh1234"})");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.json.at("state").as_string() == "active");
  BOOST_TEST(answer.json.at("state_reason").is_null());
  room.engine->read([&](const storage::Reader& reader) {
    BOOST_TEST(storage::find_token(reader, room.sealer, "00012345", "github")->access ==
               "gho_fresh1234");
    BOOST_TEST(storage::find_token(reader, room.sealer, "00012345", "openhumans")->access ==
               "accessXYZ1");
  });
}

BOOST_AUTO_TEST_CASE(a_bad_member_is_refused_with_the_field_and_nothing_is_stored) {
  test::ServiceRoom room;
  const std::pair<std::string, std::string> cases[] = {
      {"", "the body must be a JSON object"},
      {"[]", "the body must be a JSON object"},
      {R"({"github_token":"gho_1"})", "id must be a text of 1 to 16 digits"},
      {R"({"id":12345678,"github_token":"gho_1"})", "id must be a text of 1 to 16 digits"},
      {R"({"id":"12345678901234567","github_token":"a"})", "id must be a text of 1 to 16 digits"},
      {R"({"id":"1"})", "give github_token, openhumans_access_token, or both"},
      {R"({"id":"1","github_token":"a"})", "a new member needs"},
      {R"({"id":"1","github_token":"a b","openhumans_access_token":"c"})", "github_token must be"},
      {R"({"id":"1","github_token":7,"openhumans_access_token":"c"})", "github_token must be"},
      {R"({"id":"1","token":"a"})", "unknown field token"},
      {R"({"id":"1","github_token":"a","openhumans_access_token":"c","openhumans_expires_in_s":-1})",
       "openhumans_expires_in_s must be"},
      {R"({"id":"1","github_token":"a","openhumans_refresh_token":"c"})", "needs the openhumans"},
      {R"({"id":"1","id":"2","github_token":"a","openhumans_access_token":"c"})",
       "the field id is there twice"},
      {R"({"id":"1","github_token":"a","openhumans_access_token":"c","github\u005ftoken":"b"})",
       "the field github_token is there twice"},
  };
  for (const auto& [body, words] : cases) {
    const auto answer = room.ask("POST", "/v1/members", body);
    BOOST_TEST(answer.status == 400, body);
    BOOST_TEST(text(answer.json.at("detail")).find(words) != std::string::npos, answer.body);
  }
  BOOST_TEST(room.get("/v1/members").json.at("members").as_array().empty());
}

BOOST_AUTO_TEST_CASE(members_come_in_pages_that_neither_repeat_nor_miss_anyone) {
  test::ServiceRoom room;
  for (int i = 0; i < 7; ++i) room.add_member("1000000" + std::to_string(i));
  std::string cursor, all;
  int pages = 0;
  do {
    const auto answer =
        room.get("/v1/members?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const auto& member : answer.json.at("members").as_array()) {
      all += std::string(member.as_object().at("id").as_string()).substr(7) + " ";
    }
    const auto& next = answer.json.at("next");
    cursor = next.is_null() ? "" : std::string(next.as_string());
    // Rows that appear behind the cursor do not move it.
    room.add_member("00000000");
    ++pages;
  } while (!cursor.empty());
  BOOST_TEST(all == "0 1 2 3 4 5 6 ");
  BOOST_TEST(pages == 3);
  BOOST_TEST(room.get("/v1/members?cursor=zzz").status == 400);
  BOOST_TEST(room.get("/v1/members?limit=0").status == 400);
  BOOST_TEST(room.get("/v1/members?limit=501").status == 400);
  BOOST_TEST(room.get("/v1/members?what=1").status == 400);
}

BOOST_AUTO_TEST_CASE(a_sync_that_is_queued_already_is_joined) {
  test::ServiceRoom room;
  room.add_member("00012345");
  const auto answer = room.ask("POST", "/v1/members/00012345/sync");
  BOOST_TEST(answer.status == 202);
  BOOST_TEST(answer.json.at("joined").as_bool());
  BOOST_TEST(room.ask("POST", "/v1/members/99/sync").status == 404);
}

BOOST_AUTO_TEST_CASE(a_sync_that_a_person_asks_for_goes_before_the_others_also_when_it_is_joined) {
  test::ServiceRoom room;
  room.add_member("1");
  room.add_member("2");
  BOOST_TEST(room.ask("POST", "/v1/members/2/sync").json.at("joined").as_bool());
  std::optional<storage::Job> first;
  room.write([&](storage::Writer& writer) {
    auto all = [](const storage::Job&) { return true; };
    first = storage::claim_job(writer, room.services.now_ms(), all);
  });
  BOOST_REQUIRE(first);
  BOOST_TEST(first->key == "2");
  BOOST_TEST(first->priority == 10);
}

BOOST_AUTO_TEST_CASE(a_removed_member_leaves_nothing_behind) {
  test::ServiceRoom room;
  room.add_member("00012345");
  BOOST_TEST(room.ask("DELETE", "/v1/members/00012345").status == 204);
  BOOST_TEST(room.get("/v1/members/00012345").status == 404);
  BOOST_TEST(room.ask("DELETE", "/v1/members/00012345").status == 404);
  room.engine->read([&](const storage::Reader& reader) {
    BOOST_TEST(!storage::find_token(reader, room.sealer, "00012345", "github").has_value());
    // But for the job that ends the tokens.
    BOOST_TEST((storage::job_counts(reader) == storage::JobCounts{.ready = 1}));
    BOOST_TEST(storage::find_job(reader, "tidy", "all").has_value());
  });
}

BOOST_AUTO_TEST_CASE(connecting_github_says_what_it_waits_for_and_how_its_job_failed) {
  test::ServiceRoom room;
  room.add_member("00012345");
  const auto begun = room.ask("POST", "/v1/members/00012345/connect");
  BOOST_TEST(begun.status == 202);
  BOOST_TEST(begun.json.at("job").as_object().at("state").as_string() == "ready");
  BOOST_TEST(begun.json.at("held").is_null());
  room.write([&](storage::Writer& writer) {
    const auto now_ms = room.services.now_ms();
    auto connects = [](const storage::Job& job) { return job.kind == "connect"; };
    const auto job = storage::claim_job(writer, now_ms, connects).value();
    storage::fail_job(writer, job.id, job.fence, "GitHub is down", now_ms + 8'000, now_ms);
  });
  room.runner.hold("connect", "we are told to wait");
  const auto answer = room.get("/v1/members/00012345/connect");
  BOOST_TEST(answer.json.at("job").as_object().at("last_error").as_string() == "GitHub is down");
  BOOST_TEST(answer.json.at("held").as_string() == "we are told to wait");
}

BOOST_AUTO_TEST_CASE(connecting_github_again_keeps_the_members_choice_unless_another_is_named) {
  test::ServiceRoom room;
  room.add_member("00012345");
  room.write([&](storage::Writer& writer) {
    auto member = storage::find_member(writer, "00012345").value();
    member.wants_private = true;
    storage::put_member(writer, member);
  });
  const std::string target = "/v1/members/00012345/connect";
  BOOST_TEST(room.ask("POST", target).json.at("private").as_bool());
  BOOST_TEST(room.ask("POST", target, R"({"private":false})").json.at("private").as_bool());
  BOOST_TEST(!room.ask("POST", target, R"({"public":true})").json.at("private").as_bool());
  BOOST_TEST(room.ask("POST", target, R"({"public":true,"private":true})").status == 400);
}

BOOST_AUTO_TEST_CASE(a_waiting_member_says_why_and_until_when_in_words_and_in_numbers) {
  test::ServiceRoom room;
  room.add_member("00012345");
  const auto until_ms = room.services.now_ms() + 60'000;
  room.write([&](storage::Writer& writer) {
    const auto now_ms = room.services.now_ms();
    auto accepts = [](const storage::Job&) { return true; };
    const auto job = storage::claim_job(writer, now_ms, accepts).value();
    storage::set_progress(writer, job.id, job.fence, {37, 120, "weeks"}, now_ms);
    storage::suspend_job(writer, job.id, job.fence, until_ms,
                         "waiting for GitHub quota (graphql): 0 of 20 left", now_ms);
  });
  const auto member = room.get("/v1/members/00012345").json;
  const auto& wait = member.at("wait").as_object();
  BOOST_TEST(wait.at("until_ms").to_number<std::int64_t>() == until_ms);
  BOOST_TEST(wait.at("until").as_string() == "2026-01-05T00:01:00.000Z");
  BOOST_TEST(wait.at("reason").as_string() == "waiting for GitHub quota (graphql): 0 of 20 left");
  BOOST_TEST(std::string_view(wait.at("text").as_string()).starts_with("waiting for quota until "));
  const auto& progress = member.at("progress").as_object();
  BOOST_TEST(progress.at("done").to_number<int>() == 37);
  BOOST_TEST(progress.at("percent").to_number<int>() == 30);
}

BOOST_AUTO_TEST_CASE(a_nul_in_a_path_filter_or_cursor_is_the_askers_fault_not_ours) {
  test::ServiceRoom room;
  for (const auto& [method, target] :
       std::vector<std::pair<std::string, std::string>>{{"GET", "/v1/members/%00"},
                                                        {"DELETE", "/v1/members/%00"},
                                                        {"POST", "/v1/members/%00/sync"},
                                                        {"GET", "/v1/members/%00/weeks"}}) {
    BOOST_TEST(room.ask(method, target).status == 404, method + " " + target);
  }
  for (const std::string target :
       {"/v1/jobs?key=%00", "/v1/jobs?kind=%00", "/v1/members?cursor=c100"}) {
    BOOST_TEST(room.get(target).status == 400, target);
  }
}

BOOST_AUTO_TEST_CASE(new_tokens_do_not_bring_back_who_is_being_deleted) {
  test::ServiceRoom room;
  room.add_member("00012345");
  room.write([&](storage::Writer& writer) {
    BOOST_TEST(jobs::leave::begin_leaving(writer, "00012345", {true, "the member"},
                                          room.services.now_ms()));
  });
  for (const std::string& body :
       {std::string(grants), std::string(R"({"id":"00012345","github_token":"gho_fresh1234"})"),
        std::string(R"({"id":"00012345","openhumans_access_token":"accessXYZ2"})")}) {
    const auto answer = room.ask("POST", "/v1/members", body);
    BOOST_TEST(answer.status == 409, body);
    BOOST_TEST(answer.json.at("detail").as_string() ==
               "member 00012345 is being deleted; add them again when that is done");
  }
  room.engine->read([&](const storage::Reader& reader) {
    const auto member = storage::find_member(reader, "00012345").value();
    BOOST_TEST((member.state == storage::MemberState::leaving));
    BOOST_TEST(!storage::find_job(reader, "sync", "00012345").has_value());
    const auto token = storage::find_token(reader, room.sealer, "00012345", "github");
    BOOST_TEST((!token || token->access != "gho_fresh1234"));
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon
