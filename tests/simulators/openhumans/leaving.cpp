#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "tests/simulators/moment.hpp"
#include "tests/simulators/openhumans.hpp"

namespace tidemark::simulators {

namespace json = boost::json;

namespace {

// As Python's json.dumps and isoformat write it.
std::string deauthorization(const std::string& member_id, std::int64_t now_ms) {
  std::string moment = format_moment(floor_divide(now_ms, 1000));
  moment.pop_back();  // the Z
  return fmt::format(
      R"({{"project_member_id": "{}", "erasure_requested": true, "timestamp": "{}.{:03}954+00:00"}})",
      member_id, moment, now_ms - floor_divide(now_ms, 1000) * 1000);
}

}  // namespace

void OpenHumansSimulator::leave(const std::string& member_id) {
  for (OpenHumansPair& each : pairs_) {
    if (each.member->id == member_id) each.revoked = true;
  }
  for (Code& each : codes_) {
    if (each.member->id == member_id) each.used = true;
  }
  if (OpenHumansMember* member = find_member(member_id)) member->left = true;
}

// Revoked first, then the webhook, then the files: contracts/openhumans.md, 8.1.
void OpenHumansSimulator::erase(const std::string& member_id, async::WallTime now) {
  leave(member_id);
  if (settings_.deauth_webhook.empty()) {
    erase_files(member_id, milliseconds_of(now));
    return;
  }
  OutgoingWebhook call;
  call.url = settings_.deauth_webhook;
  call.body = deauthorization(member_id, milliseconds_of(now));
  call.member_id = member_id;
  if (!settings_.webhook_secret.empty()) {
    call.signature = "sha1=" + hmac_sha1_hex(settings_.webhook_secret, call.body);
  }
  webhooks_.push_back(std::move(call));
  if (on_webhook_) on_webhook_();
}

void OpenHumansSimulator::erase_files(const std::string& member_id, std::int64_t now_ms) {
  for (StoredFile& each : files_) {
    if (each.member_id != member_id || each.source != source() || each.deleted) continue;
    each.deleted = true;
    note(each, "deleted", now_ms, 0);
  }
}

std::optional<OutgoingWebhook> OpenHumansSimulator::next_webhook() {
  if (webhooks_.empty()) return std::nullopt;
  OutgoingWebhook first = std::move(webhooks_.front());
  webhooks_.pop_front();
  return first;
}

void OpenHumansSimulator::webhook_answered(OutgoingWebhook webhook, unsigned status,
                                           async::WallTime now) {
  sent_webhooks_.push_back({webhook, milliseconds_of(now), status});
  // A refused connection is an error inside the member's own request: the files stay.
  if (status == 0) return;
  bool taken = status >= 200 && status < 300;
  if (!taken && !webhook.second) {
    webhook.second = true;
    webhook.signature.clear();
    webhook.body = json::serialize(json::string(webhook.body));
    webhooks_.push_front(std::move(webhook));
    if (on_webhook_) on_webhook_();
    return;
  }
  erase_files(webhook.member_id, milliseconds_of(now));
}

json::array OpenHumansSimulator::webhooks_as_json() const {
  json::array all;
  for (const SentWebhook& each : sent_webhooks_) {
    all.push_back(json::object{{"at_ms", each.at_ms},
                               {"member", each.webhook.member_id},
                               {"url", each.webhook.url},
                               {"body", each.webhook.body},
                               {"signed", !each.webhook.signature.empty()},
                               {"second", each.webhook.second},
                               {"status", each.status}});
  }
  return all;
}

}  // namespace tidemark::simulators
