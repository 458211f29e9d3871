#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "jobs/runner.hpp"
#include "jobs/sign_in/services.hpp"

namespace tidemark::jobs::leave {

inline constexpr std::string_view leave_kind = "leave";            // key: the member's id
inline constexpr std::string_view disconnect_kind = "disconnect";  // key: the member's id

struct LeaveOrder {
  bool remove_files = false;  // those at Open Humans as well
  std::string asked_by;       // "the member", "the operator", "Open Humans"
};

// Marks the member as leaving, ends all their web sessions and their other jobs, and enqueues the
// job: one transaction with whatever asks for it, after which nothing brings the member back.
// False: there is no such member.
bool begin_leaving(storage::Writer& writer, std::string_view member, const LeaveOrder& order,
                   std::int64_t now_ms);

// Removes the files at Open Humans (if ordered), revokes the grant at GitHub and the tokens at Open
// Humans, then erases everything kept of the member. What an upstream will not do within a day of
// trying is given up and logged: the local erasure must not wait for it for ever.
std::unique_ptr<JobKind> make_leave_job(sign_in::SignInServices services);

// Forgets the GitHub tokens and stops the sync, at once and durably; the grant is revoked by a job
// that keeps the token (sealed, under another name) only until GitHub has confirmed. False: no such
// member, or GitHub is not connected.
bool begin_disconnecting(storage::Writer& writer, const storage::Sealer& sealer,
                         std::string_view member, std::int64_t now_ms);
std::unique_ptr<JobKind> make_disconnect_job(sign_in::SignInServices services);

}  // namespace tidemark::jobs::leave
