#include "http/client.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "http/exchange.hpp"
#include "http/head.hpp"
#include "http/pool.hpp"

namespace tidemark::http {

namespace {

using Step = TransportError::Step;

std::string host_field(const Url& url) {
  if (url.endpoint.host.starts_with('/')) return "localhost";
  std::string origin = url.origin();  // leaves the default port out, as servers expect
  return origin.substr(origin.find("://") + 3);
}

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 307 || status == 308;
}

// Where an answer sends us, if we may go there.
std::optional<Url> next_address(const Exchanged& exchanged, const std::string& method) {
  if (!is_redirect(exchanged.response.status)) return std::nullopt;
  if (method != "GET" && method != "HEAD") return std::nullopt;
  auto location = exchanged.response.headers.find("Location");
  if (!location) return std::nullopt;
  auto next = resolve_url(exchanged.url, *location);
  if (next && exchanged.url.endpoint.tls && !next->endpoint.tls) return std::nullopt;
  return next;
}

// What was meant for one origin is not told to another.
void forget_secrets(Headers& headers) {
  for (std::string_view name : {"Authorization", "Cookie", "Proxy-Authorization", "Host"}) {
    headers.remove(name);
  }
}

}  // namespace

struct Client::State {
  State(async::Executor executor, async::Clock& its_clock, async::Connector& connector,
        ClientLimits its_limits, std::string agent)
      : clock(its_clock),
        limits(its_limits),
        user_agent(std::move(agent)),
        pool(std::make_shared<ConnectionPool>(std::move(executor), its_clock, connector,
                                              its_limits)) {}

  async::Task<Exchanged> exchange_following(Url url, Request& request, ExchangeOptions options);
  async::Task<Exchanged> exchange_once(const Url& url, const Request& request,
                                       const ExchangeOptions& options);
  Outgoing outgoing(const Url& url, const Request& request, const ExchangeOptions& options) const;
  Headers own_headers(const Url& url, const Request& request) const;

  async::Clock& clock;
  ClientLimits limits;
  std::string user_agent;
  std::shared_ptr<ConnectionPool> pool;
  std::uint64_t exchanges = 0, stale_retries = 0;
};

Client::Client(async::Executor executor, async::Clock& clock, async::Connector& connector,
               ClientLimits limits, std::string user_agent)
    : state_(std::make_shared<State>(std::move(executor), clock, connector, limits,
                                     std::move(user_agent))) {}

Client::~Client() { close(); }

void Client::close() { state_->pool->close(); }

Client::Statistics Client::statistics() const {
  Statistics now = state_->pool->statistics();
  now.exchanges = state_->exchanges;
  now.stale_retries = state_->stale_retries;
  return now;
}

async::Task<Exchanged> Client::exchange(Url url, Request request, ExchangeOptions options) {
  std::shared_ptr<State> state = state_;
  ++state->exchanges;
  const Url asked = url;  // redirects change it
  try {
    auto work = state->exchange_following(std::move(url), request, options);
    co_return co_await async::with_deadline(state->clock, options.deadline, "exchange",
                                            std::move(work));
  } catch (const async::DeadlinePassed&) {
    throw TransportError(Step::deadline, fmt::format("{}: no whole answer came before the deadline",
                                                     name_of(request, asked)));
  }
}

async::Task<Exchanged> Client::State::exchange_following(Url url, Request& request,
                                                         ExchangeOptions options) {
  bool all_permanent = true;
  for (unsigned redirects = 0;; ++redirects) {
    Exchanged exchanged = co_await exchange_once(url, request, options);
    std::optional<Url> next;
    if (redirects < options.redirects_max) next = next_address(exchanged, request.method);
    if (!next) {
      exchanged.moved_permanently = redirects > 0 && all_permanent;
      co_return exchanged;
    }
    unsigned status = exchanged.response.status;
    all_permanent = all_permanent && (status == 301 || status == 308);
    if (next->endpoint != url.endpoint) forget_secrets(request.headers);
    url = std::move(*next);
  }
}

async::Task<Exchanged> Client::State::exchange_once(const Url& url, const Request& request,
                                                    const ExchangeOptions& options) {
  Outgoing message = outgoing(url, request, options);
  std::optional<Lease> place = pool->try_acquire(url.endpoint);
  if (!place) place.emplace(co_await pool->acquire(url.endpoint));
  Lease& lease = *place;
  bool kept_alive = lease.take_idle(!options.idempotent);
  if (!kept_alive) co_await lease.connect(options.deadline);

  std::optional<Answer> answer;
  bool answered = false;
  try {
    answer = co_await exchange_on(lease.wire(), clock, message, answered);
  } catch (const TransportError& error) {
    bool closed_meanwhile =
        kept_alive && !answered && (error.step() == Step::write || error.step() == Step::read);
    if (!closed_meanwhile || !options.idempotent) throw;
  }
  if (!answer) {
    ++stale_retries;
    co_await lease.connect(options.deadline);
    answer = co_await exchange_on(lease.wire(), clock, message, answered);
  }
  if (answer->reusable) lease.keep();
  Exchanged exchanged;
  exchanged.response = std::move(answer->response);
  exchanged.url = url;
  exchanged.sent = answer->sent;
  exchanged.received = answer->received;
  co_return exchanged;
}

Headers Client::State::own_headers(const Url& url, const Request& request) const {
  Headers own;
  if (!request.headers.has("Host")) own.add("Host", host_field(url));
  if (!request.headers.has("User-Agent")) own.add("User-Agent", user_agent);
  if (!request.headers.has("Accept-Encoding")) own.add("Accept-Encoding", "gzip, deflate");
  return own;
}

Outgoing Client::State::outgoing(const Url& url, const Request& request,
                                 const ExchangeOptions& options) const {
  Outgoing message{request, url, {}, limits.header_bytes, limits.body_bytes, options.on_body};
  if (options.body_bytes_max > 0) message.body_bytes_max = options.body_bytes_max;
  append_request_head(message.head, request, url.target, own_headers(url, request));
  return message;
}

}  // namespace tidemark::http
