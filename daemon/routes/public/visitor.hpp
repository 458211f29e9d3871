#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/routes/public/services.hpp"
#include "storage/members.hpp"
#include "storage/sessions.hpp"

namespace tidemark::daemon {

// Who is at the other end of a request to the members' pages.
struct Visitor {
  std::optional<storage::Member> member;  // set: signed in
  std::string digest;                     // of their session
  std::string csrf;                       // what their forms must send back
  bool had_session = false;               // the cookie is there, the session is over

  [[nodiscard]] bool signed_in() const { return member.has_value(); }
};

// The cookie of a session, if its form is right; nobody has looked yet whether it is good.
[[nodiscard]] std::string session_of(const http::Headers& headers, bool secure);

// Reads the session cookie; at most once an hour it writes that the session is in use.
async::Task<Visitor> visitor_of(PublicServices& services, const http::Call& call);

// A request that changes something: it comes from one of our own pages, in this session. `form` is
// its body. Gives what is wrong, or nothing.
[[nodiscard]] std::string refuse_form(const PublicServices& services, const Visitor& visitor,
                                      const http::Call& call, const http::Form& form);

// A new session, with a fresh secret whatever the browser sent: the row for the transaction that
// signs in, and its cookie. The browser's old session ends in the same transaction.
class SessionMaker {
 public:
  SessionMaker(PublicServices& services, const http::Call& call);
  // Inside the transaction.
  void store(storage::Writer& writer, const storage::Member& member) const;
  [[nodiscard]] std::string cookie(const std::string& member) const;

 private:
  std::string secret_, digest_;
  std::string old_member_, old_digest_;
  std::int64_t now_ms_;
  std::int64_t length_ms_;
  bool secure_;
};

// Set-Cookie that ends the session in the browser.
[[nodiscard]] std::string end_session_cookie(const PublicServices& services);

}  // namespace tidemark::daemon
