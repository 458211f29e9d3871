#include "tests/storage/example_store.hpp"

#include "storage/codec.hpp"
#include "storage/cursors.hpp"
#include "storage/facts.hpp"
#include "storage/files.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"
#include "storage/quota.hpp"
#include "storage/repositories.hpp"
#include "storage/schedules.hpp"
#include "storage/schema.hpp"
#include "storage/secrets.hpp"
#include "storage/sessions.hpp"
#include "storage/sign_ins.hpp"
#include "storage/weeks.hpp"
#include "storage/windows.hpp"
#include "tests/storage/graph_examples.hpp"

namespace tidemark::storage::test {
namespace {

void fill_member(Writer& writer, const std::string& id) {
  Member member;
  member.id = id;
  const auto& person = id == example_member ? example_person : other_person;
  member.login = person.login;
  member.github_id = person.github_id;
  member.first_week = Week{2'900};
  put_member(writer, member);
  const Token github{person.access, person.refresh, 0, ""};
  put_token(writer, example_sealer(), id, "github", github);
  put_session(writer, {id, std::string(64, 'a'), 5, 6, 9});
  SignIn connecting;
  connecting.digest = std::string(64, id.back());
  connecting.provider = "github";
  connecting.member = id;
  begin_sign_in(writer, example_sealer(), connecting, github);
  put_fact(writer, id, {Week{2'900}, FactKind::commit, 1, "R_1 abc", 1, "{}"});
  put_fact(writer, id, {Week{2'900}, FactKind::commit, 2, "R_1 abd", 1, "{}"});
  put_fact(writer, id, {Week{2'900}, FactKind::issue, 2, "url", 1, "{}"});
  put_fact(writer, id, {Week{2'900}, FactKind::day, 2, "2025-07-28", 1, "{}"});
  put_fact(writer, id, {Week{2'901}, FactKind::review, 3, "url", 1, "{}"});
  WeekRecord uploaded;
  uploaded.state = WeekState::uploaded;
  uploaded.commits = 2;
  uploaded.others = 1;
  uploaded.days = 1;
  uploaded.file = "github-2025.json";
  put_week(writer, id, Week{2'900}, uploaded);
  WeekRecord complete;
  complete.state = WeekState::complete;
  complete.others = 1;
  put_week(writer, id, Week{2'901}, complete);
  WeekRecord partial;
  partial.reason = "the answer was cut short";
  partial.commits = 9;
  put_week(writer, id, Week{2'902}, partial);
  // Nothing happened in it: it is in no file.
  WeekRecord empty;
  empty.state = WeekState::uploaded;
  put_week(writer, id, Week{2'903}, empty);
  RemoteFile file;
  file.name = "github-2025.json";
  file.phase = UploadPhase::completed;
  file.remote_id = 17;
  put_file(writer, id, file);
  file.name = "github-2026.json";
  file.phase = UploadPhase::registered;
  file.remote_id = 18;
  put_upload(writer, id, file);
  put_doomed(writer, id, 16);
  Repository repository;
  repository.id = "R_1";
  repository.commits = 2;
  put_repository(writer, id, repository);
  put_cursor(writer, id, "sync", "{}");
  put_window(writer, id, 725, 99);
}

Job claimed(Writer& writer, const std::string& kind, const std::string& key) {
  Job job;
  job.kind = kind;
  job.key = key;
  enqueue_job(writer, std::move(job), 10);
  const auto this_one = [&](const Job& one) { return one.kind == kind; };
  return claim_job(writer, 10, this_one).value();
}

void fill_jobs(Writer& writer, const std::string& id) {
  const auto done = claimed(writer, "sync", id);
  finish_job(writer, done.id, done.fence, 11);
  const auto dead = claimed(writer, "leave", id);
  fail_job(writer, dead.id, dead.fence, "gone", std::nullopt, 11);
  const auto waiting = claimed(writer, "profile", id);
  suspend_job(writer, waiting.id, waiting.fence, 99'999, "waiting for quota", 11);
  (void)claimed(writer, "sync", id);
  Job ready;
  ready.kind = "adopt";
  ready.key = id;
  enqueue_job(writer, std::move(ready), 12);
}

// Nobody's yet, and nobody's any more.
void fill_tokens(Writer& writer) {
  SignIn done;
  done.digest = std::string(64, 'd');
  done.provider = "github";
  begin_sign_in(writer, example_sealer(), done, Token{"taken", "", 0, ""});
  end_sign_in(writer, done.digest);
  SignIn arriving;
  arriving.digest = std::string(64, 'e');
  arriving.provider = "openhumans";
  begin_sign_in(writer, example_sealer(), arriving, Token{"arriving", "refresh", 0, ""});
  put_doomed_token(writer, example_sealer(), "github", Token{"doomed", "", 0, ""});
}

}  // namespace

Sealer example_sealer() {
  KeyRing keys;
  keys.add(1, std::string(32, 'k'));
  return Sealer(keys);
}

void fill_example(Writer& writer) {
  writer.put(Table::meta, "format", ValueWriter(1).u64(store_format).take());
  check_keys(writer, example_sealer(), "key file");
  for (const auto& id : {example_member, std::string("0777")}) {
    fill_member(writer, id);
    fill_jobs(writer, id);
  }
  fill_tokens(writer);
  QuotaWindow quota;
  quota.owner = "github:10308";
  quota.resource = "graphql";
  put_quota(writer, quota);
  Schedule schedule;
  schedule.name = "daily";
  schedule.kind = "sweep";
  schedule.every_ms = 1'000;
  schedule.next_ms = 500;
  define_schedule(writer, schedule);
  fill_example_graph(writer);
}

}  // namespace tidemark::storage::test
