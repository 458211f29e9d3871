#pragma once

#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <memory>

#include "http/async/task.hpp"

namespace tidemark::test {

// The coroutine that a test runs: whether it has ended, with what, and a way to cancel it.
class Body {
 public:
  virtual ~Body() = default;
  virtual void cancel() = 0;
  [[nodiscard]] bool ended() const { return ended_; }
  // Throws what the body threw.
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 protected:
  bool ended_ = false;
  std::exception_ptr error_;
};

std::shared_ptr<Body> start_body(boost::asio::io_context& context,
                                 const std::function<async::Task<void>()>& function);

}  // namespace tidemark::test
