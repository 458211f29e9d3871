#include <fmt/format.h>

#include "daemon/routes/public/returned.hpp"
#include "http/digest.hpp"

namespace tidemark::daemon {

namespace {

using jobs::sign_in::Arrival;
using jobs::sign_in::Arrived;

std::string redirect_uri(const PublicServices& services) {
  return services.settings.url + "/openhumans/complete";
}

// The enrollment URL: Open Humans links straight to it, so it takes no parameters and asks nothing.
async::Task<http::Reply> start(PublicServices& services, http::Call call) {
  const auto& openhumans = services.sign_in.openhumans;
  if (!openhumans.configured()) {
    co_return problem(services, {}, call,
                      {503, "Signing in is not set up yet",
                       "The operator of this site must first enter its Open Humans project. Please "
                       "come back later.",
                       "To the start", "/"});
  }
  const auto begun = begin_start(services.random, "openhumans", "", false, services.now_ms());
  const auto address = openhumans.authorize_url(begun.state, http::pkce_challenge(begun.verifier),
                                                redirect_uri(services));
  co_return set_out(services, call, begun, address);
}

// Back from Open Humans. Whatever is wrong, the person may start over.
async::Task<http::Reply> complete(PublicServices& services, http::Call call) {
  const Returned back = returned(services, call, "openhumans");
  if (!back.start) {
    const Visitor visitor = co_await visitor_of(services, call);
    co_return go_to(services, visitor.signed_in() ? "/member" : "/", "start_again");
  }
  if (!back.error.empty() || back.code.empty()) {
    const Registration ours{"Open Humans", "openhumans", "openhumans_refused",
                            redirect_uri(services)};
    co_return go_back(services, back, "/", flash_without_code(services, ours, back));
  }
  auto session = std::make_shared<SessionMaker>(services, call);
  auto also = [session](storage::Writer& writer, const storage::Member& member) {
    session->store(writer, member);
  };
  auto arriving = jobs::sign_in::arrive_from_openhumans(
      services.sign_in, return_of(call, back, redirect_uri(services)), std::move(also));
  const Arrived arrived = co_await services.arrivals.run("sign-in", std::move(arriving));
  if (arrived.arrival == Arrival::replayed) {
    const bool there = co_await got_there(services, back.start->state);
    if (there) co_return go_back(services, back, "/member", "");
  }
  if (arrived.arrival != Arrival::done) {
    log_end(services.log, "a sign-in with Open Humans ended", arrived);
    co_return go_back(services, back, "/", flash_of(arrived.arrival));
  }
  services.runner.wake();
  services.log.info(fmt::format("member {} signed in{}", arrived.member.id,
                                arrived.is_new ? " for the first time" : ""));
  auto reply = go_back(services, back, "/member", arrived.is_new ? "welcome" : "signed_in");
  reply.response.headers.add("Set-Cookie", session->cookie(arrived.member.id));
  co_return reply;
}

}  // namespace

void add_sign_in_routes(std::vector<http::Route>& routes, PublicServices& services) {
  routes.push_back(
      {.method = "GET",
       .pattern = "/openhumans/start",
       .summary = "Enrollment: sends the browser to Open Humans",
       .handle = [&services](http::Call call) { return start(services, std::move(call)); }});
  for (const std::string_view pattern : {"/openhumans/complete", "/openhumans/complete/"}) {
    routes.push_back(
        {.method = "GET",
         .pattern = std::string(pattern),
         .summary = "Back from Open Humans",
         .handle = [&services](http::Call call) { return complete(services, std::move(call)); },
         .answers_head = false});
  }
}

}  // namespace tidemark::daemon
