#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "storage/engine.hpp"
#include "storage/graph/user.hpp"
#include "storage/jobs.hpp"

namespace tidemark::jobs::discovery {

// Never to be learnt again, from this transaction on, under number and login alike; the job
// `forget` then erases what is kept. The seed goes at once.
storage::Enqueued deny_and_forget(storage::Writer& writer, const storage::graph::User& user,
                                  std::int64_t now_ms);
// The same by login: nothing when nobody of that name is known, who is then denied for the future.
// Whoever only had the login once is left alone.
std::optional<storage::Enqueued> deny_login(storage::Writer& writer, std::string_view login,
                                            std::int64_t now_ms);

}  // namespace tidemark::jobs::discovery
