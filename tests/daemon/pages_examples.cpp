#include "tests/daemon/pages_examples.hpp"

#include <random>

#include "storage/week.hpp"

namespace tidemark::test {

using namespace daemon::pages;
using Activity = MemberView::Activity;

namespace {

constexpr int first_year = 2019, this_year = 2026;

using Chance = std::mt19937_64;  // the same numbers everywhere

std::uint64_t below(Chance& chance, std::uint64_t bound) { return chance() % bound; }

Cell example_cell(Chance& chance, storage::Week week, storage::Week now) {
  Cell cell;
  if (week > now) {
    cell.state = CellState::future;
    return cell;
  }
  cell.state = CellState::uploaded;
  const bool on_holiday = week.number() > 51 || week.number() == 31 || below(chance, 9) == 0;
  const std::uint64_t busy = static_cast<std::uint64_t>(week.year() - first_year) * 5 + 6;
  cell.commits = on_holiday ? 0 : below(chance, busy) * (below(chance, 4) == 0 ? 2 : 1);
  cell.others = on_holiday ? 0 : below(chance, 5);
  return cell;
}

// The weeks that are still open, seen from the newest.
void leave_open(Cell& cell, std::size_t at, std::size_t weeks_left) {
  if (at * 3 > weeks_left * 2) {
    cell = Cell{.state = CellState::known, .commits = cell.commits, .others = cell.others};
  } else if (at % 17 == 5) {
    cell.state = CellState::partial;
    cell.reason = "repository mona/old-harbour may not be seen any more";
  } else {
    cell = Cell{.state = at * 3 > weeks_left ? CellState::waiting : CellState::unknown};
  }
}

void count(MemberView& view, const Cell& cell) {
  if (cell.state == CellState::uploaded) ++view.weeks_uploaded;
  if (cell.state == CellState::known) ++view.weeks_known;
  if (cell.state == CellState::partial) ++view.weeks_partial;
  if (cell.state != CellState::future && cell.state != CellState::unknown) ++view.weeks_done;
  if (cell.state != CellState::future) ++view.weeks_total;
  view.commits += cell.commits;
  view.additions += cell.commits * 61;
  view.deletions += cell.commits * 23;
}

MemberView with(MemberView view, Activity activity, std::string sentence = "",
                std::int64_t wait_ms = 0) {
  view.activity = activity;
  view.sentence = std::move(sentence);
  if (wait_ms > 0) view.until_ms = page_now_ms + wait_ms;
  view.may_update = activity == Activity::idle || activity == Activity::failed;
  return view;
}

void add_member_pages(std::map<std::string, std::string>& pages) {
  Frame frame = example_frame(true);
  const auto add = [&](const std::string& name, const MemberView& view, std::string flash = "") {
    frame.flash = std::move(flash);
    pages["member_" + name] = member_page(frame, view);
  };
  MemberView newcomer;
  newcomer.id = "12345678";
  newcomer.activity = Activity::not_connected;
  newcomer.now_ms = page_now_ms;
  add("new", newcomer, "welcome");
  MemberView connected = newcomer;
  connected.github_connected = true;
  connected.login = "mona";
  add("queued", with(connected, Activity::queued), "github_connected");
  add("starting", with(connected, Activity::running));

  const MemberView half = example_member(170);
  add("running", with(half, Activity::running));
  add("running_later", with(example_member(150), Activity::running));
  add("waiting",
      with(half, Activity::waiting, "waiting for GitHub quota (graphql): 0 of 20 left", 1'620'000));
  add("waiting_disk", with(half, Activity::waiting, "there is no room on our disk", 30'000));
  MemberView lost = with(half, Activity::needs_sign_in, "You took its access back");
  lost.sign_in_is_github = true;
  add("lost_github", lost);
  MemberView left = with(half, Activity::not_connected);
  left.github_connected = false;
  add("disconnected", left, "disconnected");

  MemberView whole = with(example_member(), Activity::idle);
  add("up_to_date", whole, "signed_in");
  add("lost_open_humans", with(whole, Activity::needs_sign_in, "You removed this project there"));
  whole.last_error = "GitHub answered with an error page three times";
  whole.last_error_ms = page_now_ms - 90'000'000;
  whole.may_update = false;
  whole.update_again_ms = page_now_ms + 3'900'000;
  add("cooling", whole, "update_cooldown");
  add("failed", with(example_member(40), Activity::failed, "GitHub did not answer for two days"));
}

}  // namespace

Frame example_frame(bool signed_in) {
  Frame frame;
  frame.signed_in = signed_in;
  frame.csrf = signed_in ? "0123456789abcdef" : "";
  frame.contact = "hello@tidemark.example";
  frame.activity_url = "https://www.openhumans.org/activity/tidemark/";
  return frame;
}

MemberView example_member(std::size_t weeks_left) {
  MemberView view;
  view.id = "12345678";
  view.github_connected = true;
  view.login = "mona";
  view.now_ms = page_now_ms;
  view.last_synced_ms = page_now_ms - 5'400'000;
  Chance chance(7);
  const storage::Week now = storage::Week::of(page_now_ms / 1000);
  for (int number = this_year; number >= first_year; --number) {
    Year year;
    year.year = number;
    for (storage::Week week = storage::Week::first_of(number); week.year() == number; ++week) {
      Cell cell = example_cell(chance, week, now);
      const auto at = static_cast<std::size_t>(now - week);
      if (week <= now && at < weeks_left) leave_open(cell, at, weeks_left);
      count(view, cell);
      year.weeks.push_back(std::move(cell));
    }
    view.years.push_back(std::move(year));
  }
  return view;
}

std::map<std::string, std::string> example_pages() {
  std::map<std::string, std::string> pages;
  Frame visitor = example_frame(false);
  pages["landing"] = landing_page(visitor);
  pages["about"] = about_page(visitor, 96);
  pages["sharing"] = sharing_page(visitor);
  visitor.flash = "start_again";
  pages["landing_flash"] = landing_page(visitor);
  visitor.flash = "";
  pages["goodbye"] = goodbye_page(visitor);
  pages["problem"] = problem_page(
      visitor,
      {404, "There is no such page", "The address may be mistyped, or the page is gone.", "", ""});
  const Frame member = example_frame(true);
  pages["problem_form"] = problem_page(
      member, {403, "That form was too old", "Nothing was changed. Please go back and try again.",
               "Back to your weeks", "/member"});
  pages["delete"] = delete_page(member, 16);
  pages["delete_without_files"] = delete_page(member, 0);
  pages["delete_out_of_reach"] = delete_page(member, 16, false);
  add_member_pages(pages);
  return pages;
}

}  // namespace tidemark::test
