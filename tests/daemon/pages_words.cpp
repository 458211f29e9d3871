#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "daemon/pages/flash.hpp"
#include "daemon/pages/words.hpp"
#include "tests/daemon/pages_examples.hpp"

namespace tidemark::daemon::pages {

BOOST_AUTO_TEST_SUITE(pages_words)

BOOST_AUTO_TEST_CASE(numbers_and_spans_read_like_speech) {
  BOOST_TEST(grouped(0) == "0");
  BOOST_TEST(grouped(999) == "999");
  BOOST_TEST(grouped(1'000) == "1,000");
  BOOST_TEST(grouped(12'345'678) == "12,345,678");
  BOOST_TEST(counted(1, "week") == "1 week");
  BOOST_TEST(counted(2'000, "week") == "2,000 weeks");
  BOOST_TEST(every(1) == "every hour");
  BOOST_TEST(every(24) == "every day");
  BOOST_TEST(every(96) == "every four days");
  BOOST_TEST(every(24 * 30) == "every 30 days");
  BOOST_TEST(every(36) == "every 36 hours");
  BOOST_TEST(once_every(60) == "once an hour");
  BOOST_TEST(once_every(120) == "once every two hours");
  BOOST_TEST(once_every(90) == "once every 90 minutes");
}

BOOST_AUTO_TEST_CASE(times_are_as_long_as_needed) {
  constexpr std::int64_t now_ms = test::page_now_ms, hour_ms = 3'600'000;
  BOOST_TEST(utc_text(now_ms, now_ms) == "14:05 UTC");
  BOOST_TEST(utc_text(now_ms + 10 * hour_ms, now_ms) == "3 May, 00:05 UTC");
  BOOST_TEST(utc_text(now_ms - 365 * 24 * hour_ms, now_ms) == "2 May 2025, 14:05 UTC");
  BOOST_TEST(utc_text(-1, now_ms) == "31 Dec 1969, 23:59 UTC");
}

BOOST_AUTO_TEST_CASE(a_sentence_ends_once) {
  BOOST_TEST(sentence("it is over") == "it is over.");
  BOOST_TEST(sentence("It is over. ") == "It is over.");
  BOOST_TEST(sentence("") == "");
}

BOOST_AUTO_TEST_CASE(every_flash_has_a_name_once_and_is_shown_as_a_sentence) {
  std::set<std::string_view> names;
  for (const std::string_view name : flash_names()) {
    BOOST_TEST(names.insert(name).second, name);
    Frame frame = test::example_frame(false);
    frame.flash = name;
    const Flash* flash = find_flash(name);
    BOOST_REQUIRE(flash != nullptr);
    const std::string page = landing_page(frame);
    BOOST_TEST(page.find("<span>" + std::string(flash->sentence) + "</span>") != std::string::npos);
    const char* role = flash->good ? "role=\"status\"" : "role=\"alert\"";
    BOOST_TEST(page.find(role) != std::string::npos, name);
  }
  for (const char* name : {"signed_in",
                           "welcome",
                           "github_connected",
                           "github_refused",
                           "openhumans_refused",
                           "start_again",
                           "bad_code",
                           "provider_outage",
                           "client_refused",
                           "other_account",
                           "linked_elsewhere",
                           "scope_missing",
                           "unverified_mail",
                           "update_started",
                           "update_cooldown",
                           "disconnected",
                           "deleting",
                           "files_out_of_reach",
                           "signed_out",
                           "session_ended",
                           "busy",
                           "leaving"}) {
    BOOST_TEST(names.contains(name), name);
  }
}

BOOST_AUTO_TEST_CASE(assets_have_addresses_that_change_with_their_bytes) {
  std::set<std::string> versions;
  for (const char* name : {"site.css", "site.js", "icon.svg"}) {
    const std::string url = asset_url(name);
    const std::string start = "/assets/" + std::string(name) + "?v=";
    BOOST_TEST(url.starts_with(start), url);
    const std::string version = url.substr(std::min(start.size(), url.size()));
    BOOST_TEST(version.size() == 16U);
    BOOST_TEST(version.find_first_not_of("0123456789abcdef") == std::string::npos, version);
    BOOST_TEST(versions.insert(version).second, version);
  }
  for (const Asset& asset : assets()) {
    BOOST_TEST(asset.bytes.size() > 100U);
    BOOST_TEST(!asset.type.empty());
  }
}

BOOST_AUTO_TEST_CASE(visitors_and_members_are_led_on_differently) {
  const std::string visitor = landing_page(test::example_frame(false));
  const std::string start =
      "<a class=\"button\" href=\"/openhumans/start\">Sign in with Open Humans";
  BOOST_TEST(visitor.find(start) != std::string::npos);
  BOOST_TEST(visitor.find("Sign out") == std::string::npos);
  const std::string member = landing_page(test::example_frame(true));
  BOOST_TEST(member.find(start) == std::string::npos);
  BOOST_TEST(member.find("action=\"/sign-out\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_github_asks_for_is_told_as_it_is) {
  Frame frame = test::example_frame(false);
  BOOST_TEST(sharing_page(frame).find("<code>repo</code>") != std::string::npos);
  frame.github_scopes = false;
  BOOST_TEST(sharing_page(frame).find("<code>repo</code>") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(files_are_removed_from_open_humans_unless_the_tick_is_taken_away) {
  const std::string page = delete_page(test::example_frame(true), 16);
  BOOST_TEST(
      page.find("name=\"remove_files\" value=\"yes\" checked> <span>Also remove the files ") !=
      std::string::npos);
  BOOST_TEST(page.find("We know of 16 files there.") != std::string::npos);
  // What we know of is not all that there may be: a lost store, or who came back, knows of none.
  const std::string none = delete_page(test::example_frame(true), 0);
  BOOST_TEST(none.find("name=\"remove_files\" value=\"yes\" checked>") != std::string::npos);
  BOOST_TEST(none.find("We know of") == std::string::npos);
  BOOST_TEST(none.find("name=\"confirm\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_removal_is_promised_of_files_that_are_out_of_reach) {
  const std::string page = delete_page(test::example_frame(true), 16, false);
  BOOST_TEST(page.find("remove_files") == std::string::npos);
  BOOST_TEST(page.find("looked for and removed") == std::string::npos);
  BOOST_TEST(page.find("We know of 16 files there.") != std::string::npos);
  BOOST_TEST(page.find("href=\"/openhumans/start\"") != std::string::npos);
  BOOST_TEST(page.find("name=\"confirm\"") != std::string::npos);
}

// tests/browser/static_pages.mjs looks at them in a real browser.
BOOST_AUTO_TEST_CASE(the_pages_are_written_for_the_browser_tests) {
  const std::filesystem::path folder = std::filesystem::path(TIDEMARK_BINARY_DIR) / "pages";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "assets");
  for (const auto& [name, html] : test::example_pages()) {
    std::ofstream(folder / (name + ".html")) << html;
    BOOST_TEST(std::filesystem::file_size(folder / (name + ".html")) == html.size());
  }
  for (const Asset& asset : assets()) std::ofstream(folder / "assets" / asset.name) << asset.bytes;
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon::pages
