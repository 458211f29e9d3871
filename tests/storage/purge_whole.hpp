#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>

#include "storage/purge.hpp"
#include "storage/store.hpp"

namespace tidemark::storage::test {

// A purge of the store on real threads, to its end or until `goes_on` says no; whether it ended.
inline bool purge_whole(
    Engine& engine, const std::function<bool()>& goes_on = [] { return true; }) {
  const auto pool = make_thread_pool(1, 10);
  Store store(engine, *pool);
  boost::asio::io_context context(1);
  bool done = false;
  auto run = [&]() -> boost::asio::awaitable<void> {
    done = co_await storage::purge(store, goes_on);
  };
  boost::asio::co_spawn(context, run, [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
  return done;
}

}  // namespace tidemark::storage::test
