#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/routes/public/answers.hpp"
#include "daemon/routes/public/start_cookie.hpp"
#include "jobs/sign_in/arrive.hpp"

namespace tidemark::daemon {

// What a provider sent a browser back with, held against what this browser set out with.
struct Returned {
  std::optional<SignInStart> start;  // empty: not begun in this browser, forged, or too old
  std::string code;
  std::string error;        // the provider's word: "access_denied"
  std::string description;  // and its sentence; may be empty
  std::string end_cookie;   // Set-Cookie that takes the start out of the browser
};
[[nodiscard]] Returned returned(const PublicServices& services, const http::Call& call,
                                std::string_view provider);
// For the exchange of its code; only when there is a start.
[[nodiscard]] jobs::sign_in::Return return_of(const http::Call& call, const Returned& back,
                                              std::string redirect_uri);

// A provider, and how it knows us.
struct Registration {
  std::string_view name;           // "GitHub"
  std::string_view section;        // of the settings: "github"
  std::string_view refused_flash;  // the person said no
  std::string redirect_uri;
};
// The flash for a person who came back without a code. The operator is told what the browser says
// that the provider says and, when it is ours to mend, how: once an hour.
[[nodiscard]] std::string_view flash_without_code(PublicServices& services,
                                                  const Registration& registration,
                                                  const Returned& back);

// Tells the operator; what only they can mend, as an error.
void log_end(Log& log, const std::string& what, const jobs::sign_in::Arrived& arrived);

// Which flash tells a person of that end; empty for `done`.
[[nodiscard]] std::string_view flash_of(jobs::sign_in::Arrival arrival);

// The same return came twice at once, and the other one has just got there.
async::Task<bool> got_there(PublicServices& services, std::string state);

// A redirect that also takes the start out of the browser.
[[nodiscard]] http::Reply go_back(const PublicServices& services, const Returned& back,
                                  std::string_view address, std::string_view flash);

// Sends the browser to the provider, with the start in its cookies.
[[nodiscard]] http::Reply set_out(const PublicServices& services, const http::Call& call,
                                  const SignInStart& start, std::string_view address);

}  // namespace tidemark::daemon
