#include <boost/test/unit_test.hpp>

#include "jobs/discovery/adaptation.hpp"
#include "jobs/discovery/crawl.hpp"
#include "storage/engine.hpp"

// How much one question of the crawl asks for, as GitHub's answers teach.

using namespace tidemark::jobs::discovery;  // NOLINT: all of it is about this
using std::chrono::milliseconds;

namespace {

constexpr std::size_t most = 40;
constexpr milliseconds slow{5'000}, quick{800};
constexpr std::int64_t now_ms = 1'767'571'200'000, day_ms = 86'400'000;

void good(Adaptation& adaptation, int times) {
  for (int i = 0; i < times; ++i) note_good(adaptation, quick, slow, most);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(discovery_adaptation)

BOOST_AUTO_TEST_CASE(a_question_that_was_too_heavy_is_halved_down_to_one_account) {
  Adaptation adaptation;
  std::vector<std::size_t> sizes;
  for (int i = 0; i < 7; ++i) {
    note_heavy(adaptation, adaptation.parents, adaptation.connections, true);
    sizes.push_back(parents_allowed(adaptation, most, now_ms));
  }
  BOOST_TEST(sizes == (std::vector<std::size_t>{20, 10, 5, 2, 1, 1, 1}),
             boost::test_tools::per_element());
  BOOST_TEST(adaptation.connections == 1U);
}

BOOST_AUTO_TEST_CASE(after_a_proven_refusal_twenty_good_answers_ask_for_more) {
  Adaptation adaptation;
  note_heavy(adaptation, 40, 149, true);
  good(adaptation, 19);
  BOOST_TEST(adaptation.parents == 20U);
  good(adaptation, 1);
  BOOST_TEST(adaptation.parents == 40U);
}

BOOST_AUTO_TEST_CASE(after_a_passing_outage_it_asks_for_more_soon) {
  Adaptation adaptation;
  note_heavy(adaptation, 40, 149, false);
  good(adaptation, 4);
  BOOST_TEST(adaptation.parents == 40U);
  BOOST_TEST(adaptation.connections == 148U);
  // Every seventh answer a gateway's error: that must not wear it down.
  std::size_t least = most;
  for (int i = 1; i <= 140; ++i) {
    if (i % 7 == 0) {
      note_heavy(adaptation, adaptation.parents, adaptation.connections, false);
    } else {
      good(adaptation, 1);
    }
    least = std::min(least, adaptation.parents);
  }
  BOOST_TEST(least >= 20U);
}

BOOST_AUTO_TEST_CASE(errors_of_a_gateway_do_not_wear_down_what_a_proven_refusal_left) {
  Adaptation adaptation;
  note_heavy(adaptation, 40, 149, true);
  std::size_t least = most, largest = 0;
  for (int i = 1; i <= 140; ++i) {
    if (i % 7 == 0) {
      note_heavy(adaptation, adaptation.parents, adaptation.connections, false);
    } else {
      good(adaptation, 1);
    }
    least = std::min(least, adaptation.parents);
    largest = std::max(largest, adaptation.parents);
  }
  BOOST_TEST(least == 10U);
  BOOST_TEST(largest == 20U);  // more is asked for when twenty were good, as before
  Crawl crawl;
  crawl.adaptation = adaptation;
  BOOST_TEST((decode_crawl(encode_crawl(crawl)) == crawl));
}

BOOST_AUTO_TEST_CASE(the_first_error_of_a_gateway_says_nothing_of_how_little_can_be_asked_for) {
  Adaptation adaptation;
  note_heavy(adaptation, 2, 9, false);
  BOOST_TEST(adaptation.parents == 20U);
  BOOST_TEST(adaptation.connections == 74U);
  note_heavy(adaptation, 2, 9, false);
  BOOST_TEST(adaptation.parents == 1U);
  BOOST_TEST(adaptation.connections == 4U);
}

BOOST_AUTO_TEST_CASE(pages_that_were_refused_beside_accounts_are_fewer_only_if_these_are_answered) {
  PageAdaptation pages;
  note_riding_pages_refused(pages, 100);
  note_refused_without_pages(pages);
  note_told_without_pages(pages);
  BOOST_TEST((pages == PageAdaptation{}));
  note_riding_pages_refused(pages, 100);
  BOOST_TEST(pages.left_out);
  note_told_without_pages(pages);
  BOOST_TEST(!pages.left_out);
  BOOST_TEST(pages.at_once == 50U);
  for (int i = 0; i < 4; ++i) note_pages_told(pages);
  BOOST_TEST(pages.at_once == 100U);
  for (const std::size_t asked : {100U, 50U, 25U}) note_pages_refused(pages, asked);
  BOOST_TEST(pages.at_once == 12U);
  note_pages_refused(pages, 1);  // that was it
  BOOST_TEST((pages == PageAdaptation{}));
}

BOOST_AUTO_TEST_CASE(gists_that_fail_again_beside_accounts_are_asked_for_ever_more_rarely) {
  GistAdaptation gists;
  std::vector<int> pauses;
  for (int i = 0; i < 7; ++i) {
    note_riding_gists_refused(gists);
    note_told_without_gists(gists);
    int pause = 0;
    for (; !gists_may_ride(gists); ++pause) note_told_without_gists(gists);
    pauses.push_back(pause);
  }
  BOOST_TEST(pauses == (std::vector<int>{2, 4, 8, 16, 32, 64, 64}),
             boost::test_tools::per_element());
  note_riding_gists_told(gists);
  BOOST_TEST((gists == GistAdaptation{}));
}

BOOST_AUTO_TEST_CASE(the_one_whose_gists_fail_is_found_by_halves_and_passed_over_for_a_month) {
  GistAdaptation gists;
  constexpr UserId odd = 33;
  UserId next = 1;
  std::size_t refused = 0;
  while (next <= 40) {
    std::vector<UserId> asked;
    for (UserId id = next; id <= 40 && asked.size() < gists_at_once(gists, most); ++id) {
      if (!gists.passed_over.contains(id)) asked.push_back(id);
    }
    if (std::find(asked.begin(), asked.end(), odd) == asked.end()) {
      next = asked.back() + 1;
      note_gists_told(gists, asked.size());
    } else {
      note_gists_refused(gists, asked, true, now_ms);
      BOOST_REQUIRE(++refused < 8);
    }
  }
  BOOST_TEST((without_their_gists(gists, now_ms + 29 * day_ms) == std::vector<UserId>{odd}));
  BOOST_TEST(without_their_gists(gists, now_ms + 30 * day_ms).empty());
  // An error of a gateway may be an outage: three times.
  note_gists_refused(gists, {7}, false, now_ms);
  note_gists_refused(gists, {7}, false, now_ms);
  BOOST_TEST(!gists.passed_over.contains(7));
  note_gists_refused(gists, {7}, false, now_ms);
  BOOST_TEST(gists.passed_over.contains(7));
}

BOOST_AUTO_TEST_CASE(slow_answers_shrink_and_middling_ones_change_nothing) {
  Adaptation adaptation;
  note_good(adaptation, milliseconds(5'001), slow, most);
  BOOST_TEST(adaptation.parents == 30U);
  for (int i = 0; i < 50; ++i) note_good(adaptation, milliseconds(3'000), slow, most);
  BOOST_TEST(adaptation.parents == 30U);
  good(adaptation, 2);
  BOOST_TEST(adaptation.parents == 40U);
}

BOOST_AUTO_TEST_CASE(an_account_goes_alone_then_by_shorter_pages_then_by_rest) {
  Adaptation adaptation;
  std::vector<std::uint32_t> pages;
  for (int i = 0; i < 4; ++i) {
    demote(adaptation, 7, now_ms);
    BOOST_TEST(demotion_of(adaptation, 7).alone);
    BOOST_TEST(!demotion_of(adaptation, 7).by_rest);
    pages.push_back(demotion_of(adaptation, 7).page_size);
  }
  BOOST_TEST(pages == (std::vector<std::uint32_t>{100, 50, 25, 10}),
             boost::test_tools::per_element());
  demote(adaptation, 7, now_ms);
  BOOST_TEST(demotion_of(adaptation, 7).by_rest);
  BOOST_TEST((demotion_of(adaptation, 8) == Demotion{}));
}

BOOST_AUTO_TEST_CASE(the_oldest_demotions_are_forgotten) {
  Adaptation adaptation;
  for (UserId id = 1; id <= 250; ++id) {
    demote(adaptation, id, now_ms + static_cast<std::int64_t>(id));
  }
  BOOST_TEST(adaptation.demoted.size() == 200U);
  BOOST_TEST(!adaptation.demoted.contains(50));
  BOOST_TEST(adaptation.demoted.contains(51));
}

BOOST_AUTO_TEST_CASE(a_size_that_came_short_is_not_asked_for_within_a_day) {
  Adaptation adaptation;
  adaptation.trusted = 40;
  note_truncated(adaptation, 40, 3, now_ms);
  BOOST_TEST(adaptation.trusted == 0U);
  BOOST_TEST(parents_allowed(adaptation, most, now_ms) == 20U);
  good(adaptation, 100);
  BOOST_TEST(parents_allowed(adaptation, most, now_ms + day_ms - 1) == 30U);
  BOOST_TEST(parents_allowed(adaptation, most, now_ms + day_ms) == 40U);
  note_truncated(adaptation, 30, 0, now_ms + 1'000);
  BOOST_TEST(parents_allowed(adaptation, most, now_ms + 1'000) == 15U);
  good(adaptation, 100);
  BOOST_TEST(parents_allowed(adaptation, most, now_ms + 1'000) == 22U);
}

BOOST_AUTO_TEST_CASE(the_cursor_is_read_as_it_was_written) {
  Crawl crawl;
  crawl.viewer = 7;
  crawl.viewer_login = "mona";
  crawl.token_digest = "0123456789abcdef";
  crawl.email_refused = true;
  demote(crawl.adaptation, 9, now_ms);
  crawl.adaptation.truncates_at = 33;
  crawl.adaptation.pages = PageAdaptation{70, 4, 1, true, 140};
  crawl.adaptation.gists = GistAdaptation{true, 4, 3, 20, 1, {{8, now_ms}, {9, now_ms + 1}}};
  note_borne_out(crawl.adaptation.counts, 49, 3, now_ms);
  crawl.batches.push_back(Batch{{1, 2}, {2}, 40, 3});
  Batch& batch = crawl.batches.back();
  batch.doubts.push_back({1, {7, 8, 9}, ListCounts{7, 8, 8}, {}, ListCounts{1, 2, 3}});
  batch.apart_among = 49;
  batch.lists = {{1, ListMarks{1, 7, true}}, {2, ListMarks{3, 3}}};
  batch.tried = {1};
  batch.compared = 1;
  batch.failures = 2;
  crawl.by_rest = RestReading{0, "hubot", true, {List::followers, List::stars}, "because \"so\""};
  crawl.for_rest.push_back(RestReading{5, "", false, {List::following}, ""});
  crawl.questions_since_apart = 6;
  crawl.apart_after = 11;
  crawl.gists_after = 12;
  crawl.swept_after = 13;
  crawl.started_ms = now_ms;
  crawl.found = crawl.points = 3;
  crawl.minutes[0] = Minute{29'459'520, 1, 2, 3, 4, 5};
  BOOST_TEST((decode_crawl(encode_crawl(crawl)) == crawl));
  BOOST_TEST((decode_crawl(encode_crawl(Crawl{})) == Crawl{}));
  BOOST_CHECK_THROW((void)decode_crawl("{}"), tidemark::storage::CorruptRecord);
  BOOST_CHECK_THROW((void)decode_crawl("nonsense"), tidemark::storage::CorruptRecord);
}

BOOST_AUTO_TEST_SUITE_END()
