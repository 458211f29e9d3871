#include "jobs/leave/remote_files.hpp"

#include <fmt/format.h>

#include <functional>
#include <variant>

#include "jobs/sign_in/held_tokens.hpp"
#include "jobs/token_endpoints.hpp"
#include "storage/files.hpp"

namespace tidemark::jobs::leave {

using http::openhumans::ListedFile;
using http::openhumans::MemberListing;
using http::openhumans::Nothing;
using http::openhumans::Outcome;
using http::openhumans::Result;
using sign_in::wall_ms;

namespace {

constexpr std::int64_t client_wait_ms = 600'000;
constexpr int listings_most = 3;

template <class Value>
using Ask = std::function<async::Task<Result<Value>>(std::string token)>;

FilesRemoved waits(RunResult end, const std::string& why) {
  return {std::move(end), fmt::format("removing the files at Open Humans: {}", why)};
}

FilesRemoved failed(const std::string& what, const std::string& message) {
  const std::string why = fmt::format("{}: {}", what, message);
  return waits(Failed{why, true, true}, why);
}

// A dead sign-in does not prove that the member is gone from there.
FilesRemoved out_of_reach(const std::string& why) {
  return {std::nullopt, fmt::format("the files at Open Humans stay there: {}", why)};
}

FilesRemoved without_token(const TokenTrouble& trouble, std::int64_t now_ms) {
  using Kind = TokenTrouble::Kind;
  switch (trouble.kind) {
    case Kind::absent:
    case Kind::refused: return out_of_reach(trouble.message);
    case Kind::client_refused:
      return waits(Suspended{now_ms + client_wait_ms, trouble.message}, trouble.message);
    case Kind::outage:
    case Kind::rejected: break;
  }
  return waits(Failed{trouble.message, true, true}, trouble.message);
}

// Once more with a fresh token when the first one is refused.
template <class Value>
async::Task<std::variant<Result<Value>, FilesRemoved>> call(sign_in::SignInServices& services,
                                                            std::string member, Ask<Value> ask) {
  std::string used;
  for (int turn = 0; turn < 2; ++turn) {
    FreshToken fresh =
        co_await services.tokens.fresh(member, std::string(openhumans_provider), used);
    if (const auto* trouble = std::get_if<TokenTrouble>(&fresh)) {
      co_return without_token(*trouble, wall_ms(services.clock));
    }
    used = std::get<std::string>(std::move(fresh));
    auto result = co_await ask(used);
    const bool refusal =
        result.outcome == Outcome::expired_token || result.outcome == Outcome::invalid_token;
    if (!refusal) co_return result;
  }
  co_return out_of_reach("Open Humans does not accept the new token either");
}

class RemoteFiles {
 public:
  RemoteFiles(sign_in::SignInServices& services, Run& run, std::string member)
      : services_(services), run_(run), member_(std::move(member)) {}

  async::Task<FilesRemoved> remove_all();

 private:
  async::Task<std::optional<FilesRemoved>> finish_upload();
  async::Task<std::variant<std::vector<std::uint64_t>, FilesRemoved>> list_ours();
  async::Task<std::optional<FilesRemoved>> remove(std::uint64_t id);

  sign_in::SignInServices& services_;
  Run& run_;
  std::string member_;
};

// The last run of the sync may be waiting for Open Humans to count an upload, which would be listed
// a moment after we looked. Counted by us first, it is listed now; to count one that was deleted
// since does not bring it back.
async::Task<std::optional<FilesRemoved>> RemoteFiles::finish_upload() {
  auto find = [&](const storage::Reader& reader) { return storage::find_upload(reader, member_); };
  const auto upload = co_await services_.store.read(std::move(find));
  if (!upload || upload->phase != storage::UploadPhase::stored) co_return std::nullopt;
  const std::uint64_t id = upload->remote_id;
  Ask<std::uint64_t> ask = [this, id](std::string token) {
    return services_.openhumans.complete_upload(std::move(token), id);
  };
  auto answer = co_await call(services_, member_, std::move(ask));
  if (auto* over = std::get_if<FilesRemoved>(&answer)) co_return std::move(*over);
  // Whatever it says: a file that was not counted is listed nowhere and ages away.
  co_return std::nullopt;
}

async::Task<std::variant<std::vector<std::uint64_t>, FilesRemoved>> RemoteFiles::list_ours() {
  Ask<MemberListing> list = [this](std::string token) {
    return services_.openhumans.member(std::move(token));
  };
  auto listing = co_await call(services_, member_, std::move(list));
  if (auto* over = std::get_if<FilesRemoved>(&listing)) co_return std::move(*over);
  const auto& listed = std::get<Result<MemberListing>>(listing);
  if (!listed.ok()) co_return failed("listing the member's files", listed.message);
  if (listed.value.files.empty()) co_return std::vector<std::uint64_t>();
  Ask<std::string> who = [this](std::string token) {
    return services_.openhumans.project_id(std::move(token));
  };
  auto project = co_await call(services_, member_, std::move(who));
  if (auto* over = std::get_if<FilesRemoved>(&project)) co_return std::move(*over);
  const auto& source = std::get<Result<std::string>>(project);
  if (!source.ok()) co_return failed("asking Open Humans for our project", source.message);
  // Members may share files of other projects with ours.
  std::vector<std::uint64_t> ids;
  for (const ListedFile& file : listed.value.files) {
    if (file.source == source.value) ids.push_back(file.id);
  }
  co_return ids;
}

async::Task<std::optional<FilesRemoved>> RemoteFiles::remove(std::uint64_t id) {
  Ask<Nothing> ask = [this, id](std::string token) {
    return services_.openhumans.delete_file(std::move(token), id);
  };
  auto answer = co_await call(services_, member_, std::move(ask));
  if (auto* over = std::get_if<FilesRemoved>(&answer)) co_return std::move(*over);
  const auto& result = std::get<Result<Nothing>>(answer);
  if (result.ok()) co_return std::nullopt;
  co_return failed(fmt::format("removing file {} from Open Humans", id), result.message);
}

async::Task<FilesRemoved> RemoteFiles::remove_all() {
  std::optional<FilesRemoved> over = co_await finish_upload();
  if (over) co_return std::move(*over);
  for (int turn = 0; turn < listings_most; ++turn) {
    auto listed = co_await list_ours();
    if (auto* end = std::get_if<FilesRemoved>(&listed)) co_return std::move(*end);
    const auto& ids = std::get<std::vector<std::uint64_t>>(listed);
    if (ids.empty()) co_return FilesRemoved();
    for (const std::uint64_t id : ids) {
      if (run_.stopping()) {
        const std::string why = "tidemark is stopping";
        co_return waits(Suspended{wall_ms(services_.clock), why}, why);
      }
      over = co_await remove(id);
      if (over) co_return std::move(*over);
    }
  }
  co_return failed("removing the member's files", "Open Humans still lists files after that");
}

}  // namespace

async::Task<FilesRemoved> remove_remote_files(sign_in::SignInServices& services, Run& run,
                                              std::string member) {
  RemoteFiles files(services, run, std::move(member));
  co_return co_await files.remove_all();
}

async::Task<std::string> why_out_of_reach(sign_in::SignInServices& services, std::string member) {
  Ask<std::string> who = [&services](std::string token) {
    return services.openhumans.project_id(std::move(token));
  };
  auto answer = co_await call(services, std::move(member), std::move(who));
  const auto* over = std::get_if<FilesRemoved>(&answer);
  const bool closed = over != nullptr && !over->not_yet;
  co_return closed ? over->left : std::string();
}

}  // namespace tidemark::jobs::leave
