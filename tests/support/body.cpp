#include "tests/support/body.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

namespace tidemark::test {

namespace asio = boost::asio;

namespace {

class SpawnedBody final : public Body {
 public:
  void cancel() override { cancellation_.emit(asio::cancellation_type::terminal); }
  asio::cancellation_slot slot() { return cancellation_.slot(); }
  void end(const std::exception_ptr& error) {
    ended_ = true;
    error_ = error;
  }

 private:
  asio::cancellation_signal cancellation_;
};

// As in TaskGroup: no executor of its own, so that a cancellation goes straight to the coroutine.
struct BodyEnd {
  using cancellation_slot_type = asio::cancellation_slot;
  cancellation_slot_type get_cancellation_slot() const noexcept { return body->slot(); }
  void operator()(const std::exception_ptr& error) const { body->end(error); }

  std::shared_ptr<SpawnedBody> body;
};

}  // namespace

std::shared_ptr<Body> start_body(asio::io_context& context,
                                 const std::function<async::Task<void>()>& function) {
  auto body = std::make_shared<SpawnedBody>();
  asio::co_spawn(context.get_executor(), function, BodyEnd{body});
  return body;
}

}  // namespace tidemark::test
