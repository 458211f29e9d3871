#pragma once

#include <cstdint>
#include <string_view>

#include "jobs/runner.hpp"
#include "jobs/sign_in/held_tokens.hpp"
#include "jobs/sign_in/services.hpp"
#include "storage/secrets.hpp"

namespace tidemark::jobs::leave {

// Doomed tokens that no member's cursor lists: the member was removed at once by the operator, or a
// renewal brought a pair that nobody needs.

// Erases the member with everything kept of them, now; their tokens become orphans, for the job
// `tidy`, which is enqueued. False: there is no such member.
bool remove_member(storage::Writer& writer, const storage::Sealer& sealer, std::string_view member,
                   std::int64_t now_ms);
// The token is in use again: it must not be ended.
void spare(storage::Writer& writer, std::string_view provider, const storage::Token& token);

// Ends them. What does not succeed now is left for the next time, until a week has passed. A
// provider that does not answer is asked no more, and becomes `silent`.
async::Task<void> revoke_orphans(sign_in::SignInServices& services, Run& run,
                                 sign_in::Silent& silent);

}  // namespace tidemark::jobs::leave
