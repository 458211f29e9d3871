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

http::Reply page_of(unsigned status) {
  switch (status) {
    case 404: return problem(404, "Nothing is here", "This page does not exist, or no longer.");
    case 405:
      return problem(405, "That does not work here",
                     "This address is used by the buttons of a page. Please go back to the page.");
    case 408:
      return problem(408, "That took too long",
                     "What your browser sent did not arrive in time. Please try again.");
    case 413: return problem(413, "That was too much", "More was sent than this site takes.");
    case 431:
      return problem(431, "That was too much",
                     "Your browser sent more than this site takes. It helps to delete the cookies "
                     "of this site and to sign in again.");
    case 500:
      return problem(500, "Something is wrong here",
                     "The page could not be made. The operator has been told.");
    case 503:
      return problem(503, "That took too long",
                     "There was no answer in time. Please try again in a few minutes.");
    default: return problem(status, "That was not understood", "The request is malformed.");
  }
}

// The router and the listener speak problem+json; members read pages.
http::Reply as_page(http::Reply reply) {
  const auto type = reply.response.headers.find("Content-Type").value_or("");
  if (reply.stream || !type.starts_with("application/problem+json")) return reply;
  const auto allow = reply.response.headers.find("Allow");
  http::Reply shown = page_of(reply.response.status);
  if (allow) shown.response.headers.set("Allow", std::string(*allow));
  return shown;
}

// A browser that asked without TLS, as its proxy says: our cookies would not be kept there. Over
// TLS browsers send Sec-Fetch-Site, so that a proxy which says the wrong thing makes no circle.
bool lacks_tls(const http::Origin& origin, const http::Request& request) {
  const bool asks_only = request.method == "GET" || request.method == "HEAD";
  return origin.plain && asks_only && request.target.starts_with('/') &&
         !request.headers.has("Sec-Fetch-Site");
}

http::Reply to_https(const std::string& url, const std::string& target) {
  http::Reply reply;
  reply.response.status = 307;
  reply.response.headers.set("Location", url + target);
  return reply;
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
      rates_(rules_.requests_per_minute, secure_),
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
  const auto question = rates_.question_of(request);
  const auto wait_s = is_health ? 0 : rates_.take(origin.address, question, now_ms);
  tell_of_proxy(origin, now_ms);
  http::Reply reply;
  if (wait_s > 0) {
    reply = too_many(wait_s);
  } else if (!is_health &&
             !http::equals_ignoring_case(request.headers.find("Host").value_or(""), host_)) {
    reply = problem(421, "This is another site",
                    "The address that was asked for is not one of this site.");
  } else if (!is_health && secure_ && lacks_tls(origin, request)) {
    reply = to_https(rules_.url, request.target);
  } else {
    peer.address = origin.address;
    reply = co_await routed(std::move(request), std::move(peer));
    rates_.answered(question, reply.response.status);
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

// Once an hour is enough: it goes on until the operator acts.
void PublicDoor::tell_of_proxy(const http::Origin& origin, std::int64_t now_ms) {
  constexpr std::int64_t every_ms = 3'600'000;
  const bool no_tls = secure_ && origin.plain;
  const bool not_trusted = origin.is_forwarded && !origin.is_believed;
  if (!no_tls && !not_trusted) return;
  if (told_of_proxy_ms_ != 0 && now_ms < told_of_proxy_ms_ + every_ms) return;
  told_of_proxy_ms_ = now_ms;
  log_.warning(
      no_tls ? fmt::format("the reverse proxy says that it was asked without TLS, and public.url "
                           "is {}: browsers keep no cookie there. Let it redirect http to https, "
                           "and send X-Forwarded-Proto with how it was asked",
                           rules_.url)
             : fmt::format("{} sends X-Forwarded-For or Forwarded and is not believed. If that is "
                           "your reverse proxy, add it to public.trusted_proxies: until then all "
                           "people behind it count as one address",
                           origin.address));
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

void PublicDoor::unheard(const std::string& name, std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const storage::StoreError& failed) {
    log_.error(fmt::format("{}, for which nobody waits any more: {}", name, failed.what()));
    const bool passes = dynamic_cast<const storage::DiskFull*>(&failed) != nullptr ||
                        dynamic_cast<const storage::CorruptRecord*>(&failed) != nullptr;
    if (!passes) on_fatal_(failed.what());
  } catch (const std::exception& failed) {
    log_.error(fmt::format("{}, for which nobody waits any more: {}", name, failed.what()));
  }
}

void PublicDoor::dress(http::Reply& reply) const {
  reply = as_page(std::move(reply));
  add_headers(reply);
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
