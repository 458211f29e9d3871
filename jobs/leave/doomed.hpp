#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/runner.hpp"
#include "jobs/sign_in/services.hpp"
#include "storage/secrets.hpp"

namespace tidemark::jobs::leave {

// A token that its provider is to end: sealed under a name of its own, so that nothing uses it any
// more, until the provider has confirmed. The member's cursor "doomed" lists them.
struct DoomedToken {
  std::string owner, provider;
  bool whole_grant = false;  // GitHub: all tokens of the person for our app
};

// Takes a token out of use. The job `disconnect` of the member ends it.
void doom(storage::Writer& writer, const storage::Sealer& sealer, std::string_view member,
          std::string_view provider, const storage::Token& token, bool whole_grant,
          std::int64_t now_ms);
// The same without the job, for a job that does it itself.
void doom_here(storage::Writer& writer, const storage::Sealer& sealer, std::string_view member,
               std::string_view provider, const storage::Token& token, bool whole_grant);
[[nodiscard]] std::vector<DoomedToken> list_doomed_of(const storage::Reader& reader,
                                                      std::string_view member);
void erase_doomed_of(storage::Writer& writer, std::string_view member);

// Ends all of the member's doomed tokens, one durable step each. Empty: none is left.
async::Task<std::optional<RunResult>> revoke_doomed(sign_in::SignInServices& services, Run& run,
                                                    std::string member);

// Those that no member's cursor lists: the member was removed by force. What does not succeed now
// is left for the next time.
async::Task<void> revoke_orphans(sign_in::SignInServices& services, Run& run);

}  // namespace tidemark::jobs::leave
