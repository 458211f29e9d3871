#include "http/first_of.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
// This one does not compile unless async_result.hpp comes first.
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace tidemark::http {

namespace asio = boost::asio;

namespace {

// As in with_deadline: the group must be complete before a member may end or cancel its owner.
async::Task<void> on_next_turn(async::Task<void> task) {
  co_await asio::post(asio::use_awaitable);
  co_await std::move(task);
}

}  // namespace

async::Task<std::size_t> first_of(async::Task<void> first, async::Task<void> second) {
  auto executor = co_await asio::this_coro::executor;
  auto one = asio::co_spawn(executor, on_next_turn(std::move(first)), asio::deferred);
  auto two = asio::co_spawn(executor, on_next_turn(std::move(second)), asio::deferred);
  auto race = asio::experimental::make_parallel_group(std::move(one), std::move(two));
  auto outcome = co_await race.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
  auto& [order, first_failure, second_failure] = outcome;
  if (!first_failure) co_return std::size_t{0};
  std::exception_ptr failure = order[0] == 0 ? first_failure : second_failure;
  if (failure) std::rethrow_exception(failure);
  co_return std::size_t{1};
}

}  // namespace tidemark::http
