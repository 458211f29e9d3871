#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>
#include <stdexcept>
#include <string>

#include "tests/support/body.hpp"

namespace tidemark::test {

namespace {

void run_until_ended(boost::asio::io_context& context, const Body& body,
                     std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!body.ended() && std::chrono::steady_clock::now() < until) {
    context.restart();
    context.run_one_until(until);
    if (context.stopped()) return;  // out of work: nothing will ever wake the body
  }
}

}  // namespace

void run(const std::function<async::Task<void>()>& body, std::chrono::milliseconds limit) {
  boost::asio::io_context context(1);
  std::shared_ptr<Body> started = start_body(context, body);
  run_until_ended(context, *started, limit);
  if (!started->ended()) {
    // Lets the body clean up before its frames are destroyed with the context.
    started->cancel();
    run_until_ended(context, *started, std::chrono::seconds(1));
    std::string after = started->ended() ? "" : "; nor does it react to cancellation";
    throw std::runtime_error("the body did not end within " + std::to_string(limit.count()) +
                             " ms, or waits for what nobody will do" + after);
  }
  started->rethrow();
}

}  // namespace tidemark::test
