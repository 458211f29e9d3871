#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "tests/daemon/member_room.hpp"

namespace tidemark::test {

// The members' pages in a process that can die at every instant that anybody else could notice:
// before and after each commit, and before and after each request to a provider is worked on there.
// A dead process writes nothing and asks nobody any more.
class MortalRoom {
 public:
  using Life = MemberRoom::Life;
  using Body = std::function<async::Task<void>(MortalRoom& room, Life& life, Browser& browser)>;
  // One death: what happened before it, what goes on while the process dies, and what the person
  // does in the next life.
  struct Story {
    Body before, meanwhile, after;
    std::function<void(MortalRoom&)> end;
    bool github_app = false;
  };
  // Tells the story once without a death, and then once for each instant of `meanwhile`.
  // Returns how many there are.
  static std::uint64_t tell(const Story& story);

  explicit MortalRoom(bool github_app);

  [[nodiscard]] bool dead() const { return dead_; }
  // The newest tokens that a provider gave were on no disk when the process died.
  [[nodiscard]] bool answer_lost() const { return dead_ && unstored_; }
  // Until `is_so`, or death.
  async::Task<void> until(std::function<bool()> is_so);
  // Puts a job into the queue and waits for its end.
  async::Task<void> run_job(Life& life, std::string kind, std::string key);
  [[nodiscard]] bool job_is_over(const std::string& kind, const std::string& key);
  [[nodiscard]] std::size_t half_done_sign_ins();

  MemberRoom room;
  std::string back;  // what the browser was doing when the process died

 private:
  class MortalEngine;
  void live(const Body& body, bool mortal);
  [[nodiscard]] bool dies_here(std::string where);
  async::Task<http::Reply> answer(const http::Handler& handler, http::Request request,
                                  http::Peer peer);

  bool armed_ = false, dead_ = false, unstored_ = false;
  std::uint64_t instants_ = 0, die_at_ = 0;
  std::string where_;
  std::map<std::string, std::map<std::string, std::string>> cookies_;
};

}  // namespace tidemark::test
