#include "http/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/system/system_error.hpp>
#include <utility>

#include "http/first_of.hpp"
#include "http/router.hpp"

namespace tidemark::http {

Session::Session(std::unique_ptr<async::Connection> connection, Peer peer, async::Clock& clock,
                 const ServerLimits& limits, const Handler& handler, const OnServerError& on_error)
    : connection_(std::move(connection)),
      peer_(std::move(peer)),
      clock_(clock),
      limits_(limits),
      handler_(handler),
      on_error_(on_error) {
  enter(Step::idle, limits_.idle_ms);
}

Session::~Session() = default;

void Session::enter(Step step, async::Milliseconds limit) {
  step_ = step;
  since_ = clock_.steady_now();
  until_ = since_ + limit;
}

void Session::finish_soon() {
  stopping_ = true;
  // A request that is here but not read yet is still answered.
  bool resting = idle() && connection_->quiet();
  if (resting || step_ == Step::stream) connection_->close();
}

async::Task<void> Session::run() {
  std::size_t first = 0;
  try {
    first = co_await first_of(serve(), watch());
  } catch (const boost::system::system_error&) {
    // The peer went away, or we were told to: either way the connection is over.
    connection_->close();
    throw;
  }
  if (first == 1 && step_ == Step::handle) {
    if (on_error_) on_error_(where_, "the handler was stopped: it took longer than its limit");
    co_await refuse(Refusal{503, "/problems/too-slow", "The answer took too long",
                            "The request was given up. Try again later."});
  }
  connection_->close();
}

async::Task<void> Session::watch() {
  auto shortest = std::min({limits_.idle_ms, limits_.handle_ms, limits_.write_ms});
  // Limits also move to earlier moments, so the sleep is cut in pieces.
  auto piece = std::max(shortest / 4, async::Milliseconds(1));
  while (clock_.steady_now() < until_) {
    co_await clock_.sleep_until(std::min(until_, clock_.steady_now() + piece));
  }
}

async::Task<void> Session::serve() {
  while (keep_alive_) {
    enter(Step::idle, limits_.idle_ms);
    std::optional<Request> request = co_await next_request();
    if (!request) co_return;
    co_await answer(std::move(*request));
    if (stopping_) keep_alive_ = false;
  }
  // More requests came than will be served: the last answer must not be lost over them.
  if (!connection_->quiet()) co_await linger();
}

async::Task<void> Session::write(std::string_view bytes) {
  enter(Step::write, limits_.write_ms);
  co_await connection_->write(bytes);
}

async::Task<void> Session::refuse(const Refusal& refusal) {
  keep_alive_ = false;
  Reply reply = problem(refusal.status, refusal.type, refusal.title, refusal.detail);
  if (limits_.on_refusal) limits_.on_refusal(reply);
  begin_head(reply, false);
  out_.append(reply.response.body);
  auto writing = write(out_);
  auto deadline = async::Deadline::after(clock_, limits_.write_ms);
  co_await async::with_deadline(clock_, deadline, "refusing", std::move(writing));
  co_await linger();
}

// Closing while the peer still sends would throw away the answer that it has not read yet.
async::Task<void> Session::linger() {
  constexpr async::Milliseconds patience{1'000};
  constexpr std::size_t bytes_max = 4 * 1024 * 1024;
  connection_->end_writing();
  auto drain = [](Session& self) -> async::Task<void> {
    for (std::size_t drained = 0; drained < bytes_max;) {
      self.buffer_.clear();
      std::size_t count = co_await self.connection_->read_some(self.buffer_.room(1));
      if (count == 0) break;
      drained += count;
    }
  };
  try {
    auto draining = drain(*this);
    auto deadline = async::Deadline::after(clock_, patience);
    co_await async::with_deadline(clock_, deadline, "lingering", std::move(draining));
  } catch (const async::DeadlinePassed&) {
    // Long enough.
  }
}

void Session::report(const std::string& where, const std::exception_ptr& error) const {
  if (!on_error_) return;
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    on_error_(where, thrown.what());
  } catch (...) {
    on_error_(where, "something that is no std::exception was thrown");
  }
}

async::Task<void> serve_connection(std::unique_ptr<async::Connection> connection, Peer peer,
                                   async::Clock& clock, const ServerLimits& limits,
                                   const Handler& handler, const OnServerError& on_error) {
  Session session(std::move(connection), std::move(peer), clock, limits, handler, on_error);
  try {
    co_await session.run();
  } catch (const boost::system::system_error&) {
    // A peer that goes away is no fault; a cancellation shows at the caller's next step.
  } catch (const async::DeadlinePassed&) {
  }
}

}  // namespace tidemark::http
