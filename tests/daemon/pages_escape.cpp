#include <boost/test/unit_test.hpp>
#include <functional>
#include <regex>

#include "daemon/pages/embedded.hpp"
#include "tests/daemon/pages_examples.hpp"

// Whatever stands in a value: it stays text. A page with evil words must be the page with harmless
// ones, but for the words themselves.

namespace tidemark::daemon::pages {

namespace {

const std::string evil = R"(x"'><script>alert(1)</script><img src=x onerror=alert(2)>{{csrf}}&)";
const std::string evil_escaped =
    "x&quot;&apos;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x "
    "onerror=alert(2)&gt;{{csrf}}&amp;";
const std::string harmless = "harmless";

std::string with_evil_replaced(std::string html) {
  for (std::size_t at = 0; (at = html.find(evil_escaped, at)) != std::string::npos;) {
    html.replace(at, evil_escaped.size(), harmless);
  }
  return html;
}

using PageOf = std::function<std::string(const std::string& word)>;

void check_escaped(const PageOf& page) {
  const std::string html = page(evil);
  BOOST_TEST(html.find(evil_escaped) != std::string::npos);
  BOOST_TEST(html.find("<script>") == std::string::npos);
  BOOST_TEST(html.find("<img src=x") == std::string::npos);
  BOOST_TEST((with_evil_replaced(html) == page(harmless)));
}

Frame frame_with(const std::string& word) {
  Frame frame = test::example_frame(true);
  frame.csrf = word;
  frame.contact = "https://example.org/" + word;
  frame.activity_url = "https://example.org/" + word;
  return frame;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pages_escape)

BOOST_AUTO_TEST_CASE(no_value_of_the_frame_gets_out_of_its_place) {
  check_escaped([](const std::string& word) { return landing_page(frame_with(word)); });
  check_escaped([](const std::string& word) { return about_page(frame_with(word), 96); });
  check_escaped([](const std::string& word) { return sharing_page(frame_with(word)); });
  check_escaped([](const std::string& word) { return goodbye_page(frame_with(word)); });
  check_escaped([](const std::string& word) { return delete_page(frame_with(word), 3); });
  check_escaped([](const std::string& word) {
    return member_page(frame_with(word), test::example_member(20));
  });
  check_escaped([](const std::string& word) {
    Frame frame = test::example_frame(false);
    frame.contact = word;
    return about_page(frame, 96);
  });
}

BOOST_AUTO_TEST_CASE(no_value_of_a_problem_gets_out_of_its_place) {
  check_escaped([](const std::string& word) {
    return problem_page(test::example_frame(true), {400, word, word, word, "/" + word});
  });
}

BOOST_AUTO_TEST_CASE(no_value_of_a_member_gets_out_of_its_place) {
  using Activity = MemberView::Activity;
  for (const Activity activity :
       {Activity::idle, Activity::queued, Activity::running, Activity::waiting, Activity::failed,
        Activity::needs_sign_in, Activity::not_connected}) {
    check_escaped([activity](const std::string& word) {
      MemberView view = test::example_member(40);
      view.activity = activity;
      view.id = word;
      view.login = word;
      view.sentence = word;
      view.last_error = word + " again";
      view.last_error_ms = test::page_now_ms;
      for (Year& year : view.years) {
        for (Cell& cell : year.weeks) cell.reason = word;
      }
      return member_page(test::example_frame(true), view);
    });
  }
}

BOOST_AUTO_TEST_CASE(a_flash_that_is_not_ours_is_not_shown) {
  Frame frame = test::example_frame(true);
  const std::string without = landing_page(frame);
  frame.flash = evil;
  BOOST_TEST((landing_page(frame) == without));
}

BOOST_AUTO_TEST_CASE(only_web_addresses_and_our_own_pages_become_links) {
  Frame frame = test::example_frame(false);
  for (const char* address : {"javascript:alert(1)", "data:text/html,x", "//elsewhere.example",
                              " https://elsewhere.example", "JAVASCRIPT:alert(1)@x"}) {
    frame.activity_url = frame.contact = address;
    const std::string page = about_page(frame, 96);
    BOOST_TEST(page.find("href=\"" + std::string(address)) == std::string::npos, address);
    BOOST_TEST(page.find("mailto:") == std::string::npos, address);
    const std::string problem = problem_page(frame, {404, "No", "No", "Go on", address});
    BOOST_TEST(problem.find("Go on") == std::string::npos, address);
  }
  for (const char* address : {"/\\elsewhere.example", "//elsewhere.example", "https://x.example"}) {
    const std::string page = problem_page(frame, {404, "No", "No", "Go on", address});
    BOOST_TEST(page.find("Go on") == std::string::npos, address);
  }
}

BOOST_AUTO_TEST_CASE(templates_leave_nothing_unescaped_but_markup_of_ours) {
  const std::regex unescaped(R"(\{\{(?:\{|\s*&)\s*([a-z_]+))");
  std::size_t found = 0;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.name.ends_with(".mustache")) continue;
    const std::string text(file.bytes);
    for (std::sregex_iterator each(text.begin(), text.end(), unescaped), end; each != end; ++each) {
      ++found;
      BOOST_TEST((*each)[1].str().ends_with("_html"), file.name << ": " << (*each)[0]);
    }
  }
  BOOST_TEST(found >= 3U);
}

BOOST_AUTO_TEST_CASE(no_page_needs_what_the_strict_policy_forbids) {
  const std::regex forbidden(
      R"(<script(?! src="/assets/)|<style| style=| on[a-z]+=|javascript:|data:|<base|<iframe)"
      R"(|(?:src|action)="(?!/)|<link[^>]*href="(?!/assets/))");
  for (const auto& [name, html] : test::example_pages()) {
    std::smatch match;
    BOOST_TEST(!std::regex_search(html, match, forbidden), name << ": " << match.str());
  }
}

BOOST_AUTO_TEST_CASE(every_form_is_sent_by_post_and_carries_the_token) {
  std::size_t forms = 0;
  for (const auto& [name, html] : test::example_pages()) {
    for (std::size_t at = 0; (at = html.find("<form", at)) != std::string::npos; ++forms) {
      const std::size_t end = html.find("</form>", at);
      BOOST_REQUIRE(end != std::string::npos);
      const std::string form = html.substr(at, end - at);
      BOOST_TEST(form.find("method=\"post\" action=\"/") != std::string::npos, name);
      BOOST_TEST(form.find("name=\"csrf\" value=\"0123456789abcdef\"") != std::string::npos, name);
      at = end;
    }
  }
  BOOST_TEST(forms > 20U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tidemark::daemon::pages
