#pragma once

#include <optional>
#include <string>

#include "jobs/runner.hpp"
#include "jobs/sign_in/services.hpp"

namespace tidemark::jobs::leave {

struct FilesRemoved {
  std::optional<RunResult> not_yet;  // empty: there is nothing to wait for
  std::string left;                  // what is not removed, and why; empty: nothing is left
};

// Deletes every file of our project that the member has at Open Humans. Without a sign-in that is
// accepted there it cannot: they may have left that project, or the tokens were lost. What is
// stored decides nothing here: a kill only repeats the listing.
async::Task<FilesRemoved> remove_remote_files(sign_in::SignInServices& services, Run& run,
                                              std::string member);

// Why it could not be done now because Open Humans does not let us in for this member. Empty: it
// does, or does not tell.
async::Task<std::string> why_out_of_reach(sign_in::SignInServices& services, std::string member);

}  // namespace tidemark::jobs::leave
