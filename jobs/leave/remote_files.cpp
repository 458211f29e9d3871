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

// Why a step is the last one: an end of the run, or (empty) a member who is gone.
struct Over {
  std::optional<RunResult> end;
};

class RemoteFiles {
 public:
  RemoteFiles(sign_in::SignInServices& services, Run& run, std::string member)
      : services_(services), run_(run), member_(std::move(member)) {}

  async::Task<std::optional<RunResult>> remove_all();

 private:
  template <class Value>
  using Ask = std::function<async::Task<Result<Value>>(std::string token)>;

  // Once more with a fresh token when the first one is refused.
  template <class Value>
  async::Task<std::variant<Result<Value>, Over>> call(Ask<Value> ask);
  async::Task<std::optional<Over>> finish_upload();
  async::Task<std::variant<std::vector<std::uint64_t>, Over>> list_ours();

  sign_in::SignInServices& services_;
  Run& run_;
  std::string member_;
};

RunResult failed(const std::string& what, const std::string& message) {
  return Failed{fmt::format("{}: {}", what, message), true, true};
}

template <class Value>
async::Task<std::variant<Result<Value>, Over>> RemoteFiles::call(Ask<Value> ask) {
  std::string used;
  for (int turn = 0; turn < 2; ++turn) {
    FreshToken fresh =
        co_await services_.tokens.fresh(member_, std::string(openhumans_provider), used);
    if (const auto* trouble = std::get_if<TokenTrouble>(&fresh)) {
      using Kind = TokenTrouble::Kind;
      if (trouble->kind == Kind::absent || trouble->kind == Kind::refused) co_return Over{};
      if (trouble->kind == Kind::client_refused) {
        co_return Over{Suspended{wall_ms(services_.clock) + client_wait_ms, trouble->message}};
      }
      co_return Over{Failed{trouble->message, true, true}};
    }
    used = std::get<std::string>(std::move(fresh));
    auto result = co_await ask(used);
    const bool refusal =
        result.outcome == Outcome::expired_token || result.outcome == Outcome::invalid_token;
    if (!refusal) co_return result;
  }
  co_return Over{};
}

// The last run of the sync may be waiting for Open Humans to count an upload, which would be listed
// a moment after we looked. Counted by us first, it is listed now; to count one that was deleted
// since does not bring it back.
async::Task<std::optional<Over>> RemoteFiles::finish_upload() {
  auto find = [&](const storage::Reader& reader) { return storage::find_upload(reader, member_); };
  const auto upload = co_await services_.store.read(std::move(find));
  if (!upload || upload->phase != storage::UploadPhase::stored) co_return std::nullopt;
  const std::uint64_t id = upload->remote_id;
  Ask<std::uint64_t> ask = [this, id](std::string token) {
    return services_.openhumans.complete_upload(std::move(token), id);
  };
  auto answer = co_await call(std::move(ask));
  if (auto* over = std::get_if<Over>(&answer)) co_return std::move(*over);
  // Whatever it says: a file that was not counted is listed nowhere and ages away.
  co_return std::nullopt;
}

async::Task<std::variant<std::vector<std::uint64_t>, Over>> RemoteFiles::list_ours() {
  Ask<MemberListing> list = [this](std::string token) {
    return services_.openhumans.member(std::move(token));
  };
  auto listing = co_await call(std::move(list));
  if (auto* over = std::get_if<Over>(&listing)) co_return std::move(*over);
  const auto& listed = std::get<Result<MemberListing>>(listing);
  if (!listed.ok()) co_return Over{failed("listing the member's files", listed.message)};
  if (listed.value.files.empty()) co_return std::vector<std::uint64_t>();
  Ask<std::string> who = [this](std::string token) {
    return services_.openhumans.project_id(std::move(token));
  };
  auto project = co_await call(std::move(who));
  if (auto* over = std::get_if<Over>(&project)) co_return std::move(*over);
  const auto& source = std::get<Result<std::string>>(project);
  if (!source.ok()) co_return Over{failed("asking Open Humans for our project", source.message)};
  // Members may share files of other projects with ours.
  std::vector<std::uint64_t> ids;
  for (const ListedFile& file : listed.value.files) {
    if (file.source == source.value) ids.push_back(file.id);
  }
  co_return ids;
}

async::Task<std::optional<RunResult>> RemoteFiles::remove_all() {
  std::optional<Over> over = co_await finish_upload();
  if (over) co_return std::move(over->end);
  for (int turn = 0; turn < listings_most; ++turn) {
    auto listed = co_await list_ours();
    if (auto* end = std::get_if<Over>(&listed)) co_return std::move(end->end);
    const auto& ids = std::get<std::vector<std::uint64_t>>(listed);
    if (ids.empty()) co_return std::nullopt;
    for (const std::uint64_t id : ids) {
      if (run_.stopping()) co_return Suspended{wall_ms(services_.clock), "tidemark is stopping"};
      Ask<Nothing> ask = [this, id](std::string token) {
        return services_.openhumans.delete_file(std::move(token), id);
      };
      auto answer = co_await call(std::move(ask));
      if (auto* end = std::get_if<Over>(&answer)) co_return std::move(end->end);
      const auto& result = std::get<Result<Nothing>>(answer);
      if (!result.ok()) {
        co_return failed(fmt::format("removing file {} from Open Humans", id), result.message);
      }
    }
  }
  co_return failed("removing the member's files", "Open Humans still lists files after that");
}

}  // namespace

async::Task<std::optional<RunResult>> remove_remote_files(sign_in::SignInServices& services,
                                                          Run& run, std::string member) {
  RemoteFiles files(services, run, std::move(member));
  co_return co_await files.remove_all();
}

}  // namespace tidemark::jobs::leave
