#include "daemon/cli/control.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>

#include "http/client.hpp"
#include "http/net.hpp"

namespace tidemark::daemon {

namespace json = boost::json;

namespace {

// `tidemark check` of a large store takes its time; all else answers at once.
constexpr async::Milliseconds answer_ms{60'000};

ExitCode code_of(unsigned status) {
  if (status == 503 || status == 507 || status == 408 || status == 429) return ExitCode::temporary;
  return status < 500 ? ExitCode::refused : ExitCode::failure;
}

json::object parse_object(const http::Response& response) {
  if (response.body.empty()) return {};
  boost::system::error_code error;
  json::value value = json::parse(response.body, error);
  if (error || !value.is_object()) {
    throw CommandFailed(ExitCode::failure,
                        fmt::format("the daemon answered {} with something that is not JSON; are "
                                    "both of the same version?",
                                    response.status));
  }
  return std::move(value.get_object());
}

[[noreturn]] void refuse(const http::Response& response, const json::object& problem) {
  const json::value* detail = problem.if_contains("detail");
  const bool told = detail != nullptr && detail->is_string();
  throw CommandFailed(code_of(response.status),
                      told ? std::string(detail->get_string())
                           : fmt::format("the daemon answered {}", response.status));
}

}  // namespace

struct Control::State {
  explicit State(std::string path)
      : socket(std::move(path)),
        connector(http::make_connector(loop.get_executor(), clock, {})),
        client(loop.get_executor(), clock, *connector, {}, "tidemark/" TIDEMARK_VERSION) {}

  // Throws CommandFailed when no daemon answers.
  http::Response exchange(http::Request request,
                          const std::function<void(std::string_view)>& on_piece = {}) {
    try {
      return exchange_or_throw(std::move(request), on_piece);
    } catch (const http::TransportError& error) {
      if (on_piece && !error.before_sending()) {
        throw CommandFailed(
            ExitCode::failure,
            fmt::format("the answer broke off: {}; what came is not whole", error.what()));
      }
      throw CommandFailed(
          ExitCode::unreachable,
          fmt::format("no daemon answers on {} ({}); start it with: systemctl start tidemark (or "
                      "tidemark serve), or name its socket with --socket",
                      socket, error.what()));
    }
  }

  http::Response exchange_or_throw(http::Request request,
                                   const std::function<void(std::string_view)>& on_piece) {
    http::Url url;
    url.endpoint.host = socket;
    url.target = request.target;
    // Over a socket there is no host to name; what HTTP wants is one all the same.
    request.headers.set("Host", "localhost");
    http::ExchangeOptions options;
    options.deadline =
        on_piece ? async::Deadline::none() : async::Deadline::after(clock, answer_ms);
    options.on_body = on_piece;
    options.idempotent = request.method == "GET";
    std::optional<http::Exchanged> result;
    std::exception_ptr error;
    bool ended = false;
    auto done = [&](std::exception_ptr failure, std::optional<http::Exchanged> exchanged) {
      error = failure;
      result = std::move(exchanged);
      ended = true;
    };
    boost::asio::co_spawn(loop, ask(std::move(url), std::move(request), options), done);
    loop.restart();
    while (!ended && loop.run_one() > 0) {
    }
    if (error) std::rethrow_exception(error);
    return std::move(result->response);
  }

  // In an optional: co_spawn wants a result that can be empty.
  async::Task<std::optional<http::Exchanged>> ask(http::Url url, http::Request request,
                                                  http::ExchangeOptions options) {
    co_return co_await client.exchange(std::move(url), std::move(request), options);
  }

  std::string socket;
  boost::asio::io_context loop;
  async::RealClock clock;
  std::unique_ptr<async::Connector> connector;
  http::Client client;
};

Control::Control(std::string socket) : state_(std::make_unique<State>(std::move(socket))) {}

Control::~Control() {
  state_->client.close();
  state_->loop.restart();
  state_->loop.poll();
}

json::object Control::get(const std::string& target) { return send("GET", target); }

json::object Control::send(const std::string& method, const std::string& target,
                           const std::string& body) {
  http::Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  if (!body.empty()) request.headers.set("Content-Type", "application/json");
  const http::Response response = state_->exchange(std::move(request));
  auto object = parse_object(response);
  if (response.status >= 400) refuse(response, object);
  return object;
}

void Control::stream(const std::string& target,
                     const std::function<void(std::string_view piece)>& on_piece) {
  http::Request request;
  request.target = target;
  const http::Response response = state_->exchange(std::move(request), on_piece);
  if (response.status >= 400) refuse(response, parse_object(response));
}

}  // namespace tidemark::daemon
