#include "daemon/public_door.hpp"

#include <fmt/format.h>

#include "daemon/outlive.hpp"
#include "daemon/pages/views.hpp"
#include "daemon/routes/public/answers.hpp"
#include "http/url.hpp"
#include "storage/engine.hpp"
#include "storage/pool.hpp"

namespace tidemark::daemon {

namespace {

http::Reply problem(unsigned status, std::string title, std::string detail) {
  const pages::Problem what{status, std::move(title), std::move(detail), "To the start", "/"};
  return page(status, pages::problem_page(pages::Frame{}, what));
}

http::Reply too_many(std::int64_t wait_s) {
  auto reply = problem(429, "Too many requests",
                       fmt::format("Your address asks more often than this site can take. Please "
                                   "wait {} seconds and try again.",
                                   wait_s));
  reply.response.headers.set("Retry-After", std::to_string(wait_s));
  return reply;
}

http::Reply busy() {
  auto reply =
      problem(503, "Busy just now",
              "There is more to do than this site can take. Please try again in a moment.");
  reply.response.headers.set("Retry-After", "2");
  return reply;
}

// The router speaks problem+json; members read pages.
http::Reply as_page(http::Reply reply) {
  const unsigned status = reply.response.status;
  const auto type = reply.response.headers.find("Content-Type").value_or("");
  if (reply.stream || !type.starts_with("application/problem+json")) return reply;
  const auto allow = reply.response.headers.find("Allow");
  const std::string allowed(allow.value_or(""));
  http::Reply shown =
      status == 404 ? problem(404, "Nothing is here", "This page does not exist, or no longer.")
      : status == 405
          ? problem(405, "That does not work here",
                    "This address is used by the buttons of a page. Please go back to the page.")
          : problem(status, "That was not understood", "The address is malformed.");
  if (!allowed.empty()) shown.response.headers.set("Allow", allowed);
  return shown;
}

std::string host_of(const std::string& url) {
  const auto at = url.find("://");
  return at == std::string::npos ? url : url.substr(at + 3);
}

}  // namespace

std::string content_security_policy(const std::vector<std::string>& form_targets) {
  std::string policy =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src "
      "'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
  for (const auto& target : form_targets) policy += " " + target;
  return policy;
}

PublicDoor::PublicDoor(const http::Router& router, async::Clock& clock, PublicRules rules, Log& log,
                       Door::OnFatal on_fatal)
    : router_(router),
      clock_(clock),
      rules_(std::move(rules)),
      host_(host_of(rules_.url)),
      policy_(content_security_policy(rules_.form_targets)),
      secure_(rules_.url.starts_with("https://")),
      limits_(rules_.requests_per_minute),
      log_(log),
      on_fatal_(std::move(on_fatal)) {}

http::Handler PublicDoor::handler() {
  return [this](http::Request request, http::Peer peer) {
    return answer(std::move(request), std::move(peer));
  };
}

async::Task<http::Reply> PublicDoor::answer(http::Request request, http::Peer peer) {
  const auto origin =
      http::origin_of(http::address_without_port(peer.address), request.headers, rules_.proxies);
  const auto now_ms = clock_.wall_now().time_since_epoch().count();
  const bool is_health = request.target == "/health";
  const auto wait_s = is_health ? 0 : limits_.take(origin.address, now_ms);
  http::Reply reply;
  if (wait_s > 0) {
    reply = too_many(wait_s);
  } else if (!is_health &&
             !http::equals_ignoring_case(request.headers.find("Host").value_or(""), host_)) {
    reply = problem(421, "This is another site",
                    "The address that was asked for is not one of this site.");
  } else {
    peer.address = origin.address;
    reply = co_await routed(std::move(request), std::move(peer));
  }
  add_headers(reply);
  co_return reply;
}

async::Task<http::Reply> PublicDoor::routed(http::Request request, http::Peer peer) {
  http::Reply reply;
  std::exception_ptr error;
  try {
    reply = co_await router_(std::move(request), std::move(peer));
  } catch (...) {
    error = std::current_exception();
  }
  if (error) co_return of_outage(error);
  co_return as_page(std::move(reply));
}

http::Reply PublicDoor::of_outage(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const storage::PoolFull&) {
    return busy();
  } catch (const TooMany&) {
    return busy();
  } catch (const storage::DiskFull& full) {
    log_.warning(full.what());
    return problem(507, "No room just now",
                   "This site's disk is full, and nothing can be written. What was kept is safe. "
                   "Please try again later.");
  } catch (const storage::CorruptRecord& corrupt) {
    log_.error(corrupt.what());
    return problem(500, "Something is wrong here",
                   "A record could not be read. The operator has been told.");
  } catch (const storage::StoreError& failed) {
    on_fatal_(failed.what());
    return busy();
  }
}

void PublicDoor::add_headers(http::Reply& reply) const {
  auto& headers = reply.response.headers;
  headers.set("Content-Security-Policy", policy_);
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("X-Frame-Options", "DENY");
  // Not no-referrer: with it browsers send forms with "Origin: null".
  headers.set("Referrer-Policy", "same-origin");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  if (secure_) headers.set("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace tidemark::daemon
