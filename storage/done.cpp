#include "storage/done.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tidemark::storage {
namespace {

namespace asio = boost::asio;

template <class Handler>
class Waiting final : public Done::Waiter {
 public:
  explicit Waiting(Handler handler)
      : handler_(std::move(handler)), work_(asio::get_associated_executor(handler_)) {}

  // Posting is the last that we do to the loop: what is posted may be the last that it ever runs.
  // So the guard goes with it, and `home` is an executor that counts no work.
  void wake(std::exception_ptr failure) override {
    const asio::any_io_executor home = asio::get_associated_executor(handler_);
    auto resume = [handler = std::move(handler_), failure = std::move(failure),
                   work = std::move(work_)]() mutable { std::move(handler)(std::move(failure)); };
    asio::post(home, std::move(resume));
  }

 private:
  Handler handler_;
  asio::executor_work_guard<asio::any_io_executor> work_;
};

}  // namespace

// No cancellation slot is connected, so an outer cancellation waits, and the result is not lost.
asio::awaitable<void> until_done(const std::function<void(Done)>& start) {
  auto initiate = [&start](auto handler) {
    start(Done(std::make_shared<Waiting<decltype(handler)>>(std::move(handler))));
  };
  const asio::use_awaitable_t<> token;
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(initiate,
                                                                                         token);
}

}  // namespace tidemark::storage
