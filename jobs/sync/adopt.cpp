#include "jobs/sync/adopt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "jobs/sync/adopted.hpp"
#include "jobs/sync/choice.hpp"
#include "jobs/sync/document.hpp"
#include "jobs/sync/md5.hpp"
#include "storage/files.hpp"

namespace tidemark::jobs::sync {
namespace {

using http::openhumans::ListedFile;
using http::openhumans::MemberListing;
using http::openhumans::Outcome;
using http::openhumans::Result;
using storage::RemoteFile;
using storage::Week;

template <class Value>
std::function<async::Task<Result<Value>>(std::string)> asking(
    http::openhumans::Api& api,
    async::Task<Result<Value>> (http::openhumans::Api::*call)(std::string)) {
  return [&api, call](std::string token) { return (api.*call)(std::move(token)); };
}

// False: the file is not to be taken over, nor any other.
async::Task<std::variant<bool, RunResult>> adopt_one(SyncServices& services, Run& run,
                                                     const storage::Member& member,
                                                     FoundFile found) {
  using Answer = std::variant<bool, RunResult>;
  auto known = [&](const storage::Reader& reader) {
    const auto there = storage::find_file(reader, member.id, found.file.name);
    return there && there->remote_id == found.id;
  };
  const bool taken_already = co_await services.store.read(std::move(known));
  if (taken_already) co_return Answer(true);
  const Result<std::string> content = co_await services.openhumans.download(found.download_url);
  if (!content.ok()) {
    co_return Answer(Session::failed("reading " + found.file.name + " back from Open Humans",
                                     content.outcome, content.message));
  }
  if (!member.wants_private && may_hold_private_work(content.value)) co_return Answer(false);
  RemoteFile file;
  file.name = found.file.name;
  file.phase = storage::UploadPhase::completed;
  file.remote_id = found.id;
  file.md5 = md5_hex(content.value);
  file.size = content.value.size();
  file.first = found.file.first;
  file.last = found.file.last;
  auto take = [&](storage::Writer& writer) {
    take_adopted(writer, member.id, file, content.value);
  };
  co_await run.commit(storage::Durability::soon, std::move(take));
  co_return Answer(true);
}

async::Task<Stop> start_anew(SyncServices& services, Run& run, Session& session,
                             const std::string& id) {
  auto forget = [&](storage::Writer& writer) {
    auto member = storage::find_member(writer, id);
    if (!member) return;
    forget_work(writer, *member, wall_ms(services.clock));
    storage::put_member(writer, *member);
  };
  co_await run.commit(storage::Durability::now, std::move(forget));
  co_return co_await remove_files(services, run, session, id);
}

}  // namespace

async::Task<std::variant<std::vector<ListedFile>, RunResult>> list_ours(SyncServices& services,
                                                                        Session& session) {
  using Answer = std::variant<std::vector<ListedFile>, RunResult>;
  auto list = asking<MemberListing>(services.openhumans, &http::openhumans::Api::member);
  auto listing = co_await session.call(std::move(list));
  if (auto* end = std::get_if<RunResult>(&listing)) co_return Answer(std::move(*end));
  const auto& listed = std::get<Result<MemberListing>>(listing);
  if (!listed.ok()) {
    co_return Answer(Session::failed("listing the member's files", listed.outcome, listed.message));
  }
  std::vector<ListedFile> candidates;
  for (const ListedFile& file : listed.value.files) {
    if (file.basename == profile_name || parse_file_name(file.basename)) candidates.push_back(file);
  }
  if (candidates.empty()) co_return Answer(std::move(candidates));
  auto who = asking<std::string>(services.openhumans, &http::openhumans::Api::project_id);
  auto project = co_await session.call(std::move(who));
  if (auto* end = std::get_if<RunResult>(&project)) co_return Answer(std::move(*end));
  const auto& id = std::get<Result<std::string>>(project);
  if (!id.ok()) {
    co_return Answer(Session::failed("asking Open Humans for our project", id.outcome, id.message));
  }
  // Members may share files of other projects with ours, under any name.
  std::erase_if(candidates, [&](const ListedFile& file) { return file.source != id.value; });
  co_return Answer(std::move(candidates));
}

Adoption choose_files(const std::vector<ListedFile>& files) {
  Adoption adoption;
  std::map<std::string, FoundFile> newest;
  for (const ListedFile& file : files) {
    FoundFile found;
    found.id = file.id;
    found.download_url = file.download_url;
    if (file.basename == profile_name) {
      found.file = PlannedFile{file.basename, Week{0}, Week{0}};
    } else if (const auto parsed = parse_file_name(file.basename)) {
      found.file = *parsed;
    } else {
      continue;
    }
    const auto [place, fresh] = newest.try_emplace(file.basename, found);
    if (fresh) continue;
    adoption.superseded.push_back(std::min(place->second.id, found.id));
    if (place->second.id < found.id) place->second = found;
  }
  for (auto& [name, found] : newest) adoption.wanted.push_back(std::move(found));
  const auto place = [](const FoundFile& found) {
    const bool profile = found.file.name == profile_name;
    return std::make_tuple(!profile, -(found.file.last - found.file.first), found.file.name);
  };
  std::sort(adoption.wanted.begin(), adoption.wanted.end(),
            [&](const FoundFile& a, const FoundFile& b) { return place(a) < place(b); });
  return adoption;
}

async::Task<Stop> adopt_files(SyncServices& services, Run& run, Session& session,
                              const storage::Member& member) {
  auto files = co_await list_ours(services, session);
  if (auto* end = std::get_if<RunResult>(&files)) co_return std::move(*end);
  const Adoption adoption = choose_files(std::get<std::vector<ListedFile>>(files));
  for (const FoundFile& found : adoption.wanted) {
    if (run.stopping()) co_return Suspended{wall_ms(services.clock), "tidemark is stopping"};
    auto adopted = co_await adopt_one(services, run, member, found);
    if (auto* end = std::get_if<RunResult>(&adopted)) co_return std::move(*end);
    if (!std::get<bool>(adopted)) co_return co_await start_anew(services, run, session, member.id);
  }
  const Week now = Week::of(wall_ms(services.clock) / 1'000);
  auto finish = [&](storage::Writer& writer) {
    for (const std::uint64_t id : adoption.superseded) storage::put_doomed(writer, member.id, id);
    finish_adoption(writer, member.id, now);
  };
  co_await run.commit(storage::Durability::soon, std::move(finish));
  co_return std::nullopt;
}

}  // namespace tidemark::jobs::sync
