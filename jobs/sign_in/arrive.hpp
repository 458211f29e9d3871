#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "jobs/sign_in/services.hpp"
#include "storage/members.hpp"
#include "storage/sign_ins.hpp"

namespace tidemark::jobs::sign_in {

// How a return from a provider ended. Everything but `done` leaves the person free to start over.
enum class Arrival {
  done,
  replayed,        // this state was taken before
  bad_code,        // the code is not (or no longer) good
  client_refused,  // our client id or secret is wrong: the operator must act
  outage,          // the provider did not answer as it should: later
  busy,            // too many sign in at once, and nothing was asked: later
  leaving,         // the member is being deleted
  // GitHub only:
  no_member,         // the member is gone meanwhile
  other_account,     // this member's weeks are those of another account
  linked_elsewhere,  // the account is another member's
  scope_missing,     // private work was wanted and not granted
  too_wide,          // public work was wanted, the grant was for more and has ended: ask anew
  unverified_mail,   // GitHub wants the person to confirm an address first
};
[[nodiscard]] std::string_view name_of(Arrival arrival);

struct Arrived {
  Arrival arrival = Arrival::done;
  std::string message;  // plain words, for the log and the operator; no secrets
  storage::Member member;
  std::string login;    // GitHub: of the account that was shown
  bool is_new = false;  // Open Humans: the member was not known
};

// A return whose state was found good: what is left to do with its code.
struct Return {
  std::string state;
  std::string code, verifier, redirect_uri;
  std::int64_t state_expires_ms = 0;
  std::string address;  // it came from, as limits count it
  // GitHub: they were sent there a second time because the first grant was too wide. What it gives
  // now is taken; the sync reads no more of it than was chosen.
  bool again = false;
};

// Exchanges the code, stores the tokens sealed, learns who it is, and makes the member: each step
// durable before the next. `also` runs in the last transaction: the web session belongs there.
async::Task<Arrived> arrive_from_openhumans(
    SignInServices& services, Return back,
    std::function<void(storage::Writer&, const storage::Member&)> also);

// The same for a member who connects GitHub; the first sync is enqueued in the last transaction.
async::Task<Arrived> arrive_from_github(SignInServices& services, std::string member,
                                        bool wants_private, Return back);

// The second half of arrive_from_github, for tokens that came by the device flow. `sign_in` stands
// in the store with phase `exchanged`. With `may_be_wide` a grant that allows more than was wanted
// is taken: a device cannot be sent to GitHub again.
async::Task<Arrived> connect_github(SignInServices& services, storage::SignIn sign_in,
                                    bool wants_private, bool may_be_wide = true);

}  // namespace tidemark::jobs::sign_in
