#pragma once

#include <string>
#include <variant>
#include <vector>

#include "jobs/sync/layout.hpp"
#include "jobs/sync/services.hpp"
#include "jobs/sync/session.hpp"
#include "storage/members.hpp"

namespace tidemark::jobs::sync {

// A file at Open Humans that may be one of ours.
struct FoundFile {
  PlannedFile file;
  std::uint64_t id = 0;
  std::string download_url;
};
struct Adoption {
  std::vector<FoundFile> wanted;          // profile first, then the widest ranges
  std::vector<std::uint64_t> superseded;  // older versions of the same names
};
// Of several files of one name the newest counts: an upload was cut off before the older was
// removed.
[[nodiscard]] Adoption choose_files(const std::vector<http::openhumans::ListedFile>& files);

// The files at Open Humans that are of our project and have names of ours.
async::Task<std::variant<std::vector<http::openhumans::ListedFile>, RunResult>> list_ours(
    SyncServices& services, Session& session);

// Before a member's first run: looks at what is at Open Humans already, and takes over what an
// earlier tidemark put there. A lost store is rebuilt from the member's own files; but if one of
// them may hold private work that the member does not share, all are removed and read again.
async::Task<Stop> adopt_files(SyncServices& services, Run& run, Session& session,
                              const storage::Member& member);

}  // namespace tidemark::jobs::sync
