#include <fmt/format.h>

#include <algorithm>

#include "daemon/routes/answers.hpp"
#include "daemon/routes/routes.hpp"
#include "jobs/leave/doomed.hpp"
#include "jobs/leave/orphans.hpp"
#include "jobs/token_endpoints.hpp"
#include "storage/quota.hpp"
#include "storage/secrets.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

constexpr std::string_view sync_kind = "sync";
constexpr std::uint32_t for_a_person = 10, for_a_member = 50;  // jobs/README.md has them all

struct Grants {
  std::string id;
  storage::Token github, openhumans;
};

std::int64_t expiry_ms(std::int64_t now_ms, std::optional<std::int64_t> seconds) {
  return seconds ? now_ms + *seconds * 1000 : 0;
}

Grants read_grants(BodyReader& body, std::int64_t now_ms) {
  Grants grants;
  grants.id = body.digits("id", 16);
  grants.github.access = body.token("github_token");
  grants.openhumans.access = body.token("openhumans_access_token");
  grants.openhumans.refresh = body.token("openhumans_refresh_token");
  grants.openhumans.expires_ms = expiry_ms(now_ms, body.seconds("openhumans_expires_in_s"));
  if (grants.github.access.empty() && grants.openhumans.access.empty()) {
    body.fail("give github_token, openhumans_access_token, or both");
  }
  if (grants.openhumans.access.empty() && !grants.openhumans.refresh.empty()) {
    body.fail("openhumans_refresh_token needs the openhumans_access_token of the same grant");
  }
  return grants;
}

enum class AddOutcome { added, updated, incomplete, leaving };

struct Added {
  AddOutcome outcome = AddOutcome::incomplete;
  storage::Member member;
  std::optional<storage::Job> job;
};

storage::Job sync_job(const std::string& id, std::uint32_t priority) {
  storage::Job job;
  job.kind = sync_kind;
  job.key = id;
  job.priority = priority;
  return job;
}

// The one before is ended at its provider, unless it goes on in the new one.
void replace_token(storage::Writer& writer, const storage::Sealer& sealer, const std::string& id,
                   std::string_view provider, const storage::Token& token, std::int64_t now_ms) {
  if (token.access.empty()) return;
  const auto old = storage::find_token(writer, sealer, id, provider);
  const bool goes_on = old && (old->access == token.access ||
                               (!old->refresh.empty() && old->refresh == token.refresh));
  if (old && !goes_on) {
    jobs::leave::doom(writer, sealer, id, provider, *old, false, now_ms);
  }
  jobs::leave::spare(writer, provider, token);
  storage::put_token(writer, sealer, id, provider, token);
}

Added add_member(storage::Writer& writer, const storage::Sealer& sealer, const Grants& grants,
                 std::int64_t now_ms) {
  Added added;
  auto known = storage::find_member(writer, grants.id);
  if (!known && grants.openhumans.access.empty()) return added;
  if (known && known->state == storage::MemberState::leaving) {
    added.outcome = AddOutcome::leaving;  // there is no way back
    return added;
  }
  added.outcome = known ? AddOutcome::updated : AddOutcome::added;
  if (known) {
    added.member = std::move(*known);
  } else {
    added.member.id = grants.id;
    added.member.added_ms = now_ms;
  }
  const bool has_github = !grants.github.access.empty() ||
                          storage::find_token(writer, sealer, grants.id, "github").has_value();
  added.member.state =
      has_github ? storage::MemberState::active : storage::MemberState::not_connected;
  added.member.state_reason.clear();
  storage::put_member(writer, added.member);
  replace_token(writer, sealer, grants.id, jobs::github_provider, grants.github, now_ms);
  replace_token(writer, sealer, grants.id, jobs::openhumans_provider, grants.openhumans, now_ms);
  if (!has_github) return added;
  added.job = storage::enqueue_job(writer, sync_job(grants.id, for_a_member), now_ms).job;
  return added;
}

async::Task<http::Reply> add_one(RouteServices& services, http::Call call) {
  const auto now_ms = services.now_ms();
  BodyReader body(call.request.body, {"id", "github_token", "openhumans_access_token",
                                      "openhumans_refresh_token", "openhumans_expires_in_s"});
  const Grants grants = read_grants(body, now_ms);
  if (body.failed()) co_return body.refusal();
  for (const auto& token : {grants.github, grants.openhumans}) {
    services.log.learn_secret(token.access);
    services.log.learn_secret(token.refresh);
  }
  auto work = [&](storage::Writer& writer) {
    return add_member(writer, services.sealer, grants, now_ms);
  };
  const Added added = co_await services.store.write(storage::Durability::now, work);
  if (added.outcome == AddOutcome::incomplete) {
    co_return bad_request(
        "a new member needs openhumans_access_token; GitHub can be "
        "connected later");
  }
  if (added.outcome == AddOutcome::leaving) {
    co_return conflict(
        fmt::format("member {} is being deleted; add them again when that is done", grants.id));
  }
  services.runner.wake();
  const bool fresh = added.outcome == AddOutcome::added;
  services.log.info(fmt::format("member {} {}", grants.id, fresh ? "added" : "given new tokens"));
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  const auto view = member_json(added.member, {}, added.job, now_ms, clean);
  auto reply = json_answer(fresh ? 201 : 200, view);
  if (fresh) reply.response.headers.set("Location", "/v1/members/" + grants.id);
  co_return reply;
}

async::Task<http::Reply> sync_one(RouteServices& services, http::Call call) {
  const std::string& id = call.path_values.at("id");
  const auto now_ms = services.now_ms();
  struct Asked {
    std::optional<storage::Member> member;
    storage::Enqueued enqueued;
  };
  auto work = [&](storage::Writer& writer) {
    Asked asked;
    asked.member = storage::find_member(writer, id);
    if (asked.member && asked.member->state == storage::MemberState::active) {
      asked.enqueued = storage::enqueue_job(writer, sync_job(id, for_a_person), now_ms);
    }
    return asked;
  };
  const Asked asked = co_await services.store.write(storage::Durability::soon, work);
  if (!asked.member) co_return no_such_member(id);
  if (asked.member->state == storage::MemberState::not_connected) {
    co_return conflict(fmt::format(
        "member {} is not connected to GitHub; connect with: tidemark members connect {}", id, id));
  }
  if (asked.member->state == storage::MemberState::leaving) {
    co_return conflict(fmt::format("member {} is being deleted", id));
  }
  if (asked.member->state != storage::MemberState::active) {
    co_return conflict(services.log.clean(
        fmt::format("member {} must sign in again ({}); give new tokens with: tidemark members add "
                    "{}",
                    id, asked.member->state_reason, id)));
  }
  services.runner.wake();
  auto clean = [&services](std::string_view text) { return services.log.clean(text); };
  json::object answer;
  answer["job"] = job_json(asked.enqueued.job, now_ms, clean);
  answer["joined"] = asked.enqueued.joined;
  co_return json_answer(202, answer);
}

async::Task<http::Reply> remove_one(RouteServices& services, http::Call call) {
  const std::string& id = call.path_values.at("id");
  std::vector<std::string> owners;  // whose quota went with the member
  auto work = [&](storage::Writer& writer) {
    const auto member = storage::find_member(writer, id);
    if (!member) return false;
    storage::cancel_jobs(writer, sync_kind, id);
    jobs::leave::remove_member(writer, services.sealer, id, services.now_ms());
    owners = {storage::unknown_account_owner(id)};
    const std::string account = storage::account_owner(member->github_id);
    const auto left = storage::list_quotas(writer);
    const bool shared = std::any_of(left.begin(), left.end(),
                                    [&](const auto& window) { return window.owner == account; });
    if (!shared) owners.push_back(account);
    return true;
  };
  const bool found = co_await services.store.write(storage::Durability::now, work);
  if (!found) co_return no_such_member(id);
  services.runner.wake();  // the job that ends their tokens
  for (const std::string& owner : owners) services.ledger.forget(owner);
  services.log.info(fmt::format("member {} removed with all that was kept of them", id));
  http::Reply reply;
  reply.response.status = 204;
  co_return reply;
}

}  // namespace

void add_member_change_routes(std::vector<http::Route>& routes, RouteServices& services) {
  routes.push_back(
      {.method = "POST",
       .pattern = "/v1/members",
       .summary = "Adds a member with tokens, or gives a known one new tokens",
       .writes = true,
       .handle = [&services](http::Call call) { return add_one(services, std::move(call)); }});
  routes.push_back(
      {.method = "POST",
       .pattern = "/v1/members/{id}/sync",
       .summary = "Syncs a member now; joins the sync under way",
       .writes = true,
       .handle = [&services](http::Call call) { return sync_one(services, std::move(call)); }});
  routes.push_back(
      {.method = "DELETE",
       .pattern = "/v1/members/{id}",
       .summary = "Removes a member with everything kept of them",
       .writes = true,
       .handle = [&services](http::Call call) { return remove_one(services, std::move(call)); }});
}

}  // namespace tidemark::daemon
