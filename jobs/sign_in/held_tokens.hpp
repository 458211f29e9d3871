#pragma once

#include <set>
#include <string>

#include "jobs/sign_in/arrive.hpp"
#include "jobs/sign_in/services.hpp"
#include "jobs/token_endpoints.hpp"
#include "storage/secrets.hpp"
#include "storage/sign_ins.hpp"

namespace tidemark::jobs::sign_in {

[[nodiscard]] inline std::int64_t wall_ms(const async::Clock& clock) {
  return clock.wall_now().time_since_epoch().count();
}

[[nodiscard]] inline TokenEndpoints endpoints_of(SignInServices& services) {
  return TokenEndpoints(services.clock, services.openhumans, services.github_oauth);
}

// Was this state taken before?
async::Task<bool> taken_before(SignInServices& services, std::string digest);

// Puts tokens that nobody has yet on disk. Tokens that find no place there are ended at their
// provider: nobody would ever do it later. So are those of a member who is gone or going meanwhile,
// and nothing is stored that names them.
enum class Held { held, taken_before, no_room, no_member, leaving };
async::Task<Held> hold(SignInServices& services, storage::SignIn sign_in, storage::Token token);

// The sign-in comes to nothing: its tokens are ended at their provider and erased. When the
// provider does not answer, the job `tidy` does it later. False: it did not answer.
async::Task<bool> discard(SignInServices& services, storage::SignIn sign_in);

// Providers that did not answer and need not be asked for the rest of a round.
using Silent = std::set<std::string>;

}  // namespace tidemark::jobs::sign_in
