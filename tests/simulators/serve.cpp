#include "tests/simulators/serve.hpp"

#include <functional>
#include <stdexcept>

namespace tidemark::simulators {

namespace {

using Answer = std::function<Outcome(const http::Request&, async::WallTime, const std::string&)>;
using Send = std::function<async::Task<void>(std::string_view)>;

async::Task<void> end_inside_the_body(Send send) {
  co_await send("{\"data\":");
  throw std::runtime_error("the simulator cuts this answer, as a fault asks");
}

// The port of the asker changes with each connection; the anonymous quota goes by address.
std::string address_of(const http::Peer& peer) {
  std::size_t colon = peer.address.rfind(':');
  return colon == std::string::npos ? peer.address : peer.address.substr(0, colon);
}

// A server's own clock: it does not jump when a test sets the daemon's.
class ServerTime {
 public:
  explicit ServerTime(async::Clock& clock)
      : start_(clock.wall_now()), steady_start_(clock.steady_now()) {}
  [[nodiscard]] async::WallTime now(const async::Clock& clock) const {
    auto passed = std::chrono::floor<async::Milliseconds>(clock.steady_now() - steady_start_);
    return start_ + passed;
  }

 private:
  async::WallTime start_;
  async::SteadyTime steady_start_;
};

async::Task<http::Reply> reply(Answer answer, async::Clock& clock, ServerTime time,
                               http::Request request, http::Peer peer) {
  Outcome outcome = answer(request, time.now(clock), address_of(peer));
  if (outcome.delay.count() > 0) co_await clock.sleep_for(outcome.delay);
  http::Reply reply;
  reply.response = std::move(outcome.response);
  if (outcome.cut) {
    reply.response.status = 200;
    reply.response.headers.remove("Content-Encoding");
    reply.stream = end_inside_the_body;
  }
  co_return reply;
}

http::Handler handler(Answer answer, async::Clock& clock) {
  return [answer = std::move(answer), &clock, time = ServerTime(clock)](http::Request request,
                                                                        http::Peer peer) {
    return reply(answer, clock, time, std::move(request), std::move(peer));
  };
}

}  // namespace

http::Handler serve(GithubSimulator& simulator, async::Clock& clock) {
  Answer answer = [&simulator](const http::Request& request, async::WallTime now,
                               const std::string& address) {
    return simulator.answer(request, now, address);
  };
  return handler(std::move(answer), clock);
}

http::Handler serve(OpenHumansSimulator& simulator, async::Clock& clock) {
  Answer answer = [&simulator](const http::Request& request, async::WallTime now,
                               const std::string& address) {
    return simulator.answer(request, now, address);
  };
  return handler(std::move(answer), clock);
}

http::Handler serve(Admin& admin, async::Clock& clock) {
  Answer answer = [&admin](const http::Request& request, async::WallTime now, const std::string&) {
    return Outcome{admin.answer(request, now), async::Milliseconds(0), false};
  };
  return handler(std::move(answer), clock);
}

}  // namespace tidemark::simulators
