#pragma once

#include <string>
#include <vector>

#include "jobs/sync/layout.hpp"
#include "jobs/sync/services.hpp"
#include "jobs/sync/session.hpp"
#include "storage/files.hpp"

namespace tidemark::jobs::sync {

// What brings the member's files at Open Humans up to the weeks that are known: one durable step at
// a time, so that a kill repeats one request at most. Every step is decided from the store alone.

struct UploadStep {
  enum class Kind { none, go_on, remove, plan } kind = Kind::none;
  storage::RemoteFile file;     // go_on: the upload under way. plan: the file to begin
  std::uint64_t remote_id = 0;  // remove
};

// Removals come first: the number of files at Open Humans stays lowest.
[[nodiscard]] UploadStep next_upload_step(const storage::Reader& reader, const std::string& member,
                                          storage::Week now);

// The bytes of a planned file as the store has them now.
[[nodiscard]] std::string compose_file(const storage::Reader& reader, const std::string& member,
                                       const PlannedFile& file);

// The file is at Open Humans: records it, and, if the facts are still those that it holds, marks
// its weeks and dooms what it replaces.
void take_uploaded(storage::Writer& writer, const std::string& member,
                   const storage::RemoteFile& file);

// The file is gone from Open Humans. Weeks that stood in it and in no other are no longer there.
void take_removed(storage::Writer& writer, const std::string& member, std::uint64_t remote_id);

class Uploads {
 public:
  Uploads(SyncServices& services, Run& run, Session& session, std::string member, storage::Week now)
      : services_(services), run_(run), session_(session), member_(std::move(member)), now_(now) {}

  // Until nothing is left to upload or to remove.
  async::Task<Stop> run();
  // Files completed: what counts as getting on.
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

 private:
  async::Task<void> begin(storage::RemoteFile file);
  async::Task<Stop> go_on(storage::RemoteFile file);
  async::Task<Stop> register_file(storage::RemoteFile file);
  async::Task<Stop> put_bytes(storage::RemoteFile file);
  async::Task<Stop> complete(storage::RemoteFile file);
  async::Task<Stop> remove(std::uint64_t remote_id);
  async::Task<void> keep(storage::RemoteFile file);
  async::Task<void> start_over();

  SyncServices& services_;
  Run& run_;
  Session& session_;
  std::string member_;
  storage::Week now_;
  std::uint64_t steps_ = 0;
};

}  // namespace tidemark::jobs::sync
