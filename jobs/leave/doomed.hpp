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
// more, until the provider has confirmed. The member's cursor "doomed" lists them; one that nobody
// lists is an orphan, which the job `tidy` ends.
struct DoomedToken {
  std::string owner, provider;
  bool whole_grant = false;  // GitHub: all tokens of the person for our app
  std::int64_t since_ms = 0;
};

// Under which owner the store keeps a doomed token: when the pair is being renewed meanwhile, the
// new one takes its place there.
[[nodiscard]] std::string doomed_owner(const storage::Token& token);

// Takes a token out of use. The job `disconnect` of the member ends it.
void doom(storage::Writer& writer, const storage::Sealer& sealer, std::string_view member,
          std::string_view provider, const storage::Token& token, bool whole_grant,
          std::int64_t now_ms);
// The same without the job, for a job that does it itself.
void doom_here(storage::Writer& writer, const storage::Sealer& sealer, std::string_view member,
               std::string_view provider, const storage::Token& token, bool whole_grant,
               std::int64_t now_ms);
// A damaged list counts as none: its tokens are orphans then, and nothing else fails.
[[nodiscard]] std::vector<DoomedToken> list_doomed_of(const storage::Reader& reader,
                                                      std::string_view member);
// All that stand in `list`, with their tokens.
void erase_doomed_of(storage::Writer& writer, std::string_view member);

// Tries to end each of the member's doomed tokens once, one durable step each.
struct Revoked {
  std::optional<RunResult> not_yet;   // empty: none is left
  std::vector<std::string> left;      // those that are, and why
  std::vector<std::string> given_up;  // what was given up after a week of trying, and why
};
async::Task<Revoked> revoke_doomed(sign_in::SignInServices& services, Run& run, std::string member);

}  // namespace tidemark::jobs::leave
