#include "tests/simulators/webhooks.hpp"

namespace tidemark::simulators {

namespace {

constexpr std::int64_t answer_ms = 30'000;

// 0: no answer.
async::Task<unsigned> status_of(OutgoingWebhook webhook, http::Client& client,
                                async::Clock& clock) {
  auto url = http::parse_url(webhook.url);
  if (!url) co_return 0;
  http::Request request{"POST", url->target, {}, webhook.body};
  request.headers.set("Content-Type", "application/json");
  if (!webhook.signature.empty()) {
    request.headers.set("X-OpenHumans-Webhooks-Signature", webhook.signature);
  }
  http::ExchangeOptions options;
  options.deadline = async::Deadline::after(clock, async::Milliseconds(answer_ms));
  try {
    http::Exchanged answer = co_await client.exchange(*url, std::move(request), options);
    co_return answer.response.status;
  } catch (const http::TransportError&) {
    co_return 0;
  }
}

}  // namespace

async::Task<void> deliver_webhooks(OpenHumansSimulator& simulator, http::Client& client,
                                   async::Clock& clock) {
  while (auto webhook = simulator.next_webhook()) {
    unsigned status = co_await status_of(*webhook, client, clock);
    simulator.webhook_answered(std::move(*webhook), status, clock.wall_now());
  }
}

}  // namespace tidemark::simulators
