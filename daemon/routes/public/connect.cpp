#include <fmt/format.h>

#include "daemon/routes/public/returned.hpp"
#include "http/digest.hpp"

namespace tidemark::daemon {

namespace {

using jobs::sign_in::Arrival;
using jobs::sign_in::Arrived;
using storage::MemberState;

std::string redirect_uri(const PublicServices& services) {
  return services.settings.url + "/github/complete";
}

http::Reply send_out(const PublicServices& services, const http::Call& call,
                     const SignInStart& begun, bool choose_account) {
  http::github::AuthorizeQuestion question;
  question.state = begun.state;
  question.code_challenge = http::pkce_challenge(begun.verifier);
  question.redirect_uri = redirect_uri(services);
  // Public work needs no scope at all; GitHub has none that reads private work without writing.
  if (begun.wants_private && services.settings.github_scopes) question.scope = "repo";
  question.choose_account = choose_account;
  return set_out(services, call, begun, services.sign_in.github_oauth.authorize_url(question));
}

async::Task<http::Reply> connect(PublicServices& services, http::Call call) {
  Asking asked = co_await asking(services, call);
  if (asked.refusal) co_return std::move(*asked.refusal);
  const auto& github = services.sign_in.github_oauth;
  if (!github.configured()) {
    co_return problem(
        services, asked.visitor, call,
        {503, "Connecting GitHub is not set up yet",
         "The operator of this site must first enter its GitHub app. Please come back "
         "later.",
         "Your page", "/member"});
  }
  const bool wants_private = http::form_value(asked.form, "private") == "yes";
  const auto begun = begin_start(services.random, "github", asked.visitor.member->id, wants_private,
                                 services.now_ms());
  const bool choose_account = http::form_value(asked.form, "account") == "choose";
  co_return send_out(services, call, begun, choose_account);
}

// The grant that was too wide is ended; GitHub asks the person anew, for public work alone.
http::Reply ask_again(const PublicServices& services, const http::Call& call,
                      const Returned& back) {
  SignInStart begun =
      begin_start(services.random, "github", back.start->member, false, services.now_ms());
  begun.again = true;
  http::Reply reply = send_out(services, call, begun, false);
  reply.response.headers.add("Set-Cookie", back.end_cookie);
  return reply;
}

async::Task<http::Reply> complete(PublicServices& services, http::Call call) {
  const Visitor visitor = co_await visitor_of(services, call);
  const Returned back = returned(services, call, "github");
  if (!visitor.signed_in()) {
    co_return go_back(services, back, "/", visitor.had_session ? "session_ended" : "start_again");
  }
  // Begun in this browser, but by whoever was signed in then.
  if (!back.start || back.start->member != visitor.member->id) {
    co_return go_back(services, back, "/member", "start_again");
  }
  if (!back.error.empty() || back.code.empty()) {
    // The second time they were sent there, the first grant had been ended.
    const auto refused = back.start->again ? "grant_ended" : "github_refused";
    const Registration ours{"GitHub", "github", refused, redirect_uri(services)};
    co_return go_back(services, back, "/member", flash_without_code(services, ours, back));
  }
  auto arriving = jobs::sign_in::arrive_from_github(services.sign_in, visitor.member->id,
                                                    back.start->wants_private,
                                                    return_of(call, back, redirect_uri(services)));
  const Arrived arrived = co_await services.arrivals.run("connect GitHub", std::move(arriving));
  if (arrived.arrival == Arrival::too_wide) co_return ask_again(services, call, back);
  if (arrived.arrival == Arrival::replayed) {
    const bool there = co_await got_there(services, back.start->state);
    if (there) co_return go_back(services, back, "/member", "");
  }
  if (arrived.arrival != Arrival::done) {
    log_end(services.log, fmt::format("member {} could not connect GitHub", visitor.member->id),
            arrived);
    co_return go_back(services, back, "/member", flash_of(arrived.arrival));
  }
  services.runner.wake();
  services.log.info(fmt::format("member {} connected GitHub", visitor.member->id));
  co_return go_back(services, back, "/member", "github_connected");
}

}  // namespace

void add_connect_routes(std::vector<http::Route>& routes, PublicServices& services) {
  routes.push_back(
      {.method = "POST",
       .pattern = "/github/connect",
       .summary = "Sends the browser to GitHub",
       .writes = true,
       .handle = [&services](http::Call call) { return connect(services, std::move(call)); }});
  // The second pair is what the site replaced by this one registered.
  for (const std::string_view pattern :
       {"/github/complete", "/github/complete/", "/github_complete", "/github_complete/"}) {
    routes.push_back(
        {.method = "GET",
         .pattern = std::string(pattern),
         .summary = "Back from GitHub",
         .handle = [&services](http::Call call) { return complete(services, std::move(call)); },
         .answers_head = false});
  }
}

}  // namespace tidemark::daemon
