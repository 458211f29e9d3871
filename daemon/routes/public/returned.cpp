#include "daemon/routes/public/returned.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "http/digest.hpp"
#include "http/excerpt.hpp"
#include "http/forwarded.hpp"
#include "storage/sign_ins.hpp"

namespace tidemark::daemon {

namespace {

constexpr std::size_t code_letters_most = 512;
constexpr std::int64_t just_now_ms = 60'000;
constexpr std::chrono::milliseconds look_every{100};
constexpr int looks_most = 50;

// Of RFC 6749, 4.1.2.1, and of GitHub: the app is not registered as we use it.
constexpr std::array<std::string_view, 8> of_registration = {"redirect_uri_mismatch",
                                                             "application_suspended",
                                                             "invalid_request",
                                                             "invalid_client",
                                                             "incorrect_client_credentials",
                                                             "unauthorized_client",
                                                             "unsupported_response_type",
                                                             "invalid_scope"};

std::string remedy(const Registration& registration, std::string_view error) {
  if (error == "application_suspended") {
    return fmt::format("{} has suspended the app: its owner must ask there why", registration.name);
  }
  const auto also = error == "redirect_uri_mismatch"
                        ? std::string()
                        : fmt::format(", and compare {}.* with it", registration.section);
  return fmt::format("register {} as the app's callback address at {}{}", registration.redirect_uri,
                     registration.name, also);
}

}  // namespace

jobs::sign_in::Return return_of(const http::Call& call, const Returned& back,
                                std::string redirect_uri) {
  jobs::sign_in::Return result;
  result.state = back.start->state;
  result.code = back.code;
  result.verifier = back.start->verifier;
  result.redirect_uri = std::move(redirect_uri);
  result.state_expires_ms = back.start->expires_ms;
  result.address = http::limited_address(call.peer.address);
  result.again = back.start->again;
  return result;
}

Returned returned(const PublicServices& services, const http::Call& call,
                  std::string_view provider) {
  Returned result;
  const bool secure = services.settings.secure;
  const auto state = call.query_value("state").value_or("");
  const auto code = call.query_value("code").value_or("");
  result.start =
      find_start(services.sealer, call.request.headers, state, provider, secure, services.now_ms());
  if (code.size() <= code_letters_most) result.code = std::string(code);
  result.error = http::excerpt(call.query_value("error").value_or(""), 100);
  result.description = http::excerpt(call.query_value("error_description").value_or(""), 200);
  if (result.start) result.end_cookie = end_start_cookie(state, secure);
  return result;
}

std::string_view flash_without_code(PublicServices& services, const Registration& registration,
                                    const Returned& back) {
  if (back.error.empty()) return "start_again";
  if (back.error == "access_denied") return registration.refused_flash;
  const bool ours = std::ranges::find(of_registration, back.error) != of_registration.end();
  // Anybody can come back with whatever error they like: not a line for each.
  const std::string subject = fmt::format("{} {}", registration.name, ours ? back.error : "");
  if (services.told.due(subject, services.now_ms())) {
    const std::string said =
        fmt::format("a browser came back from {} without a code: {}{}{}", registration.name,
                    back.error, back.description.empty() ? "" : ": ", back.description);
    services.log.warning(
        ours ? fmt::format("{}; if that is so, {}", said, remedy(registration, back.error)) : said);
  }
  if (ours) return "client_refused";
  const bool later = back.error == "server_error" || back.error == "temporarily_unavailable";
  return later ? "provider_outage" : "provider_refused";
}

void log_end(Log& log, const std::string& what, const jobs::sign_in::Arrived& arrived) {
  const bool ours = arrived.arrival == jobs::sign_in::Arrival::client_refused;
  log.write(ours ? LogLevel::error : LogLevel::warning,
            fmt::format("{}: {} ({})", what, name_of(arrived.arrival), arrived.message));
}

std::string_view flash_of(jobs::sign_in::Arrival arrival) {
  using jobs::sign_in::Arrival;
  switch (arrival) {
    case Arrival::done: return "";
    case Arrival::replayed: return "start_again";
    case Arrival::bad_code: return "bad_code";
    case Arrival::client_refused: return "client_refused";
    case Arrival::outage: return "provider_outage";
    case Arrival::busy: return "busy";
    case Arrival::leaving: return "leaving";
    case Arrival::no_member: return "session_ended";
    case Arrival::other_account: return "other_account";
    case Arrival::linked_elsewhere: return "linked_elsewhere";
    case Arrival::scope_missing: return "scope_missing";
    case Arrival::too_wide: return "start_again";
    case Arrival::unverified_mail: return "unverified_mail";
  }
  return "start_again";
}

async::Task<bool> got_there(PublicServices& services, std::string state) {
  const std::string digest = http::sha256_hex(state);
  const auto find = [&](const storage::Reader& reader) {
    return storage::find_sign_in(reader, digest);
  };
  for (int look = 0; look < looks_most; ++look) {
    // A row that a crash left half done: nobody in this life will end it but the job `tidy`.
    const bool nobody_else = services.arrivals.size() == 0;
    const auto row = co_await services.store.read(find);
    const bool fresh = row && services.now_ms() - row->created_ms < just_now_ms;
    if (!fresh) co_return false;
    if (row->phase == storage::SignInPhase::done) co_return true;
    if (nobody_else) co_return false;
    co_await services.clock.sleep_for(look_every);
  }
  co_return false;
}

http::Reply go_back(const PublicServices& services, const Returned& back, std::string_view address,
                    std::string_view flash) {
  http::Reply reply = go_to(services, address, flash);
  if (!back.end_cookie.empty()) reply.response.headers.add("Set-Cookie", back.end_cookie);
  return reply;
}

http::Reply set_out(const PublicServices& services, const http::Call& call,
                    const SignInStart& start, std::string_view address) {
  http::Reply reply = go_to(services, address);
  const bool secure = services.settings.secure;
  for (auto& cookie : start_cookies(services.sealer, start, call.request.headers, secure)) {
    reply.response.headers.add("Set-Cookie", std::move(cookie));
  }
  return reply;
}

}  // namespace tidemark::daemon
