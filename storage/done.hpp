#pragma once

#include <boost/asio/awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <utility>

namespace tidemark::storage {

// Wakes one waiting coroutine on its own executor, from any thread. Must be called once; what it is
// called with is thrown there. Keeps the coroutine's event loop running until then.
class Done {
 public:
  struct Waiter {
    virtual ~Waiter() = default;
    virtual void wake(std::exception_ptr failure) = 0;
  };

  explicit Done(std::shared_ptr<Waiter> waiter) : waiter_(std::move(waiter)) {}
  void operator()(std::exception_ptr failure = nullptr) const { waiter_->wake(std::move(failure)); }

 private:
  std::shared_ptr<Waiter> waiter_;
};

// Suspends until the Done that `start` gets is called. Not cancellable. `start` must not throw, and
// must live until the returned task ends.
boost::asio::awaitable<void> until_done(const std::function<void(Done)>& start);

}  // namespace tidemark::storage
