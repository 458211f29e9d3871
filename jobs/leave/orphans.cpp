#include "jobs/leave/orphans.hpp"

#include <boost/json.hpp>

#include "jobs/leave/given_up.hpp"
#include "jobs/leave/sentence.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "jobs/sign_in/held_tokens.hpp"
#include "storage/accounts.hpp"
#include "storage/cursors.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"
#include "storage/purge.hpp"
#include "storage/sign_ins.hpp"

namespace tidemark::jobs::leave {

namespace json = boost::json;
using sign_in::wall_ms;
using storage::Durability;

namespace {

constexpr std::string_view cursor_name = "orphan";  // of the doomed token's owner
constexpr std::size_t orphans_at_once = 100, members_at_once = 500, sign_ins_at_once = 200;

// What must outlive the member's own list.
struct Note {
  bool whole_grant = false;
  std::uint64_t account = 0;  // 0: not known
  std::int64_t since_ms = 0;
};

void put_note(storage::Writer& writer, std::string_view owner, const Note& note) {
  storage::put_cursor(writer, owner, cursor_name,
                      json::serialize(json::object{{"whole_grant", note.whole_grant},
                                                   {"account", note.account},
                                                   {"since_ms", note.since_ms}}));
}

std::optional<Note> find_note(const storage::Reader& reader, std::string_view owner) {
  const auto text = storage::find_cursor(reader, owner, cursor_name);
  if (!text) return std::nullopt;
  try {
    const json::value root = json::parse(*text);
    Note note;
    note.whole_grant = root.at("whole_grant").as_bool();
    note.account = root.at("account").to_number<std::uint64_t>();
    note.since_ms = root.at("since_ms").to_number<std::int64_t>();
    return note;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

// The note names an account.
void erase_orphan(storage::Writer& writer, const DoomedToken& orphan) {
  if (storage::find_cursor(writer, orphan.owner, cursor_name)) storage::owe_purge(writer, {});
  storage::erase_token(writer, orphan.owner, orphan.provider);
  storage::erase_cursor(writer, orphan.owner, cursor_name);
}

// Every member, and whether to go on.
template <class Visit>
void each_member(const storage::Reader& reader, const Visit& visit) {
  std::string after;
  while (true) {
    std::vector<storage::Member> damaged;  // of whom only the id is known
    const auto note = [&](const std::string& id, const std::string&) {
      damaged.emplace_back().id = id;
    };
    const auto members = storage::list_members(reader, after, members_at_once, note);
    for (const auto* some : {&members, &std::as_const(damaged)}) {
      for (const storage::Member& member : *some) {
        if (!visit(member)) return;
      }
    }
    if (members.size() < members_at_once) return;
    after = members.back().id;
  }
}

struct Page {
  std::vector<DoomedToken> orphans;
  std::string last;  // of all doomed tokens looked at; empty: there are no more
};

Page find_orphans(const storage::Reader& reader, const std::string& after) {
  Page page;
  for (auto& [owner, provider] : storage::list_doomed_tokens(reader, orphans_at_once, after)) {
    page.orphans.push_back({std::move(owner), std::move(provider), false, 0});
  }
  if (page.orphans.size() == orphans_at_once) page.last = page.orphans.back().owner;
  if (page.orphans.empty()) return page;
  each_member(reader, [&](const storage::Member& member) {
    for (const DoomedToken& listed : list_doomed_of(reader, member.id)) {
      std::erase_if(page.orphans,
                    [&](const DoomedToken& each) { return each.owner == listed.owner; });
    }
    return true;
  });
  return page;
}

// Somebody may live on this grant: a member of the account, or one who was just given a token and
// whose account is not known yet.
bool is_lived_on(const storage::Reader& reader, const storage::Sealer& sealer,
                 std::uint64_t account) {
  if (account == 0 || !storage::members_of_account(reader, account).empty()) return true;
  bool found = false;
  each_member(reader, [&](const storage::Member& member) {
    found = member.github_id == 0 &&
            storage::find_token(reader, sealer, member.id, github_provider).has_value();
    return !found;
  });
  return found;
}

Sentence sentence_of(const storage::Reader& reader, const storage::Sealer& sealer,
                     const DoomedToken& orphan) {
  Sentence sentence{orphan, {}, false};
  sentence.token = storage::find_token(reader, sealer, orphan.owner, orphan.provider);
  const std::optional<Note> note = find_note(reader, orphan.owner);
  if (!note) return sentence;
  sentence.doomed.since_ms = note->since_ms;
  sentence.whole_grant = note->whole_grant && !is_lived_on(reader, sealer, note->account);
  return sentence;
}

// What its provider said is stored. False: it did not answer as it should.
async::Task<bool> end_one(sign_in::SignInServices& services, Run& run, DoomedToken orphan) {
  const auto load = [&](const storage::Reader& reader) {
    return sentence_of(reader, services.sealer, orphan);
  };
  Sentence sentence = co_await services.store.read(load);
  if (!sentence.token) co_return true;
  const bool settled = co_await services.tokens.settled(orphan.provider, sentence.token->access);
  if (!settled) co_return true;
  sentence = co_await services.store.read(load);
  const TokenAnswer answer = co_await execute(services, sentence);
  const std::int64_t now_ms = wall_ms(services.clock);
  const bool dated = sentence.doomed.since_ms != 0;
  const bool hopeless = dated && is_hopeless(answer, sentence.doomed.since_ms, now_ms);
  const bool over = is_over(answer);
  auto keep = [&](storage::Writer& writer) {
    if (!is_current(writer, services.sealer, sentence)) return;
    if (over || hopeless) erase_orphan(writer, orphan);
    if (!over && hopeless) note_given_up(writer, words_of(orphan, answer), now_ms);
    if (!over && !dated) put_note(writer, orphan.owner, {false, 0, now_ms});
  };
  co_await run.commit(Durability::now, std::move(keep));
  co_return over || answer.verdict == TokenAnswer::Verdict::rejected;
}

void orphan_here(storage::Writer& writer, const storage::Sealer& sealer, std::string_view provider,
                 const storage::Token& token, const Note& note) {
  put_note(writer, storage::put_doomed_token(writer, sealer, provider, token), note);
}

}  // namespace

bool remove_member(storage::Writer& writer, const storage::Sealer& sealer, std::string_view member,
                   std::int64_t now_ms) {
  const auto row = storage::find_member(writer, member);
  if (!row) return false;
  // What was doomed before stays so, without the list that named it.
  for (const DoomedToken& each : list_doomed_of(writer, member)) {
    put_note(writer, each.owner,
             {each.whole_grant, row->github_id, each.since_ms != 0 ? each.since_ms : now_ms});
  }
  for (const auto provider : {github_provider, openhumans_provider}) {
    const auto token = storage::find_token(writer, sealer, member, provider);
    if (!token) continue;
    const bool whole_grant = provider == github_provider;
    orphan_here(writer, sealer, provider, *token, {whole_grant, row->github_id, now_ms});
  }
  std::string after;
  while (true) {
    const auto page = storage::list_sign_ins(writer, after, sign_ins_at_once);
    for (const storage::SignIn& sign_in : page) {
      if (sign_in.member != member) continue;
      const auto token = storage::find_sign_in_token(writer, sealer, sign_in);
      if (token) orphan_here(writer, sealer, sign_in.provider, *token, {false, 0, now_ms});
    }
    if (page.size() < sign_ins_at_once) break;
    after = page.back().digest;
  }
  storage::erase_member(writer, member);
  sign_in::enqueue_tidy(writer, now_ms);
  return true;
}

void spare(storage::Writer& writer, std::string_view provider, const storage::Token& token) {
  erase_orphan(writer, {doomed_owner(token), std::string(provider), false, 0});
}

async::Task<void> revoke_orphans(sign_in::SignInServices& services, Run& run,
                                 sign_in::Silent& silent) {
  std::string after;
  do {
    auto find = [&](const storage::Reader& reader) { return find_orphans(reader, after); };
    const Page page = co_await services.store.read(std::move(find));
    for (const DoomedToken& orphan : page.orphans) {
      if (run.stopping()) co_return;
      if (silent.contains(orphan.provider)) continue;
      const bool answered = co_await end_one(services, run, orphan);
      if (!answered) silent.insert(orphan.provider);
    }
    after = page.last;
  } while (!after.empty());
}

}  // namespace tidemark::jobs::leave
