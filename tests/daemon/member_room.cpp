#include "tests/daemon/member_room.hpp"

#include <boost/test/unit_test.hpp>

#include "jobs/leave/leave_job.hpp"
#include "jobs/sign_in/connect_job.hpp"
#include "storage/rocks/open.hpp"
#include "tests/simulators/serve.hpp"
#include "tests/support/history.hpp"

namespace tidemark::test {

namespace {

daemon::PublicRules rules(const MemberRoom& room) {
  daemon::PublicRules rules;
  rules.url = MemberRoom::site;
  rules.form_targets = {MemberRoom::openhumans, MemberRoom::github};
  rules.proxies = http::TrustedProxies({"10.0.0.0/8"});
  rules.requests_per_minute = room.requests_per_minute;
  return rules;
}

}  // namespace

MemberRoom::MemberRoom(simulators::GithubSettings github_settings, std::size_t commits)
    : world(std::move(github_settings)) {
  settings.url = site;
  settings.secure = true;
  settings.webhook_secret = "secret-of-the-webhook";
  HistorySettings history;
  history.commits = commits;
  history.from_s = 1'735'689'600;   // 2025
  history.until_s = 1'767'225'600;  // 2026
  history.oddities = false;
  for (const std::string& line : make_history(history)) world.world.load_line(line, "");
  world.openhumans.settings().redirect_uris =
      std::string(site) + "/openhumans/complete " + site + "/openhumans/deauth";
}

void MemberRoom::live(const std::function<async::Task<void>(Life&)>& body) {
  world.live([&](SyncWorld::Life& parts) -> async::Task<void> {
    Life life(*this, parts);
    std::exception_ptr error;
    try {
      co_await body(life);
    } catch (...) {
      error = std::current_exception();
    }
    const auto soon = async::Deadline::after(world.simulation.clock(), std::chrono::seconds(5));
    co_await life.arrivals.stop(soon);
    // The kinds of jobs that the life added use its services.
    co_await parts.runner.stop(soon);
    if (error) std::rethrow_exception(error);
  });
}

MemberRoom::Life::Life(MemberRoom& owner, SyncWorld::Life& the_parts)
    : room(owner),
      parts(the_parts),
      sign_in_services{parts.store,  owner.world.sealer, owner.world.simulation.clock(),
                       parts.github, parts.github_oauth, parts.openhumans,
                       parts.ledger, parts.tokens,       parts.attempts},
      arrivals(owner.world.simulation.executor(), owner.world.simulation.clock(), 2'000,
               [](const std::string& name, std::exception_ptr) {
                 BOOST_TEST(false, name << " ended with an error");
               }),
      services{parts.store,
               owner.world.sealer,
               owner.world.simulation.clock(),
               owner.world.simulation.random(),
               parts.runner,
               sign_in_services,
               arrivals,
               log,
               owner.settings},
      router(daemon::make_public_routes(services)),
      door(router, owner.world.simulation.clock(), rules(owner), log, [](const std::string&) {}),
      handler(door.handler()) {
  parts.runner.add(jobs::sign_in::make_connect_job(sign_in_services));
  parts.runner.add(jobs::sign_in::make_tidy_job(sign_in_services));
  parts.runner.add(jobs::leave::make_leave_job(sign_in_services));
  parts.runner.add(jobs::leave::make_disconnect_job(sign_in_services));
}

async::Task<http::Reply> MemberRoom::Life::ask(http::Request request, std::string address) {
  http::Peer peer;
  peer.address = std::move(address);
  if (!request.headers.has("Host")) request.headers.set("Host", "tidemark.test");
  co_return co_await handler(std::move(request), std::move(peer));
}

Browser MemberRoom::Life::browser() {
  return Browser([this](http::Url url, http::Request request) -> async::Task<http::Response> {
    if (url.origin() == site) {
      http::Reply reply = co_await ask(std::move(request));
      if (reply.stream) {
        auto body = std::make_shared<std::string>();
        auto send = [body](std::string_view chunk) -> async::Task<void> {
          body->append(chunk);
          co_return;
        };
        co_await reply.stream(std::move(send));
        reply.response.body = *body;
      }
      co_return std::move(reply.response);
    }
    http::ExchangeOptions options;
    options.deadline =
        async::Deadline::after(room.world.simulation.clock(), std::chrono::seconds(30));
    http::Exchanged answer =
        co_await parts.client.exchange(std::move(url), std::move(request), std::move(options));
    co_return std::move(answer.response);
  });
}

async::Task<std::string> MemberRoom::Life::openhumans_return(Browser& browser, std::string member) {
  room.world.openhumans.add_person(member, room.world.simulation.clock().wall_now());
  browser.set_cookie("openhumans.test", "sim_oh", member);
  Browser::Page page = co_await browser.get(std::string(site) + "/openhumans/start");
  const std::string authorize = page.header("Location");
  page = co_await browser.post(authorize, {{"allow", "yes"}});
  co_return page.header("Location");
}

async::Task<Browser::Page> MemberRoom::Life::sign_in(Browser& browser, std::string member) {
  const std::string back = co_await openhumans_return(browser, std::move(member));
  co_return co_await browser.visit(back);
}

namespace {

async::Task<std::string> github_allowed(Browser& browser, std::string login, std::string csrf,
                                        std::string wants_private) {
  browser.set_cookie("github.test", "sim_github", login);
  const http::Form form{{"csrf", std::move(csrf)}, {"private", std::move(wants_private)}};
  Browser::Page page =
      co_await browser.post(std::string(MemberRoom::site) + "/github/connect", form);
  const std::string authorize = page.header("Location");
  page = co_await browser.get(authorize);
  if (page.status == 200) {
    http::Form yes{{"allow", "yes"}, {"scope_repo", "yes"}};
    page = co_await browser.post(authorize, std::move(yes));
  }
  co_return page.header("Location");
}

}  // namespace

async::Task<std::string> MemberRoom::Life::github_return(Browser& browser, std::string login) {
  const Browser::Page page = co_await browser.get(std::string(site) + "/member");
  co_return co_await github_allowed(browser, std::move(login), page.hidden("csrf"), "no");
}

async::Task<Browser::Page> MemberRoom::Life::connect(Browser& browser, std::string login,
                                                     std::string wants_private) {
  const Browser::Page page = co_await browser.get(std::string(site) + "/member");
  const std::string back = co_await github_allowed(browser, std::move(login), page.hidden("csrf"),
                                                   std::move(wants_private));
  co_return co_await browser.visit(back);
}

storage::Member MemberRoom::Life::member(const std::string& id) { return room.world.member(id); }

storage::Token MemberRoom::Life::token(const std::string& id, const std::string& provider) {
  storage::Token token;
  room.world.engine->read([&](const storage::Reader& reader) {
    token = storage::find_token(reader, room.world.sealer, id, provider).value();
  });
  return token;
}

std::uint64_t MemberRoom::Life::commits(const std::string& id) {
  std::uint64_t count = 0;
  room.world.engine->read(
      [&](const storage::Reader& reader) { count = storage::week_counts(reader, id).commits; });
  return count;
}

bool MemberRoom::Life::knows(const std::string& id) {
  bool known = false;
  room.world.engine->read(
      [&](const storage::Reader& reader) { known = storage::find_member(reader, id).has_value(); });
  return known;
}

std::size_t MemberRoom::Life::rows() {
  std::size_t count = 0;
  room.world.engine->read([&](const storage::Reader& reader) {
    for (int table = 0; table <= 17; ++table) {
      reader.scan(static_cast<storage::Table>(table), "", "", [&](auto, auto) {
        ++count;
        return true;
      });
    }
  });
  return count;
}

async::Task<void> MemberRoom::Life::settled(std::string kind, std::string key) {
  while (true) {
    auto find = [&](const storage::Reader& reader) { return storage::find_job(reader, kind, key); };
    const auto job = co_await parts.store.read(std::move(find));
    if (!job || job->state == storage::JobState::done || job->state == storage::JobState::dead) {
      co_return;
    }
    co_await room.world.simulation.clock().sleep_for(std::chrono::milliseconds(50));
  }
}

}  // namespace tidemark::test
