#pragma once

#include <optional>
#include <string>

#include "jobs/runner.hpp"
#include "jobs/sign_in/services.hpp"

namespace tidemark::jobs::leave {

// Deletes every file of our project that the member has at Open Humans; empty: none is left, or the
// member is gone from Open Humans and nobody can remove any. What is stored decides nothing here: a
// kill only repeats the listing.
async::Task<std::optional<RunResult>> remove_remote_files(sign_in::SignInServices& services,
                                                          Run& run, std::string member);

}  // namespace tidemark::jobs::leave
