#include "jobs/leave/doomed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "jobs/leave/leave_job.hpp"
#include "jobs/sign_in/held_tokens.hpp"
#include "jobs/token_endpoints.hpp"
#include "storage/accounts.hpp"
#include "storage/cursors.hpp"
#include "storage/jobs.hpp"
#include "storage/members.hpp"

namespace tidemark::jobs::leave {

namespace json = boost::json;
using sign_in::wall_ms;
using storage::Durability;
using Verdict = TokenAnswer::Verdict;

namespace {

constexpr std::string_view cursor_name = "doomed";
constexpr std::uint32_t priority = 50;
constexpr std::int64_t client_wait_ms = 600'000;
constexpr std::int64_t expiry_margin_ms = 60'000;
constexpr std::size_t orphans_at_once = 100, members_at_once = 500;

void put_list(storage::Writer& writer, std::string_view member,
              const std::vector<DoomedToken>& list) {
  if (list.empty()) return storage::erase_cursor(writer, member, cursor_name);
  json::array rows;
  for (const DoomedToken& each : list) {
    rows.push_back(json::object{
        {"owner", each.owner}, {"provider", each.provider}, {"whole_grant", each.whole_grant}});
  }
  storage::put_cursor(writer, member, cursor_name, json::serialize(rows));
}

void strike_off(storage::Writer& writer, std::string_view member, const DoomedToken& token) {
  std::vector<DoomedToken> list = list_doomed_of(writer, member);
  std::erase_if(list, [&](const DoomedToken& each) {
    return each.owner == token.owner && each.provider == token.provider;
  });
  storage::erase_token(writer, token.owner, token.provider);
  put_list(writer, member, list);
}

struct Sentence {
  DoomedToken doomed;
  std::optional<storage::Token> token;
  bool whole_grant = false;
};

// The grant is spared when it holds somebody's live token: the member has connected again, or the
// account is another member's too.
std::optional<Sentence> next_sentence(const storage::Reader& reader, const storage::Sealer& sealer,
                                      const std::string& member) {
  const std::vector<DoomedToken> list = list_doomed_of(reader, member);
  if (list.empty()) return std::nullopt;
  Sentence next{list.front(), {}, false};
  next.token = storage::find_token(reader, sealer, next.doomed.owner, next.doomed.provider);
  const auto row = storage::find_member(reader, member);
  const bool alone =
      !row || row->github_id == 0 || storage::members_of_account(reader, row->github_id).size() < 2;
  const bool connected = storage::find_token(reader, sealer, member, github_provider).has_value();
  next.whole_grant = next.doomed.whole_grant && alone && !connected;
  return next;
}

bool is_over(const TokenAnswer& answer) {
  return answer.verdict == Verdict::ok || answer.verdict == Verdict::dead;
}

RunResult failed(const std::string& provider, const TokenAnswer& answer, std::int64_t now_ms) {
  if (answer.verdict == Verdict::client_refused) {
    return Suspended{now_ms + client_wait_ms, answer.message};
  }
  return Failed{fmt::format("ending a token at {}: {}", title_of(provider), answer.message), true,
                true};
}

// GitHub takes an expired token for one that is not there, and its refresh token would live on.
async::Task<TokenAnswer> revive(sign_in::SignInServices& services, Sentence& sentence) {
  TokenEndpoints endpoints = sign_in::endpoints_of(services);
  TokenAnswer answer =
      co_await endpoints.refresh(sentence.doomed.provider, sentence.token->refresh);
  if (answer.verdict != Verdict::ok) co_return answer;
  sentence.token = answer.token;
  auto keep = [&](storage::Writer& writer) {
    storage::put_token(writer, services.sealer, sentence.doomed.owner, sentence.doomed.provider,
                       answer.token);
  };
  // The lease is not asked: a pair must not be lost with it.
  co_await services.store.write(Durability::now, std::move(keep));
  co_return answer;
}

async::Task<TokenAnswer> execute(sign_in::SignInServices& services, Sentence sentence) {
  if (!sentence.token) co_return TokenAnswer{};
  const storage::Token& token = *sentence.token;
  const bool expired =
      token.expires_ms != 0 && token.expires_ms < wall_ms(services.clock) + expiry_margin_ms;
  const bool revivable = sentence.doomed.provider == github_provider && !token.refresh.empty() &&
                         services.github_oauth.configured();
  if (expired && revivable) {
    TokenAnswer revived = co_await revive(services, sentence);
    if (revived.verdict != Verdict::ok) co_return revived;
  }
  TokenEndpoints endpoints = sign_in::endpoints_of(services);
  if (sentence.whole_grant)
    co_return co_await endpoints.revoke_github_grant(sentence.token->access);
  co_return co_await endpoints.revoke(sentence.doomed.provider, *sentence.token);
}

std::vector<DoomedToken> find_orphans(const storage::Reader& reader) {
  std::vector<DoomedToken> orphans;
  for (auto& [owner, provider] : storage::list_doomed_tokens(reader, orphans_at_once)) {
    orphans.push_back({std::move(owner), std::move(provider), false});
  }
  std::string after;
  while (!orphans.empty()) {
    const auto members = storage::list_members(reader, after, members_at_once);
    for (const storage::Member& member : members) {
      for (const DoomedToken& listed : list_doomed_of(reader, member.id)) {
        std::erase_if(orphans, [&](const DoomedToken& each) { return each.owner == listed.owner; });
      }
    }
    if (members.size() < members_at_once) break;
    after = members.back().id;
  }
  return orphans;
}

}  // namespace

void doom_here(storage::Writer& writer, const storage::Sealer& sealer, std::string_view member,
               std::string_view provider, const storage::Token& token, bool whole_grant) {
  DoomedToken doomed;
  doomed.owner = storage::put_doomed_token(writer, sealer, provider, token);
  doomed.provider = provider;
  doomed.whole_grant = whole_grant;
  std::vector<DoomedToken> list = list_doomed_of(writer, member);
  for (DoomedToken& each : list) {
    if (each.owner != doomed.owner || each.provider != doomed.provider) continue;
    each.whole_grant = each.whole_grant || whole_grant;
    return put_list(writer, member, list);
  }
  list.push_back(std::move(doomed));
  put_list(writer, member, list);
}

void doom(storage::Writer& writer, const storage::Sealer& sealer, std::string_view member,
          std::string_view provider, const storage::Token& token, bool whole_grant,
          std::int64_t now_ms) {
  doom_here(writer, sealer, member, provider, token, whole_grant);
  storage::Job job;
  job.kind = disconnect_kind;
  job.key = member;
  job.priority = priority;
  storage::enqueue_job(writer, std::move(job), now_ms);
}

std::vector<DoomedToken> list_doomed_of(const storage::Reader& reader, std::string_view member) {
  std::vector<DoomedToken> list;
  const auto text = storage::find_cursor(reader, member, cursor_name);
  if (!text) return list;
  const json::value rows = json::parse(*text);
  for (const json::value& row : rows.as_array()) {
    DoomedToken each;
    each.owner = std::string(row.at("owner").as_string());
    each.provider = std::string(row.at("provider").as_string());
    each.whole_grant = row.at("whole_grant").as_bool();
    list.push_back(std::move(each));
  }
  return list;
}

void erase_doomed_of(storage::Writer& writer, std::string_view member) {
  for (const DoomedToken& each : list_doomed_of(writer, member)) strike_off(writer, member, each);
}

async::Task<std::optional<RunResult>> revoke_doomed(sign_in::SignInServices& services, Run& run,
                                                    std::string member) {
  while (true) {
    auto next = [&](const storage::Reader& reader) {
      return next_sentence(reader, services.sealer, member);
    };
    std::optional<Sentence> sentence = co_await services.store.read(std::move(next));
    if (!sentence) co_return std::nullopt;
    if (run.stopping()) co_return Suspended{wall_ms(services.clock), "tidemark is stopping"};
    const DoomedToken doomed = sentence->doomed;
    const TokenAnswer answer = co_await execute(services, std::move(*sentence));
    if (!is_over(answer)) co_return failed(doomed.provider, answer, wall_ms(services.clock));
    auto strike = [&](storage::Writer& writer) { strike_off(writer, member, doomed); };
    co_await run.commit(Durability::now, std::move(strike));
  }
}

async::Task<void> revoke_orphans(sign_in::SignInServices& services, Run& run) {
  auto find = [](const storage::Reader& reader) { return find_orphans(reader); };
  const std::vector<DoomedToken> orphans = co_await services.store.read(std::move(find));
  for (const DoomedToken& orphan : orphans) {
    if (run.stopping()) co_return;
    auto load = [&](const storage::Reader& reader) {
      return storage::find_token(reader, services.sealer, orphan.owner, orphan.provider);
    };
    Sentence sentence{orphan, {}, false};
    sentence.token = co_await services.store.read(std::move(load));
    const TokenAnswer answer = co_await execute(services, std::move(sentence));
    if (!is_over(answer)) continue;
    auto drop = [&](storage::Writer& writer) {
      storage::erase_token(writer, orphan.owner, orphan.provider);
    };
    co_await run.commit(Durability::now, std::move(drop));
  }
}

}  // namespace tidemark::jobs::leave
