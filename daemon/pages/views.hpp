#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the pages show, as plain values, and the pages as HTML. Every text is escaped; nothing here
// knows the store or a socket. The templates lie beside this file.
namespace tidemark::daemon::pages {

// What stands around every page.
struct Frame {
  bool signed_in = false;
  std::string csrf;           // of the session; empty when nobody is signed in
  std::string flash;          // one of flash_names(); empty: none
  std::string contact;        // of who runs this; may be empty
  std::string activity_url;   // of the project at Open Humans; may be empty
  bool github_scopes = true;  // an OAuth App asks GitHub for scopes, a GitHub App does not
};

// What a redirect tells the next page: names, so that nobody can put words into a cookie.
[[nodiscard]] std::vector<std::string_view> flash_names();

[[nodiscard]] std::string landing_page(const Frame& frame);
[[nodiscard]] std::string about_page(const Frame& frame, std::int64_t stale_after_hours);
[[nodiscard]] std::string sharing_page(const Frame& frame);
[[nodiscard]] std::string goodbye_page(const Frame& frame);
// `files_known`: at Open Humans; there may be others, of an earlier time. Out of reach are they
// when Open Humans does not let us in for this member: nothing is promised of them then.
[[nodiscard]] std::string delete_page(const Frame& frame, std::uint64_t files_known,
                                      bool in_reach = true);
// 400, 403, 404, 429, 500, …: what went wrong and what to do, with a link to where to go on.
struct Problem {
  unsigned status = 404;
  std::string title, detail;
  std::string action_text, action_url;  // may be empty
};
[[nodiscard]] std::string problem_page(const Frame& frame, const Problem& problem);

// `quiet`: read, and there is nothing to upload; `current`: this week, which is not over yet.
enum class CellState { unknown, waiting, partial, known, quiet, current, uploaded, before, future };
// One ISO week of the heat map.
struct Cell {
  CellState state = CellState::unknown;
  std::uint64_t commits = 0, others = 0;
  std::string reason = {};  // of partial
};
struct Year {
  int year = 0;
  std::vector<Cell> weeks;  // 52 or 53, from week 1
};

struct MemberView {
  std::string id;
  bool github_connected = false;
  std::string login;  // of GitHub; may be empty until known
  bool wants_private = false;

  // What goes on just now.
  enum class Activity { idle, queued, running, waiting, failed, needs_sign_in, not_connected };
  Activity activity = Activity::idle;
  std::string sentence;       // waiting: the reason; failed, needs_sign_in: what is wrong
  std::int64_t until_ms = 0;  // waiting: until when, Unix; 0 unknown
  std::uint64_t weeks_done = 0, weeks_total = 0;
  bool sign_in_is_github = false;   // needs_sign_in: of GitHub, not of Open Humans
  std::int64_t last_synced_ms = 0;  // 0: never
  std::string last_error;           // plain words; empty: none
  std::int64_t last_error_ms = 0;

  // "Update now".
  bool may_update = false;
  std::int64_t update_again_ms = 0;  // 0: at once
  std::int64_t cooldown_minutes = 60;
  std::int64_t stale_after_hours = 96;  // updates happen by themselves this often

  std::uint64_t weeks_uploaded = 0, weeks_known = 0, weeks_partial = 0;
  std::uint64_t commits = 0, additions = 0, deletions = 0;
  std::vector<Year> years;  // newest first
  std::int64_t now_ms = 0;
};
[[nodiscard]] std::string member_page(const Frame& frame, const MemberView& view);
// The part of it that changes while one looks: <section id="progress">…</section>.
[[nodiscard]] std::string progress_fragment(const MemberView& view);

// Embedded at build: site.css, site.js, icon.svg, with a version for their address.
struct Asset {
  std::string_view name, type, bytes;
  std::string version;  // of the bytes: 16 hex digits
};
[[nodiscard]] const std::vector<Asset>& assets();
// "/assets/site.css?v=…".
[[nodiscard]] std::string asset_url(std::string_view name);

}  // namespace tidemark::daemon::pages
