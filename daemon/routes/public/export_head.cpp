#include "daemon/routes/public/export_head.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "daemon/routes/answers.hpp"
#include "jobs/leave/doomed.hpp"
#include "storage/cursors.hpp"
#include "storage/files.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"
#include "storage/quota.hpp"
#include "storage/repositories.hpp"
#include "storage/secrets.hpp"
#include "storage/sessions.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

json::object about_member(const storage::Reader& reader, const storage::Member& member,
                          const Clean& clean) {
  json::object about;
  about["project_member_id"] = member.id;
  about["state"] = storage::name_of(member.state);
  about["state_reason"] = text_or_null(clean(member.state_reason));
  about["github_login"] = text_or_null(member.login);
  about["github_id"] = member.github_id;
  about["github_node_id"] = text_or_null(member.github_node_id);
  add_time(about, "github_created", member.github_created_s * 1'000);
  about["private_work"] = member.wants_private;
  add_time(about, "added", member.added_ms);
  add_time(about, "last_synced", member.last_synced_ms);
  add_time(about, "update_asked", member.update_asked_ms);
  about["last_error"] = text_or_null(clean(member.last_error));
  add_time(about, "last_error_at", member.last_error_ms);
  about["first_week"] = text_or_null(member.first_week ? member.first_week->text() : "");
  about["known_until"] = text_or_null(member.known_until ? member.known_until->text() : "");
  const auto counts = storage::week_counts(reader, member.id);
  about["weeks"] = json::object{
      {"uploaded", counts.uploaded}, {"complete", counts.complete}, {"partial", counts.partial}};
  about["commits"] = counts.commits;
  about["lines_added"] = counts.additions;
  about["lines_deleted"] = counts.deletions;
  return about;
}

// What each provider allows us, and until when; never the token itself.
json::array grants_of(const storage::Reader& reader, const storage::Sealer& sealer,
                      const std::string& id) {
  json::array all;
  for (const std::string_view provider : {"openhumans", "github"}) {
    const auto token = storage::find_token(reader, sealer, id, provider);
    if (!token) continue;
    json::object row{{"provider", provider}, {"scope", text_or_null(token->scope)}};
    add_time(row, "expires", token->expires_ms);
    all.push_back(std::move(row));
  }
  return all;
}

json::array sessions_of(const storage::Reader& reader, const std::string& id) {
  json::array all;
  for (const auto& session : storage::list_sessions(reader, id)) {
    json::object row;
    add_time(row, "signed_in", session.created_ms);
    add_time(row, "seen", session.seen_ms);
    add_time(row, "ends", session.expires_ms);
    all.push_back(std::move(row));
  }
  return all;
}

json::array jobs_of(const storage::Reader& reader, const std::string& id, const Clean& clean) {
  constexpr std::size_t most = 100;
  storage::JobFilter filter;
  filter.key = id;
  json::array all;
  for (const auto& job : storage::list_jobs(reader, filter, 0, most)) {
    json::object row{{"kind", job.kind}, {"state", storage::name_of(job.state)}};
    add_time(row, "asked", job.created_ms);
    add_time(row, "ended", job.finished_ms);
    row["waits_for"] = text_or_null(clean(job.wait_reason));
    row["last_error"] = text_or_null(clean(job.last_error));
    all.push_back(std::move(row));
  }
  return all;
}

json::array files_of(const storage::Reader& reader, const std::string& id) {
  json::array all;
  for (const auto& file : storage::list_files(reader, id)) {
    all.push_back(json::object{
        {"name", file.name}, {"id", file.remote_id}, {"md5", file.md5}, {"bytes", file.size}});
  }
  return all;
}

// On its way there, or back.
json::object files_under_way(const storage::Reader& reader, const std::string& id) {
  constexpr std::size_t most = 1'000;
  json::object object{{"upload", nullptr}};
  if (const auto upload = storage::find_upload(reader, id)) {
    object["upload"] = json::object{{"name", upload->name},
                                    {"id", upload->remote_id},
                                    {"md5", upload->md5},
                                    {"bytes", upload->size}};
  }
  json::array doomed;
  for (const auto remote_id : storage::list_doomed(reader, id, most)) doomed.push_back(remote_id);
  object["to_be_removed"] = std::move(doomed);
  return object;
}

json::array repositories_of(const storage::Reader& reader, const std::string& id,
                            const Clean& clean) {
  json::array all;
  for (const auto& each : storage::list_repositories(reader, id)) {
    all.push_back(json::object{{"id", each.id},
                               {"name", each.name},
                               {"url", each.url},
                               {"fork", each.is_fork},
                               {"private", each.is_private},
                               {"commits", each.commits},
                               {"trouble", text_or_null(clean(each.trouble))}});
  }
  return all;
}

// How much of the account's quota was spent for the member.
json::array quotas_of(const storage::Reader& reader, const storage::Member& member) {
  json::array all;
  for (const auto& window : storage::list_quotas(reader)) {
    const bool of_account =
        member.github_id != 0 && window.owner == storage::account_owner(member.github_id);
    if (!of_account && window.owner != storage::unknown_account_owner(member.id)) continue;
    json::object row{{"of", window.owner},       {"resource", window.resource},
                     {"limit", window.limit},    {"remaining", window.remaining},
                     {"spent", window.spent},    {"requests", window.requests},
                     {"refused", window.refused}};
    add_time(row, "resets", window.resets_ms);
    all.push_back(std::move(row));
  }
  return all;
}

json::array ended_grants_of(const storage::Reader& reader, const std::string& id) {
  json::array all;
  for (const auto& doomed : jobs::leave::list_doomed_of(reader, id)) {
    json::object row{{"provider", doomed.provider}};
    add_time(row, "since", doomed.since_ms);
    all.push_back(std::move(row));
  }
  return all;
}

// Where the work stands, as the jobs noted it.
json::object notes_of(const storage::Reader& reader, const std::string& id, const Clean& clean) {
  json::object notes;
  for (const std::string_view name : {"sync", "sync-memory", "connect"}) {
    const auto text = storage::find_cursor(reader, id, name);
    if (!text) continue;
    boost::system::error_code damaged;
    json::value value = json::parse(clean(*text), damaged);
    notes[name] = damaged ? json::value(nullptr) : std::move(value);
  }
  return notes;
}

}  // namespace

json::object export_head(const storage::Reader& reader, const storage::Sealer& sealer,
                         const std::string& id, const Clean& clean) {
  json::object head;
  head["format"] = "tidemark-export/1";
  const auto member = storage::find_member(reader, id);
  if (!member) return head;
  head["member"] = about_member(reader, *member, clean);
  head["grants"] = grants_of(reader, sealer, id);
  head["sessions"] = sessions_of(reader, id);
  head["jobs"] = jobs_of(reader, id, clean);
  head["files_at_open_humans"] = files_of(reader, id);
  head["files_under_way"] = files_under_way(reader, id);
  head["repositories"] = repositories_of(reader, id, clean);
  head["quota"] = quotas_of(reader, *member);
  head["grants_being_ended"] = ended_grants_of(reader, id);
  head["notes"] = notes_of(reader, id, clean);
  return head;
}

}  // namespace tidemark::daemon
