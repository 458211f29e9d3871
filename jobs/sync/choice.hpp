#pragma once

#include <cstdint>
#include <string>

#include "jobs/sync/services.hpp"
#include "jobs/sync/session.hpp"
#include "storage/members.hpp"

namespace tidemark::jobs::sync {

// What a member shares: public work only, or private work as well. In the caller's transaction the
// choice becomes this one, the run that is under way loses its place, and what was read under
// another choice is treated so:
// - private work is no longer shared: all that was read is forgotten, and the files at Open Humans
//   are removed before anything is asked or uploaded again;
// - private work is shared as well: all is read again, what is public stays as it is meanwhile.
// The caller stores the member.
void choose_work(storage::Writer& writer, storage::Member& member, bool wants_private,
                 std::int64_t now_ms);

// Forgets what was read, in the store's files as well, and orders the removal of the files at Open
// Humans.
void forget_work(storage::Writer& writer, storage::Member& member, std::int64_t now_ms);
[[nodiscard]] bool must_remove_files(const storage::Reader& reader, const std::string& member);
// Carries the order out; afterwards there is nothing to adopt.
async::Task<Stop> remove_files(SyncServices& services, Run& run, Session& session,
                               const std::string& member);

}  // namespace tidemark::jobs::sync
