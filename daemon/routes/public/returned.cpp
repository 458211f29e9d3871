#include "daemon/routes/public/returned.hpp"

#include <fmt/format.h>

namespace tidemark::daemon {

namespace {

constexpr std::size_t code_letters_most = 512;

std::string short_word(std::string_view text) { return std::string(text.substr(0, 100)); }

}  // namespace

Returned returned(const PublicServices& services, const http::Call& call,
                  std::string_view provider) {
  Returned result;
  const bool secure = services.settings.secure;
  const auto state = call.query_value("state").value_or("");
  const auto code = call.query_value("code").value_or("");
  result.start =
      find_start(services.sealer, call.request.headers, state, provider, secure, services.now_ms());
  if (code.size() <= code_letters_most) result.code = std::string(code);
  result.error = short_word(call.query_value("error").value_or(""));
  if (result.start) result.end_cookie = end_start_cookie(state, secure);
  return result;
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
    case Arrival::leaving: return "leaving";
    case Arrival::no_member: return "session_ended";
    case Arrival::other_account: return "other_account";
    case Arrival::linked_elsewhere: return "linked_elsewhere";
    case Arrival::scope_missing: return "scope_missing";
    case Arrival::unverified_mail: return "unverified_mail";
  }
  return "start_again";
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
