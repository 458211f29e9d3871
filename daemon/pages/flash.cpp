#include "daemon/pages/flash.hpp"

#include "daemon/pages/views.hpp"

namespace tidemark::daemon::pages {

namespace {

constexpr bool good = true, bad = false;

constexpr Flash flashes[] = {
    {"signed_in", good, "You are signed in."},
    {"welcome", good, "Welcome. One step is left: connect GitHub."},
    {"github_connected", good,
     "GitHub is connected. Your weeks come in by themselves; you can close this page."},
    {"update_started", good, "An update has been started."},
    {"disconnected", good,
     "GitHub is disconnected, and our access there is being given back. What is at Open Humans "
     "stays there."},
    {"deleting", good,
     "Your data is being deleted. It takes a minute or two; you need not wait for it."},
    {"files_out_of_reach", bad,
     "Nothing was deleted yet: Open Humans does not let us in for you any more, so your files "
     "there "
     "cannot be removed. Sign in with Open Humans first, or leave them there."},
    {"signed_out", good, "You are signed out."},
    {"github_refused", bad, "You did not allow access at GitHub. Nothing was changed."},
    {"grant_ended", bad,
     "GitHub is not connected now: the access from before allowed more than you chose, so it was "
     "ended. What was read is forgotten here; the files at Open Humans are replaced when you "
     "connect "
     "again."},
    {"openhumans_refused", bad, "You did not allow access at Open Humans. Nothing was changed."},
    {"start_again", bad,
     "That sign-in was used already, was too old, or was begun in another browser. Please start "
     "again."},
    {"bad_code", bad, "That sign-in was used already or took too long. Please start again."},
    {"provider_outage", bad,
     "That could not be finished just now. Nothing was changed. Please try again in a few "
     "minutes."},
    {"provider_refused", bad,
     "The other site sent you back without letting you in. Nothing was changed. Please start "
     "again; "
     "if that does not help, tell who runs this site."},
    {"client_refused", bad,
     "Something is set up wrongly on our side; the operator has been told. Please try again "
     "later."},
    {"other_account", bad,
     "This page holds the weeks of another GitHub account. Connect that account again, or delete "
     "your data here first and then connect the new one."},
    {"linked_elsewhere", bad,
     "That GitHub account is already connected by another member here. Sign in as that member, or "
     "choose another GitHub account."},
    {"scope_missing", bad,
     "GitHub allowed less than you chose. Please connect again and allow what GitHub asks for, or "
     "choose public work only."},
    {"unverified_mail", bad,
     "GitHub asks you to verify your e-mail address first. Do that at GitHub, then connect again."},
    {"update_cooldown", bad,
     "An update was asked for not long ago. The button below says when the next one is possible."},
    {"session_ended", bad, "Your sign-in has ended. Please sign in again."},
    {"busy", bad, "Many people are here just now. Please try again in a minute."},
    {"leaving", bad,
     "Your data is being deleted just now. When that is done, you can sign in anew."},
};

}  // namespace

const Flash* find_flash(std::string_view name) {
  for (const Flash& flash : flashes) {
    if (flash.name == name) return &flash;
  }
  return nullptr;
}

std::vector<std::string_view> flash_names() {
  std::vector<std::string_view> names;
  for (const Flash& flash : flashes) names.push_back(flash.name);
  return names;
}

}  // namespace tidemark::daemon::pages
