#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/public_door.hpp"
#include "daemon/routes/public/services.hpp"
#include "jobs/sign_in/services.hpp"
#include "storage/secrets.hpp"
#include "tests/jobs/sync_life.hpp"
#include "tests/support/browser.hpp"

namespace tidemark::test {

// The members' pages with everything real behind them (store, runner, keeper, ledger), both
// simulated providers, and browsers: on simulated time. What sockets add is tested with the binary.
class MemberRoom {
 public:
  static constexpr const char* site = "https://tidemark.test";
  static constexpr const char* openhumans = "https://openhumans.test";
  static constexpr const char* github = "https://github.test";

  explicit MemberRoom(simulators::GithubSettings settings = {}, std::size_t commits = 60);

  // One life of the daemon; a fresh one knows only what the store knows.
  struct Life;
  void live(const std::function<async::Task<void>(Life&)>& body);

  SyncWorld world;
  daemon::PublicSettings settings;
  std::uint64_t requests_per_minute = 1'000'000;
};

struct MemberRoom::Life {
  Life(MemberRoom& room, SyncWorld::Life& parts);

  [[nodiscard]] Browser browser();
  // Through the door, as the listener would.
  async::Task<http::Reply> ask(http::Request request, std::string address = "192.0.2.7:5000");

  // Signs in at both providers as these people and says yes wherever asked; ends on /member.
  async::Task<Browser::Page> sign_in(Browser& browser, std::string member);
  async::Task<Browser::Page> connect(Browser& browser, std::string login,
                                     std::string wants_private = "no");
  // From our start to the provider's answer, which is not yet followed: what it would send the
  // browser back to.
  async::Task<std::string> openhumans_return(Browser& browser, std::string member);
  async::Task<std::string> github_return(Browser& browser, std::string login);

  [[nodiscard]] storage::Member member(const std::string& id);
  [[nodiscard]] storage::Token token(const std::string& id, const std::string& provider);
  [[nodiscard]] std::uint64_t commits(const std::string& id);  // as the store counts them
  [[nodiscard]] bool knows(const std::string& id);
  // Rows of all tables together.
  [[nodiscard]] std::size_t rows();
  // Until no job of that kind and key is unfinished.
  async::Task<void> settled(std::string kind, std::string key);

  MemberRoom& room;
  SyncWorld::Life& parts;
  daemon::Log log{daemon::LogLevel::error, daemon::LogFormat::text};
  jobs::sign_in::SignInServices sign_in_services;
  daemon::Outlive arrivals;
  daemon::PublicServices services;
  http::Router router;
  daemon::PublicDoor door;
  http::Handler handler;
};

}  // namespace tidemark::test
